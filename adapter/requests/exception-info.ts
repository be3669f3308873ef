import type { StopDescription } from "../../src/debugger/debugger-types.ts";
import { trapText } from "../convert/stop.ts";
import { anyArguments } from "../protocol/arguments.ts";
import type { BodyOf } from "../protocol/commands.ts";
import { noException } from "../session/errors.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";

/** Frames of the text of a stack. */
const mostFrames = 50;

/** What the program stopped at, if that was a trap or an exception that nobody caught. */
export const exceptionInfo = request("exceptionInfo", {
  needs: "stopped",
  progress: "Reading the exception",
  arguments: anyArguments,
  capabilities: { supportsExceptionInfoRequest: true },
  async run(session) {
    const stop = session.program?.stop;
    if (stop?.kind !== "trap" && stop?.kind !== "exception") throw noException();
    const stackTrace = await backtrace(session);
    if (stop.kind === "exception") return exceptionBody(stop, stackTrace);
    const { trap, givesUp: exceptionId = trap } = stop;
    const why = await session.debugger.explainTrap();
    const message = why === undefined ? stop.message : `${stop.message}: ${why}`;
    const details = { message, typeName: exceptionId, stackTrace };
    // Nothing in a guest can catch a trap.
    return { exceptionId, description: trapText({ ...stop, message }), breakMode: "unhandled", details };
  },
});

/** An exception, or an end that the program asks for. */
function exceptionBody(
  { message, how = "uncaught", typeName, object }: StopDescription & { readonly kind: "exception" },
  stackTrace: string,
): BodyOf<"exceptionInfo"> {
  return {
    exceptionId: typeName ?? (how === "exit" ? "exit" : "exception"),
    description: message,
    breakMode: how === "uncaught" ? "unhandled" : "always",
    details: {
      message,
      stackTrace,
      ...(typeName === undefined ? {} : { typeName, fullTypeName: typeName }),
      ...(object === undefined ? {} : { evaluateName: object }),
    },
  };
}

/** The stack as text, a line for each frame. Clients make links of its paths: a listing is in no file. */
async function backtrace(session: Session): Promise<string> {
  const { frames, total } = await session.debugger.stackTrace(0, mostFrames);
  const lines = frames.map(({ name, position }) => {
    if (position === undefined) return name;
    const { path, sourceReference = 0 } = session.toSource(position.source);
    return sourceReference > 0 ? name : `${name} at ${path}:${position.line + 1}`;
  });
  if (total > frames.length) lines.push(`and ${total - frames.length} more`);
  return lines.join("\n");
}

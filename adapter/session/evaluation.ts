import type { Abort } from "../../src/base/abort.ts";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import type { EvaluateOptions } from "../../src/symbols/symbols-parts.ts";
import { ExpressionError, type Variable } from "../../src/symbols/variable.ts";
import { badExpression, noFrames, noSuchVariable, notWritable } from "./errors.ts";
import type { Session, VariableContainer } from "./session.ts";

/** How many frames are looked at for one that has variables. */
const enough = 20;

/** The frame the client means: by its number, or the innermost of the program's own. */
export async function findFrame(session: Session, frameId: number | undefined): Promise<Frame> {
  if (frameId !== undefined) return session.frames.find(frameId);
  const { frames } = await session.debugger.stackTrace(0, enough);
  const frame = frames.find(({ kind }) => kind !== "host") ?? frames[0];
  if (frame === undefined) throw noFrames();
  return frame;
}

/** One the client was shown, or else the one it would be shown under that name. */
export async function findChild({ variable, shown }: VariableContainer, name: string): Promise<Variable> {
  const index = /^\[(\d+)\]$/.exec(name)?.[1];
  const found =
    shown.get(name) ??
    (await variable.children("named", 0, variable.named)).find((child) => child.name === name) ??
    (index !== undefined && Number(index) < variable.indexed
      ? (await variable.children("indexed", Number(index), 1))[0]
      : undefined);
  if (found === undefined) throw noSuchVariable(name);
  return found;
}

/**
 * What an expression may do in one of the client's contexts: in the console, where a user asks for it, it may change the
 * program and call its functions, and the client is told; anywhere else it may not.
 */
export function effectsIn(session: Session, context: string | undefined, signal?: Abort): EvaluateOptions {
  return {
    ...(context === "repl" ? { onEffect: () => tellChanged(session) } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** What is wrong with an expression, with the place; any other error as it is. */
export function withPlace(error: unknown, text: string): unknown {
  return error instanceof ExpressionError ? badExpression(error, text) : error;
}

/** Lets the client know that variables may look different now. */
function tellChanged(session: Session): void {
  // A call may have been broken off by the program's end.
  if (session.program?.ended !== false || session.debugger.state !== "paused") return;
  if (session.facts.supportsInvalidatedEvent) session.client.send("invalidated", { areas: ["variables"] });
}

/** Changes a variable and lets the client know that others may look different now. */
export async function assign(session: Session, variable: Variable, text: string): Promise<Variable> {
  if (!variable.writable) throw notWritable(variable.name, variable.unavailable);
  const changed = await variable.assign(text);
  tellChanged(session);
  return changed;
}

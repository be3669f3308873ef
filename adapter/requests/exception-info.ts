import { anyArguments } from "../protocol/arguments.ts";
import { trapText } from "../convert/stop.ts";
import { noException } from "../session/errors.ts";
import { request } from "../session/request.ts";

/** What the program stopped at, if that was a trap or an exception that nobody caught. */
export const exceptionInfo = request("exceptionInfo", {
  needs: "stopped",
  arguments: anyArguments,
  capabilities: { supportsExceptionInfoRequest: true },
  async run({ program }) {
    const stop = program?.stop;
    if (stop?.kind === "trap") {
      const details = { message: stop.message, typeName: stop.trap };
      return { exceptionId: stop.trap, description: trapText(stop), breakMode: "always", details };
    }
    if (stop?.kind !== "exception") throw noException();
    const { message } = stop;
    return { exceptionId: "exception", description: message, breakMode: "unhandled", details: { message } };
  },
});

import { anyArguments, object, optional } from "../protocol/arguments.ts";
import { attachUnsupported } from "../session/errors.ts";
import { launchProgram, refuseAttach } from "../session/lifecycle.ts";
import { request } from "../session/request.ts";

/** Which of the two kinds of attaching is meant; the rest is checked with the configuration. */
const kind = object({ coreFile: optional(anyArguments) });

/** Opens a coredump, which then looks like a program that has stopped. Running programs are refused in words. */
export const attach = request("attach", {
  needs: "initialized",
  arguments: anyArguments,
  async run(session, configuration) {
    const { coreFile } = kind(configuration ?? {}, "arguments");
    if (coreFile === undefined) refuseAttach(session, attachUnsupported());
    await launchProgram(session, configuration);
  },
});

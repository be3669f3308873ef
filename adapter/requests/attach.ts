import { anyArguments, optional } from "../protocol/arguments.ts";
import { attachUnsupported, postMortemUnsupported } from "../session/errors.ts";
import { request } from "../session/request.ts";

/** Refuses in words: there is neither a coredump reader nor a running guest to attach to yet. */
export const attach = request("attach", {
  needs: "initialized",
  arguments: { coreFile: optional(anyArguments) },
  async run({ lifecycle }, { coreFile }) {
    lifecycle.attach(coreFile === undefined ? attachUnsupported() : postMortemUnsupported());
  },
});

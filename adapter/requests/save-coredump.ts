import { optional, string } from "../protocol/arguments.ts";
import { writeCoredump } from "../session/coredump.ts";
import { request } from "../session/request.ts";

/** Writes a coredump of the stop to a file: not of the protocol, for commands of editors. */
export const saveCoredump = request("saveCoredump", {
  needs: "stopped",
  arguments: { path: optional(string) },
  run: (session, { path }) => writeCoredump(session, path),
});

import type { DebugProtocol } from "@vscode/debugprotocol";
import { TargetError } from "../../src/base/errors.ts";
import type { SavedCoredump } from "../launch/coredump-saver.ts";
import type { OpenedCoredump } from "../launch/open-coredump.ts";
import { RequestCancelled } from "../protocol/failure.ts";
import { coredumpNotWritten, noCoredumpOf } from "./errors.ts";
import type { Session } from "./session.ts";

/** What is promised for programs that run and cannot be done with a coredump. */
export const takenBack: DebugProtocol.Capabilities = {
  supportsSetVariable: false,
  supportsSetExpression: false,
  supportsWriteMemoryRequest: false,
  supportsInstructionBreakpoints: false,
};

/** Writes a coredump of a session's stop. @throws {UserError} where there is none to write, or it could not be. */
export async function writeCoredump(session: Session, path: string | undefined): Promise<SavedCoredump> {
  const { launched } = session;
  if (launched.saveCoredump === undefined) throw noCoredumpOf();
  const controller = new AbortController();
  const cancel = () => controller.abort(new RequestCancelled());
  const progress = session.progress.begin({ title: "Writing a coredump", cancel });
  try {
    return await launched.saveCoredump(path, controller.signal);
  } catch (error) {
    if (error instanceof RequestCancelled) throw error;
    if (error instanceof TargetError && error.code === "not-stopped") throw error;
    throw coredumpNotWritten(error instanceof Error ? error.message : String(error));
  } finally {
    progress.end();
  }
}

/** What a user should know about a coredump, a sentence each. */
export function coredumpTexts({ path, dump, stop, problems }: OpenedCoredump): readonly string[] {
  const { tool, time } = dump.notes ?? {};
  const when = time === undefined ? "" : ` on ${new Date(time).toISOString().replace(/\.\d+Z$/, "Z")}`;
  const by = tool === undefined ? "" : `, written by ${tool}${when}`;
  const where =
    stop && (stop.kind === "trap" || stop.kind === "exception") ? "" : (places[stop?.kind ?? "pause"] ?? "");
  return [`${path}${by}${where}: the program is shown as it was and does not run.`, ...problems];
}

const places: Readonly<Record<string, string>> = {
  breakpoint: " at a breakpoint",
  step: " after a step",
  entry: " at the program's entry",
};

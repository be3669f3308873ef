import type { DebugProtocol } from "@vscode/debugprotocol";
import { unreachable } from "../../src/base/errors.ts";
import type { DebugInfoStatus } from "../../src/debuginfo/debug-info.ts";
import { nameOf } from "./path.ts";

/** The only module there is. */
export const moduleId = 1;

/** The module for the client. */
export function toModule(path: string, status: DebugInfoStatus): DebugProtocol.Module {
  return { id: moduleId, name: nameOf(path), path, symbolStatus: toSymbolStatus(status) };
}

/** What debug info a module has, in a few words. */
export function toSymbolStatus(status: DebugInfoStatus): string {
  switch (status.kind) {
    case "dwarf":
      return `DWARF ${status.versions.join(" and ")}, ${status.units} ${status.units === 1 ? "unit" : "units"}`;
    case "source-map":
      return "Source map";
    case "names":
      return "Function names only";
    case "none":
      return "No debug info";
    default:
      return unreachable(status);
  }
}

/** Why no line of this program can be stopped at; `undefined` when lines are known. */
export function noLinesReason(status: DebugInfoStatus): string | undefined {
  if (status.kind === "none") return status.reason;
  if (status.kind !== "names") return undefined;
  return (
    status.reason ??
    "The module has function names but no line information: compile it with -g and link it without stripping. Until then, its code is shown in place of a source."
  );
}

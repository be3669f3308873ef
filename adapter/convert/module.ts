import type { DebugProtocol } from "@vscode/debugprotocol";
import { unreachable } from "../../src/base/errors.ts";
import type { DebugInfoStatus } from "../../src/debuginfo/debug-info.ts";
import { nameOf } from "./path.ts";
import { toCodeReference } from "./reference.ts";

/** The only module there is. */
export const moduleId = 1;

/** What is to be said of a module besides its debug info. */
export interface ModuleFacts {
  /** The other file that its debug info is in. */
  readonly symbolFilePath?: string | undefined;
  /** In hexadecimal. */
  readonly buildId?: string | undefined;
  /** Of its code in the file, the end exclusive. */
  readonly code?: { readonly start: number; readonly end: number };
}

/** The module for the client. */
export function toModule(
  path: string,
  status: DebugInfoStatus,
  { symbolFilePath, buildId, code }: ModuleFacts = {},
): DebugProtocol.Module {
  const range =
    code && code.start < code.end && `${toCodeReference(code.start)}-${toCodeReference(code.end)}`;
  return {
    ...{ id: moduleId, name: nameOf(path), path, symbolStatus: toSymbolStatus(status) },
    ...(symbolFilePath === undefined ? {} : { symbolFilePath }),
    ...(buildId === undefined ? {} : { version: `build ID ${buildId}` }),
    ...(range ? { addressRange: range } : {}),
  };
}

/** What debug info a module has, in a few words. */
export function toSymbolStatus(status: DebugInfoStatus): string {
  switch (status.kind) {
    case "dwarf":
      return `DWARF ${status.versions.join(" and ")}, ${status.units} ${status.units === 1 ? "unit" : "units"}`;
    case "source-map":
      return "source map";
    case "names":
      return "names only";
    case "none":
      return `none: ${status.cause ?? causeIn(status.reason)}`;
    default:
      return unreachable(status);
  }
}

/** The first sentence says why, the others what to do. */
const causeIn = (reason: string): string =>
  reason.replace(/\.(\s.*)?$/s, "").replace(/^The (?=[a-z])/, "the ");

/** Why no line of this program can be stopped at, or none of this source; `undefined` when lines are known. */
export function noLinesReason(status: DebugInfoStatus, path?: string): string | undefined {
  if (status.kind !== "none" && status.kind !== "names") return undefined;
  if (path !== undefined && /\.was?t$/i.test(path)) return noLinesOfText;
  return (
    status.reason ??
    "The module has function names but no line information, so its code is shown in place of a source. If it was compiled, do that with -g, and link it without stripping."
  );
}

const noLinesOfText =
  "Assemblers of the text format write no line information. Breakpoints can be set on functions, and in the listing that is shown in place of a source.";

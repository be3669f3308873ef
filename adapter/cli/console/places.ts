import { toModuleOffset } from "../../../src/base/brand.ts";
import { parsePlace } from "../place.ts";
import type { ConsolePlace } from "./breakpoint-list.ts";
import { CommandError } from "./command-error.ts";
import type { DebugConsole } from "./debug-console.ts";

/**
 * Reads where something is to be done: `FILE:LINE`, `LINE` of the file looked at, `FUNCTION`, `*OFFSET` of an instruction,
 * or nothing for where the program stands.
 *
 * @throws {CommandError} it is none of these.
 */
export async function askedPlaces(console: DebugConsole, text: string): Promise<readonly ConsolePlace[]> {
  if (text === "" || /^\d+$/.test(text)) {
    const line = text === "" ? undefined : Number(text);
    if (line === 0) throw new CommandError("Lines count from 1.");
    const { path, line: here } = await currentLine(console);
    return [{ kind: "line", path, line: line === undefined ? here : line - 1 }];
  }
  const [, offset] = /^\*\s*(0x[0-9a-f]+|\d+)$/i.exec(text) ?? [];
  if (offset !== undefined) return [{ kind: "instruction", offset: toModuleOffset(Number(offset)) }];
  const place = parsePlace(text);
  if (!place) {
    throw new CommandError(`Expected FILE:LINE, LINE, FUNCTION or *OFFSET, but found \`${text}\`.`);
  }
  return [place];
}

/** The source line that is looked at, as its path in the debug info; where the program begins while it does not run. */
export async function currentLine(
  console: DebugConsole,
): Promise<{ readonly path: string; readonly line: number }> {
  if (console.state.kind === "stopped") {
    const { position } = await console.frame();
    if (position) return { path: position.source.path, line: position.line };
    throw new CommandError("No line is known where the program stands: name the file as well.");
  }
  const main = mainLine(console);
  if (!main) throw new CommandError("The program has no line of its own to begin at: name the file as well.");
  return main;
}

/** Where a user's own code begins. */
function mainLine(console: DebugConsole): { readonly path: string; readonly line: number } | undefined {
  const { debugInfo } = console.program;
  const { offset } = debugInfo.statements();
  let first: { readonly path: string; readonly line: number } | undefined;
  const wanted = new Set(["main", "__main_void", "__original_main", "__main_argc_argv"]);
  let main: { readonly from: number; readonly to: number } | undefined;
  for (const { info } of debugInfo.functions?.("main") ?? []) {
    if (!info.hasLines || !(wanted.has(info.name) || /(?:::|\.)main$/.test(info.name))) continue;
    if (main === undefined || info.name === "main") main = info;
  }
  for (const at of offset) {
    const found = debugInfo.locate(at as Parameters<typeof debugInfo.locate>[0]);
    if (!found) continue;
    const place = { path: found.source.path, line: found.line };
    first ??= place;
    if (main && at >= main.from && at < main.to) return place;
  }
  return first;
}

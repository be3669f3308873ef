import type { ModuleOffset } from "../../../../src/base/brand.ts";
import { resolveFunction } from "../../../../src/debugger/function-breakpoints.ts";
import { SourceMatcher } from "../../../../src/debugger/source-matching.ts";
import type { SourceFile } from "../../../../src/debuginfo/debug-info.ts";
import { textOf } from "../../report/stop-report.ts";
import type { CommandGroup } from "../command.ts";
import { CommandError } from "../command-error.ts";
import type { DebugConsole } from "../debug-console.ts";
import { rowLines, sourceLines } from "../listing.ts";
import { askedPlaces, currentLine } from "../places.ts";

const usualLines = 11;
/** Instructions shown of one function. */
const mostRows = 2000;

/** Commands that show the program's text. */
export const code: CommandGroup = {
  title: "Source and code",
  commands: [
    {
      names: ["list", "l"],
      form: "[PLACE | FIRST,LAST | -]",
      about: "show lines around a place, more of them, or those before",
      completes: "place",
      repeats: true,
      run: list,
    },
    {
      names: ["disassemble", "disas"],
      form: "[FUNCTION]",
      about: "show the instructions of a function",
      completes: "function",
      run: disassemble,
    },
  ],
};

async function list(console: DebugConsole, rest: string): Promise<void> {
  const { listed } = console;
  const [, from, to] = /^(\d+)\s*,\s*(\d*)$/.exec(rest) ?? [];
  if (listed && rest === "") return showLines(console, listed.path, listed.next, usualLines);
  if (rest === "-") {
    const before = listed ?? { ...(await around(console, "")), next: 0 };
    if (before.first === 0) throw new CommandError("These are the first lines of the file.");
    const first = Math.max(0, before.first - usualLines);
    return showLines(console, before.path, first, before.first - first);
  }
  if (from !== undefined) {
    if (Number(from) < 1 || (to !== "" && Number(to) < Number(from))) {
      throw new CommandError(`Expected FIRST,LAST with lines from 1, but found \`${rest}\`.`);
    }
    const { path } = listed ?? (await currentLine(console));
    return showLines(console, path, Number(from) - 1, to === "" ? usualLines : Number(to) - Number(from) + 1);
  }
  const { path, first } = await around(console, rest);
  return showLines(console, path, first, usualLines);
}

/** The lines with a place in their middle. */
async function around(
  console: DebugConsole,
  text: string,
): Promise<{ readonly path: string; readonly first: number }> {
  if (/^\d+$/.test(text) && console.listed) {
    return { path: console.listed.path, first: Math.max(0, Number(text) - 1 - (usualLines >> 1)) };
  }
  const [place] = await askedPlaces(console, text);
  const { debugInfo } = console.program;
  let found: { readonly path: string; readonly line: number } | undefined;
  if (place?.kind === "line") found = place;
  else if (place?.kind === "function") {
    const resolved = resolveFunction(debugInfo, place.name);
    if (resolved.kind !== "resolved") throw new CommandError(resolved.message);
    if (resolved.source) found = { path: resolved.source.path, line: resolved.line };
  } else if (place?.kind === "instruction") {
    const position = debugInfo.locate(place.offset);
    if (position) found = { path: position.source.path, line: position.line };
  }
  if (!found) throw new CommandError(`No line is known of ${text}: \`disassemble ${text}\` shows its code.`);
  return { path: found.path, first: Math.max(0, found.line - (usualLines >> 1)) };
}

async function showLines(console: DebugConsole, path: string, first: number, count: number): Promise<void> {
  const source = findSource(console, path);
  const text = textOf(source, console.sources);
  if (text === undefined) {
    const looked = console.sources.looked(source).join(", ");
    throw new CommandError(
      `${source.path} is not on this machine; looked for ${looked}: \`--map FROM=TO\` tells where it is.`,
    );
  }
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (first >= lines.length) throw new CommandError(`${path} has ${lines.length} lines.`);
  console.listed = { path, first, next: Math.min(first + count, lines.length) };
  const here = await hereIn(console, source);
  console.say(sourceLines(lines, first, count, here, console.parts.style).join("\n"));
}

/** The source of the debug info that a path means. @throws {CommandError} */
export function findSource(console: DebugConsole, path: string): SourceFile {
  const { debugInfo, modulePath } = console.program;
  const matcher = new SourceMatcher(
    debugInfo.sources(),
    modulePath,
    console.parts.configuration.sourceFileMap,
  );
  const match = matcher.match(path);
  if (match.kind === "none")
    throw new CommandError(`The program has no source ${path}: \`info sources\` lists them.`);
  const [first] = match.kind === "found" ? match.sources : [];
  if (!first || match.kind === "ambiguous") {
    const candidates = match.kind === "ambiguous" ? match.candidates.join(", ") : "";
    throw new CommandError(`${path} may be any of ${candidates}: give more of its path.`);
  }
  return first;
}

async function hereIn(console: DebugConsole, source: SourceFile): Promise<number | undefined> {
  if (console.state.kind !== "stopped") return undefined;
  const { position } = await console.frame().catch(() => ({ position: undefined }));
  return position?.source === source ? position.line : undefined;
}

async function disassemble(console: DebugConsole, rest: string): Promise<void> {
  const { debugInfo, disassembly } = console.program;
  const standing = console.state.kind === "stopped" ? (await console.frame()).point?.offset : undefined;
  let at: ModuleOffset | undefined = standing;
  if (rest !== "") {
    const [place] = await askedPlaces(console, rest);
    if (place?.kind === "instruction") at = place.offset;
    else {
      const resolved = resolveFunction(debugInfo, rest);
      if (resolved.kind !== "resolved") throw new CommandError(resolved.message);
      at = resolved.points[0];
    }
  }
  if (at === undefined) throw new CommandError("No function is looked at: name one.");
  const info = debugInfo.functionAt(at);
  if (!info) throw new CommandError(`No function of the program is at 0x${at.toString(16)}.`);
  const outline = disassembly.outlineAt(
    firstInstruction(disassembly.rows(info.from, 0, 1)[0]?.offset, info.from),
  );
  const count = Math.min(outline?.outline.count ?? mostRows, mostRows);
  const rows = disassembly.rows(info.from, 0, count).filter(({ offset }) => offset < info.to);
  const lines = rowLines(rows, standing, console.parts.style);
  if ((outline?.outline.count ?? 0) > mostRows)
    lines.push(`   ... ${(outline?.outline.count ?? 0) - mostRows} more instructions`);
  console.say(lines.join("\n"));
}

const firstInstruction = (offset: number | undefined, from: ModuleOffset): ModuleOffset =>
  offset === undefined || offset < from ? from : (offset as ModuleOffset);

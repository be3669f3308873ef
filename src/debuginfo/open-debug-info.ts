import type { Dwarf, Gimli } from "gimli-wasm";
import { once } from "../base/once.ts";
import { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { LineFiles } from "../dwarf/line-programs.ts";
import type { FindSplit } from "../dwarf/split-units.ts";
import { isDwarfError, Subprograms } from "../dwarf/subprograms.ts";
import type { SourceMap } from "../sourcemap/source-map.ts";
import { readModule, WasmModule } from "../wasm/module.ts";
import { CallSites } from "./call-sites.ts";
import type { DebugInfo, DebugInfoStatus } from "./debug-info.ts";
import { readDwarfLines } from "./dwarf-lines.ts";
import { type DwarfNames, FunctionNames } from "./function-names.ts";
import { emptyLineTable, type LineTable } from "./line-table.ts";
import { mergeLines } from "./merge-lines.ts";
import { ModuleDebugInfo } from "./module-debug-info.ts";
import { readSourceMapLines } from "./source-map-lines.ts";
import { findStackPointer } from "./stack-pointer.ts";
import { statusWithoutLines, type WithoutDwarf } from "./status-without-lines.ts";

/** A module's debug info, and its DWARF for whoever reads types and variables. */
export interface OpenedDebugInfo {
  readonly info: DebugInfo;
  /** Absent when the module has none, or none that its code can be looked up in. */
  readonly dwarf?: DwarfModule;
}

/** What of a module's debug info is not in the module. */
export interface DebugInfoBeside {
  readonly sourceMap?: SourceMap | undefined;
  /** Why there is no source map though the module has one: a sentence. */
  readonly whyNoMap?: string | undefined;
  /** Why the file that the module names as its debug info is not used: a sentence that says what to do. */
  readonly elsewhere?: string | undefined;
  /** Finds files of split units. */
  readonly findSplit?: FindSplit;
}

/**
 * Finds out what a module tells about its source, each function from the best there is: DWARF, else the source map, else the
 * name section, else nothing.
 *
 * Decodes all line programs at once; functions, names and stack shapes when they are asked for. Malformed debug info
 * is in `problems` and otherwise as if it were not there.
 *
 * @throws {MalformedError} when the module itself cannot be read: its sections, imports or the bounds of its functions.
 */
export function openDebugInfo(
  module: Uint8Array | WasmModule,
  gimli: Gimli,
  beside: DebugInfoBeside = {},
): OpenedDebugInfo {
  const parsed = module instanceof WasmModule ? module : readModule(module);
  const problems: string[] = [];
  const report = (sentence: string): void => {
    problems.push(sentence);
  };
  const dwarf = readDwarf(parsed, gimli, beside.findSplit, report);
  const usable = typeof dwarf === "string" ? undefined : dwarf;
  const names = new FunctionNames(parsed, usable?.names, report);
  const mapped = readMap(beside, parsed);
  const mapLines = typeof mapped === "object" ? mapped : emptyLineTable;
  if (typeof mapped === "string" && usable) report(mapped);
  const lines = mergeLines(usable?.lines ?? emptyLineTable, mapLines, parsed.code);
  const info = new ModuleDebugInfo({
    module: parsed,
    status: statusOf(parsed, dwarf, mapped, beside.elsewhere),
    lines,
    names,
    dwarf: usable?.names.module,
    callSites: usable && new CallSites(usable.dwarf, lines.sources, usable.files),
    stackPointerGlobal: findStackPointer(parsed, names.names, usable?.names.module),
    problems,
  });
  return usable ? { info, dwarf: usable.names.module } : { info };
}

function statusOf(
  module: WasmModule,
  dwarf: Provided | WithoutDwarf,
  map: LineTable | string | undefined,
  elsewhere: string | undefined,
): () => DebugInfoStatus {
  if (typeof dwarf !== "string") return dwarf.status;
  if (typeof map === "object") return () => ({ kind: "source-map" });
  const status = statusWithoutLines(module, dwarf, elsewhere ?? map);
  return () => status;
}

/** The lines of the source map; a sentence about why it gives none; `undefined` where there is none. */
function readMap(
  { sourceMap, whyNoMap }: DebugInfoBeside,
  module: WasmModule,
): LineTable | string | undefined {
  if (!sourceMap) return whyNoMap;
  const { table, isForeign } = readSourceMapLines(sourceMap, module);
  if (table.line.some((key) => key !== 0)) return table;
  return isForeign
    ? "The source map is not about the module's code, which a tool must have rewritten since: let that tool write the map."
    : "The source map says nothing about any code: have the compiler write it anew.";
}

/** What DWARF with lines in it gives. */
interface Provided {
  readonly status: () => DebugInfoStatus;
  readonly files: LineFiles;
  readonly lines: LineTable;
  readonly dwarf: Dwarf;
  readonly names: DwarfNames;
}

function readDwarf(
  module: WasmModule,
  gimli: Gimli,
  findSplit: FindSplit | undefined,
  report: (sentence: string) => void,
): Provided | WithoutDwarf {
  if (!module.hasCustom(".debug_line")) return "absent";
  const dwarf = gimli.open((name) => module.sectionContents(name));
  let readable = true;
  const { table, foreign, files } = readDwarfLines(dwarf, module.code, (sentence) => {
    readable = false;
    report(sentence);
  });
  if (table.sources.length === 0) {
    dwarf.close();
    if (!readable) return "unreadable";
    return foreign > 0 ? "foreign" : "emptied";
  }
  const units = new DwarfModule(dwarf, findSplit && { find: findSplit, report });
  return {
    // The units are not needed for lines, and in a large program they are much to read.
    status: once(() => dwarfStatus(dwarf, report)),
    lines: table,
    dwarf,
    files,
    names: { module: units, subprograms: new Subprograms(dwarf, units, report) },
  };
}

function dwarfStatus(dwarf: Dwarf, report: (sentence: string) => void): DebugInfoStatus {
  try {
    const { version } = dwarf.units();
    return { kind: "dwarf", versions: [...new Set(version)].sort(), units: version.length };
  } catch (error) {
    if (!isDwarfError(error)) throw error;
    report(
      `The units of the DWARF cannot be read, so that there are lines but no variables: ${error.message}.`,
    );
    return { kind: "dwarf", versions: [], units: 0 };
  }
}

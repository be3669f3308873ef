import { type Dwarf, NONE } from "gimli-wasm";
import type { InlinedCallEntry } from "../dwarf/inlined-calls.ts";
import type { LineFiles } from "../dwarf/line-programs.ts";
import { isDwarfError } from "../dwarf/subprograms.ts";
import type { SourceFile, SourcePosition } from "./debug-info.ts";

/**
 * Where calls were made that were inlined: units write files as numbers of their line program, which are read when a call
 * of the unit is first asked about. A file that has no lines of its own, as all code in it is in calls of others, is a source all
 * the same, though not among those that can have breakpoints.
 */
export class CallSites {
  readonly #dwarf: Dwarf;
  readonly #sources: readonly SourceFile[];
  readonly #files: LineFiles;
  #byPath: Map<string, SourceFile> | undefined;
  #nextSource: number;

  /** `sources`: those that the module's line table names. */
  constructor(dwarf: Dwarf, sources: readonly SourceFile[], files: LineFiles) {
    this.#dwarf = dwarf;
    this.#sources = sources;
    this.#nextSource = sources.length;
    this.#files = files;
  }

  /** `unit`: its row in the module's units. */
  positionOf(unit: number, { callFile, callLine, callColumn }: InlinedCallEntry): SourcePosition | undefined {
    if (callLine === 0 || callFile === undefined) return undefined;
    const source = this.#attempt(() => this.#sourceOf(unit, callFile));
    return source && { source, line: callLine - 1, column: callColumn > 0 ? callColumn - 1 : undefined };
  }

  #sourceOf(unit: number, number: number): SourceFile | undefined {
    const program = this.#dwarf.units().lineProgram[unit] ?? NONE;
    const path = program === NONE ? undefined : this.#files.file(program, number)?.path;
    this.#byPath ??= new Map(this.#sources.map((source) => [source.path, source]));
    if (path === undefined) return undefined;
    const known = this.#byPath.get(path);
    if (known) return known;
    const source: SourceFile = { id: this.#nextSource++, path };
    this.#byPath.set(path, source);
    return source;
  }

  /** Malformed files cost the places of calls; their line program has been reported already. */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isDwarfError(error)) throw error;
      return undefined;
    }
  }
}

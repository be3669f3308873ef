import { createHash } from "node:crypto";
import { Gimli } from "gimli-wasm";
import { once } from "../../src/base/once.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import type { SourceFileMap } from "../../src/debugger/client-paths.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { type OpenedDebugInfo, openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { CodeListing } from "../../src/disassembly/code-listing.ts";
import { Disassembly } from "../../src/disassembly/disassembly.ts";
import { withListing } from "../../src/disassembly/listed-debug-info.ts";
import type { DwarfModule } from "../../src/dwarf/dwarf-module.ts";
import { complete } from "../../src/expressions/complete.ts";
import { evaluate } from "../../src/expressions/evaluate.ts";
import { formatters } from "../../src/formatters/formatters.ts";
import { createSymbols } from "../../src/symbols/create-symbols.ts";
import { ModuleSymbols } from "../../src/symbols/module-symbols.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { SymbolsParts } from "../../src/symbols/symbols-parts.ts";
import type { Target } from "../../src/target/target.ts";
import { TrapExplainer } from "../../src/traps/trap-explainer.ts";
import { codeOffsetOf } from "../../src/wasm/code-offsets.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { findSourceMap } from "./find-source-map.ts";
import { readModuleFile } from "./module-file.ts";
import { gimliCore } from "./runtime-files.ts";
import { type FoundSymbols, withSymbols } from "./separate-symbols.ts";
import { splitFinder } from "./split-files.ts";

/** What a module's symbols are found by. */
export interface SymbolSearch {
  /** Files and folders that may hold debug info. */
  readonly symbols: readonly string[];
  readonly sourceFileMap: SourceFileMap;
  /** With `instruction`, code without lines can be stopped anywhere, however much there is. */
  readonly granularity?: "source" | "instruction";
}

/** A module and all that is known of it: for a program that runs, or for as many coredumps as there are of it. */
export class LoadedModule {
  readonly path: string;
  /** As it lies in its file, with its debug info, wherever that is. */
  readonly module: WasmModule;
  /** Where its debug info came from, if not from itself, and what was wrong with what was found. */
  readonly separate: FoundSymbols;
  readonly disassembly: Disassembly;
  readonly names: ModuleNames;
  /** Its code as sources. */
  readonly listing: CodeListing;
  /** What is known of its sources; where nothing is, its code is one. */
  readonly debugInfo: DebugInfo;
  readonly #opened: OpenedDebugInfo;
  #shared: ModuleSymbols | undefined;

  /**
   * Rejects with `MalformedError` or Node's error for the module; what is wrong with separate debug info is in `separate` and
   * in the debug info's status.
   */
  static async load(path: string, search: SymbolSearch): Promise<LoadedModule> {
    const { symbols, sourceFileMap } = search;
    const separate = withSymbols(path, readModuleFile(path), symbols);
    const { module, path: other, elsewhere } = separate;
    const modules = [path, ...(other === undefined ? [] : [other])];
    const beside = {
      ...(await findSourceMap(path, module, symbols)),
      findSplit: splitFinder({ modules, symbols, sourceFileMap }),
      elsewhere,
    };
    return new LoadedModule(path, separate, openDebugInfo(module, gimli(), beside), search);
  }

  private constructor(path: string, separate: FoundSymbols, opened: OpenedDebugInfo, search: SymbolSearch) {
    const { module } = separate;
    this.path = path;
    this.separate = separate;
    this.module = module;
    this.#opened = opened;
    this.names = new ModuleNames(module, opened.info);
    const { names } = this;
    this.disassembly = new Disassembly({ module, names, debugInfo: opened.info });
    this.listing = new CodeListing({
      ...{ path, module, names, disassembly: this.disassembly },
      ...(search.granularity === "instruction" ? { mostPoints: Number.POSITIVE_INFINITY } : {}),
    });
    this.debugInfo = withListing(opened.info, this.listing);
  }

  /** Whether its code is its source, of which each instruction can be stopped at: then all of its locals are looked at. */
  get isListed(): boolean {
    return this.debugInfo !== this.#opened.info && this.listing.points().density === "instructions";
  }

  /** For coredumps: the functions of the module as they are counted there. */
  get code(): ModuleCode {
    return this.#code();
  }
  readonly #code = once(() => new ModuleCode(this.module));

  /** Of the module's file, in hexadecimal. */
  get sha256(): string {
    return this.#sha256();
  }
  readonly #sha256 = once(() => sha256Of(this.module).toString("hex"));

  /** Absent when there is none that the code can be looked up in. */
  get dwarf(): DwarfModule | undefined {
    return this.#opened.dwarf;
  }

  /** Says what made a target that is of the module trap. */
  trapsOf(target: Target): TrapExplainer {
    const { module, disassembly, names } = this;
    return new TrapExplainer({ target, module, names, debugInfo: this.#opened.info, disassembly });
  }

  /** The module's symbols over a target that is of it; `parts` are those that only a program that runs has. */
  symbolsFor(target: Target, parts: RunningParts = {}): Symbols {
    const { info, dwarf } = this.#opened;
    const { module } = this;
    const all: SymbolsParts = {
      ...parts,
      target,
      debugInfo: info,
      dwarf,
      codeOffset: (offset) => codeOffsetOf(module.code, offset),
      facts: this.names,
      evaluate,
      complete,
      formatters,
    };
    this.#shared ??= new ModuleSymbols(all);
    return createSymbols(all, this.#shared);
  }
}

/** What the symbols of a program that runs have besides. */
type RunningParts = Pick<SymbolsParts, "lower" | "memoryWritten" | "guestRan">;

/** The hash of a module's file, of which a part may not have been read yet. */
export function sha256Of(module: WasmModule): Buffer {
  const hash = createHash("sha256");
  const step = 1 << 22;
  for (let at = 0; at < module.bytes.length; at += step) hash.update(module.read(at, step));
  return hash.digest();
}

const gimli = once(() => Gimli.fromBytes(gimliCore()));

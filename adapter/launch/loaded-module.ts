import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { once } from "../../src/base/once.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { type OpenedDebugInfo, openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { Disassembly } from "../../src/disassembly/disassembly.ts";
import { evaluate } from "../../src/expressions/evaluate.ts";
import { formatters } from "../../src/formatters/formatters.ts";
import { createSymbols } from "../../src/symbols/create-symbols.ts";
import { ModuleSymbols } from "../../src/symbols/module-symbols.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { SymbolsParts } from "../../src/symbols/symbols-parts.ts";
import type { Target } from "../../src/target/target.ts";
import { TrapExplainer } from "../../src/traps/trap-explainer.ts";
import { codeOffsetOf } from "../../src/wasm/code-offsets.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { gimliCore } from "./runtime-files.ts";
import { type FoundSymbols, withSymbols } from "./separate-symbols.ts";

/** A module and all that is known of it, for as many coredumps as there are of it. */
export class LoadedModule {
  readonly path: string;
  /** As it lies in its file. */
  readonly original: WasmModule;
  readonly code: ModuleCode;
  /** Where its debug info came from, if not from itself, and what was wrong with what was found. */
  readonly separate: FoundSymbols;
  readonly disassembly: Disassembly;
  readonly #opened: OpenedDebugInfo;
  readonly #names: ModuleNames;
  #shared: ModuleSymbols | undefined;

  /** Throws `MalformedError` or Node's error for the module; separate debug info that cannot be read is in `separate`. */
  constructor(path: string, symbols: readonly string[]) {
    this.path = path;
    this.original = readModule(new Uint8Array(readFileSync(path)));
    this.separate = withSymbols(path, this.original, symbols);
    this.code = new ModuleCode(this.separate.module);
    const { module } = this.separate;
    this.#opened = openDebugInfo(module, gimli());
    this.#names = new ModuleNames(module, this.debugInfo);
    this.disassembly = new Disassembly({ module, names: this.#names, debugInfo: this.debugInfo });
  }

  /** Of the module's file, in hexadecimal. */
  get sha256(): string {
    return this.#sha256();
  }
  readonly #sha256 = once(() => createHash("sha256").update(this.original.bytes).digest("hex"));

  get debugInfo(): DebugInfo {
    return this.#opened.info;
  }

  /** Says what made a target that is of the module trap. */
  trapsOf(target: Target): TrapExplainer {
    const { module } = this.separate;
    const { disassembly, debugInfo } = this;
    return new TrapExplainer({ target, module, names: this.#names, debugInfo, disassembly });
  }

  /** The module's symbols over a target that is of it. */
  symbolsFor(target: Target): Symbols {
    const { info, dwarf } = this.#opened;
    const { module } = this.separate;
    const parts: SymbolsParts = {
      target,
      debugInfo: info,
      dwarf,
      codeOffset: (offset) => codeOffsetOf(module.code, offset),
      facts: this.#names,
      evaluate,
      formatters,
    };
    this.#shared ??= new ModuleSymbols(parts);
    return createSymbols(parts, this.#shared);
  }
}

const gimli = once(() => Gimli.fromBytes(gimliCore()));

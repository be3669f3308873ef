import { type FuncIndex, type StopNumber, toMemoryAddress } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { ModuleNames } from "../debuginfo/module-names.ts";
import type { Disassembly } from "../disassembly/disassembly.ts";
import { NamedOperands } from "../disassembly/named-operands.ts";
import type { RawValue, Target, TargetFrame, TrapKind } from "../target/target.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { readIndexSpaces } from "../wasm/index-spaces.ts";
import { instructionInfo } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { float, integer, type KnownValue } from "./known-value.ts";
import { replayOperands } from "./operand-replay.ts";
import {
  accessText,
  bulkText,
  conversionText,
  divisionText,
  memoryText,
  overflowText,
  type TrapOperand,
} from "./trap-sentences.ts";

/** What an explainer works with. */
export interface TrapExplainerParts {
  readonly target: Target;
  readonly module: WasmModule;
  readonly names: ModuleNames;
  readonly debugInfo: DebugInfo;
  readonly disassembly: Disassembly;
}

/**
 * Says which instruction trapped and on what: the address and the size of the memory, the index and the table, the
 * operands of a division.
 *
 * Operands are the engine's where it has kept them, or worked out again from what is left; what cannot be proven is
 * left out.
 */
export class TrapExplainer {
  readonly #parts: TrapExplainerParts;

  constructor(parts: TrapExplainerParts) {
    this.#parts = parts;
  }

  /** A clause such as "i32.div_s divides 42 by 0"; `undefined` where nothing can be said. Rejects as the target does. */
  async explain(stop: StopNumber, trap: TrapKind): Promise<string | undefined> {
    const { target } = this.#parts;
    const { frames, total } = await target.frames(stop, 0, 1);
    if (trap === "stack-overflow") return `the stack has ${total} frames`;
    const [top] = frames;
    if (top?.kind !== "wasm") return undefined;
    const reader = this.#instructionAt(top);
    if (!reader) return undefined;
    const what = await this.#say(stop, trap, top, reader);
    return what === undefined ? undefined : `${reader.mnemonic} ${what}`;
  }

  #instructionAt({ offset }: WasmFrame): CodeReader | undefined {
    const { disassembly, module } = this.#parts;
    const row = disassembly.instructionAt(offset);
    if (!row) return undefined;
    const reader = new CodeReader(module.bytes, offset, offset + row.bytes.length);
    return reader.next() ? reader : undefined;
  }

  async #say(
    stop: StopNumber,
    trap: TrapKind,
    frame: WasmFrame,
    reader: CodeReader,
  ): Promise<string | undefined> {
    const { mnemonic } = reader;
    const operands = () => this.#operands(stop, frame);
    switch (trap) {
      case "memory-out-of-bounds":
        return this.#sayMemory(stop, reader, await operands());
      case "integer-divide-by-zero":
        return divisionText(mnemonic, (await operands()).at(-2));
      case "integer-overflow":
        return mnemonic.includes("div")
          ? overflowText(mnemonic)
          : conversionText(mnemonic, (await operands()).at(-1));
      case "invalid-conversion-to-integer":
        return conversionText(mnemonic, (await operands()).at(-1));
      case "indirect-call-type-mismatch":
      case "table-out-of-bounds":
        return this.#sayTable(stop, reader, await operands());
      default:
        return undefined;
    }
  }

  async #sayMemory(
    stop: StopNumber,
    reader: CodeReader,
    operands: readonly TrapOperand[],
  ): Promise<string | undefined> {
    const { opcode, mnemonic } = reader;
    const info = instructionInfo(opcode);
    const sizes = await this.#parts.target.memorySizes(stop);
    if (info?.immediates.includes("memarg")) {
      const memarg = reader.memarg();
      const base = operands.at(-(info.signature?.params.length ?? 1));
      const access = accessText(mnemonic, memarg, base);
      const beyond = base === undefined ? " beyond its end" : "";
      return joined(`${access}${beyond}`, memoryText(memarg.memory, sizes[memarg.memory]));
    }
    if (!mnemonic.startsWith("memory.")) return undefined;
    return joined(bulkText(mnemonic, operands.slice(-3)), memoryText(0, sizes[0]));
  }

  async #sayTable(
    stop: StopNumber,
    reader: CodeReader,
    operands: readonly TrapOperand[],
  ): Promise<string | undefined> {
    if (!reader.mnemonic.includes("call_indirect")) return undefined;
    const table = reader.secondIndex();
    const expected = this.#named().typeUse(reader.index());
    const index = operands.at(-1)?.value;
    if (typeof index !== "bigint") return `calls an entry of table ${table} as ${expected}`;
    const calls = `calls entry ${index} of table ${table}`;
    const size = this.#tableSize(table);
    if (size !== undefined && index >= size) return joined(calls, `it has ${size} entries`);
    const found = await this.#parts.target.readTable(stop, table, Number(index));
    if (found === undefined) return size === undefined ? calls : `${calls}, which is empty`;
    return joined(`${calls} as ${expected}`, this.#functionText(found));
  }

  #functionText(func: FuncIndex): string {
    const { names, module } = this.#parts;
    const typeIndex = readIndexSpaces(module).functionTypes[func];
    const type = typeIndex === undefined ? "" : ` ${this.#named().typeUse(typeIndex)}`;
    return `it holds ${names.functionName(func) ?? `func[${func}]`}${type}`;
  }

  /** Entries of a table that cannot grow. */
  #tableSize(table: number): bigint | undefined {
    const type = readIndexSpaces(this.#parts.module).tables[table];
    return type && type.limits.minimum === type.limits.maximum ? type.limits.minimum : undefined;
  }

  readonly #named = once(() => new NamedOperands(this.#parts.module, this.#parts.names));

  /** Of the instruction that a frame stands at, the topmost last. */
  async #operands(stop: StopNumber, frame: WasmFrame): Promise<readonly TrapOperand[]> {
    const { target, disassembly, module, debugInfo } = this.#parts;
    const kept = await target.operands?.(stop, 0);
    if (kept && kept.length > 0) return kept.map(toKnown);
    const place = disassembly.outlineAt(frame.offset);
    if (!place) return [];
    const globals = (await target.globals(stop)).map(toKnown);
    return replayOperands(
      { bytes: module.bytes, spaces: readIndexSpaces(module), ...place },
      {
        shape: debugInfo.stackShape(frame.function),
        stackPointerGlobal: debugInfo.stackPointerGlobal,
        globals,
        readMemory: (memory, address, size) =>
          target.readMemory(stop, memory, toMemoryAddress(address), size).catch(() => new Uint8Array(0)),
      },
    );
  }
}

type WasmFrame = Extract<TargetFrame, { readonly kind: "wasm" }>;

const joined = (what: string, bound: string): string => (bound === "" ? what : `${what}: ${bound}`);

function toKnown(raw: RawValue): KnownValue | undefined {
  switch (raw.type) {
    case "i32":
    case "i64":
      return integer(raw.type, raw.value);
    case "f32":
    case "f64":
      return float(raw.type, raw.value);
    default:
      return undefined;
  }
}

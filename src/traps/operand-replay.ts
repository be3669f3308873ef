import { type ModuleOffset, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import type { StackShape } from "../debuginfo/debug-info.ts";
import type { FunctionOutline } from "../disassembly/function-outline.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findFuncType, findTypeOfFunction, type IndexSpaces } from "../wasm/index-spaces.ts";
import * as op from "../wasm/instructions.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import { I64 } from "../wasm/value-type.ts";
import { compute, float, integer, type KnownValue } from "./known-value.ts";
import { findLoad, readLoaded, storeSize } from "./memory-access.ts";
import { holds, type SourcedValue, type ValueSource, ValueSources } from "./value-sources.ts";

/** An instruction, by its function and its position in it. */
export interface ReplayedCode {
  readonly bytes: Uint8Array;
  readonly spaces: IndexSpaces;
  readonly outline: FunctionOutline;
  readonly at: number;
}

/** What can still be found out of a guest that stands, or stood, at that instruction. */
export interface ReplayFacts {
  readonly shape: StackShape;
  readonly stackPointerGlobal: number | undefined;
  /** Values of the globals now; `undefined` for one that is not a number. */
  readonly globals: readonly (KnownValue | undefined)[];
  /** Fewer bytes where memory ends. */
  readonly readMemory: (memory: number, address: bigint, size: number) => Promise<Uint8Array>;
}

/**
 * What lay on the operand stack before an instruction ran, the topmost last, when locals and operands are gone: as many
 * values as were put there since control last came from elsewhere; `undefined` for one that cannot be proven.
 *
 * Computes again what led there. That works where values come from constants, from the C stack pointer, which is still
 * what it was, and from memory that nothing has written to since: in unoptimised code that is nearly always so.
 */
export async function replayOperands(
  code: ReplayedCode,
  facts: ReplayFacts,
): Promise<readonly (KnownValue | undefined)[]> {
  const replay = new OperandReplay(code, facts);
  return replay.run();
}

/** Where straight code begins that leads to `at`: behind the last place that is come to from several others. */
function straightStart({ bytes, outline: { starts }, at }: ReplayedCode): number {
  for (let position = at; position > 0; position--) {
    const opcode = bytes[starts[position - 1] as number] as number;
    if (joins.has(opcode) || op.endsControlFlow(opcode)) return position;
  }
  return 0;
}

const joins: ReadonlySet<op.Opcode> = new Set([
  op.LOOP,
  op.ELSE,
  op.END,
  op.CATCH,
  op.CATCH_ALL,
  op.DELEGATE,
]);

class OperandReplay {
  readonly #code: ReplayedCode;
  readonly #facts: ReplayFacts;
  readonly #reader: CodeReader;
  readonly #start: number;
  readonly #sources = new ValueSources();
  readonly #locals = new Map<number, SourcedValue | undefined>();
  #stack: (SourcedValue | undefined)[] = [];
  /** The stack pointer when the function was entered. */
  readonly #entry: bigint | undefined;

  constructor(code: ReplayedCode, facts: ReplayFacts) {
    const { bytes, outline, at } = code;
    this.#code = code;
    this.#facts = facts;
    this.#start = straightStart(code);
    this.#reader = new CodeReader(bytes, outline.starts[this.#start] as number, outline.starts[at] as number);
    this.#entry = this.#findEntry(toModuleOffset(outline.starts[at] as number));
  }

  async run(): Promise<readonly (KnownValue | undefined)[]> {
    while (this.#reader.next()) await this.#step(this.#reader.opcode);
    return this.#stack.map((sourced) => (sourced && holds(sourced) ? sourced.value : undefined));
  }

  #findEntry(offset: ModuleOffset): bigint | undefined {
    const { shape, stackPointerGlobal = -1, globals } = this.#facts;
    const now = globals[stackPointerGlobal];
    const delta = shape.deltaAt(offset);
    if (delta === undefined || typeof now?.value !== "bigint") return undefined;
    return now.value + BigInt(delta);
  }

  async #step(opcode: op.Opcode): Promise<void> {
    const reader = this.#reader;
    switch (opcode) {
      case op.LOCAL_GET:
        return this.#push(this.#local(reader.index()));
      case op.LOCAL_SET:
        this.#locals.set(reader.index(), this.#pop());
        return;
      case op.LOCAL_TEE:
        this.#locals.set(reader.index(), this.#stack.at(-1));
        return;
      case op.GLOBAL_GET:
        return this.#push(this.#global(reader.index()));
      case op.GLOBAL_SET:
        this.#pop();
        return this.#sources.writeGlobal(reader.index());
      case op.I32_CONST:
        return this.#push(constant(integer("i32", reader.i32())));
      case op.I64_CONST:
        return this.#push(constant(integer("i64", reader.i64())));
      case op.F32_CONST:
      case op.F64_CONST: {
        const [operand] = reader.operands();
        return this.#push(constant(float(opcode === op.F32_CONST ? "f32" : "f64", Number(operand?.value))));
      }
      case op.CALL:
        return this.#call(findTypeOfFunction(this.#code.spaces, toFuncIndex(reader.index())));
      case op.CALL_INDIRECT:
        this.#pop();
        return this.#call(findFuncType(this.#code.spaces, reader.index()));
      case DROP:
        this.#pop();
        return;
      case SELECT:
      case SELECT_TYPED:
        return this.#select();
      case op.BR_IF:
        this.#pop();
        return;
      default:
        return this.#other(opcode);
    }
  }

  async #other(opcode: op.Opcode): Promise<void> {
    const { mnemonic } = this.#reader;
    const signature = op.instructionInfo(opcode)?.signature;
    const load = findLoad(mnemonic);
    if (load) return this.#load(mnemonic);
    const stored = storeSize(mnemonic);
    if (stored !== undefined) return this.#store(stored);
    if (writesMemory(mnemonic)) this.#sources.loseMemory();
    if (!signature) {
      // What it takes and leaves depends on types: below it all is unknown. So it is at the begin of a block, too.
      if (mnemonic.includes("call") || mnemonic.startsWith("return")) this.#sources.loseAll();
      this.#stack = [];
      return;
    }
    const operands = signature.params.map(() => this.#pop()).reverse();
    const known = operands.filter((operand) => operand !== undefined);
    const result =
      known.length === operands.length
        ? compute(
            mnemonic,
            known.map(({ value }) => value),
          )
        : undefined;
    for (const _ of signature.results)
      this.#push(result && { value: result, from: known.flatMap(({ from }) => from) });
  }

  async #load(mnemonic: string): Promise<void> {
    const { memory, offset } = this.#reader.memarg();
    const base = this.#pop();
    const load = findLoad(mnemonic);
    if (!load || typeof base?.value.value !== "bigint") return this.#push(undefined);
    const address = base.value.value + offset;
    const bytes = await this.#facts.readMemory(memory, address, load.size);
    if (bytes.length < load.size) return this.#push(undefined);
    const source = this.#sources.memory(memory, address, load.size, base.from);
    this.#push({ value: readLoaded(load, bytes), from: [source] });
  }

  #store(size: number): void {
    const { memory, offset } = this.#reader.memarg();
    this.#pop();
    const base = this.#pop();
    if (typeof base?.value.value !== "bigint") {
      this.#sources.loseMemory();
      return;
    }
    this.#sources.writeMemory(memory, base.value.value + offset, size, base.from);
  }

  #call(type: FuncType | undefined): void {
    this.#sources.loseAll();
    if (!type) {
      this.#stack = [];
      return;
    }
    for (const _ of type.params) this.#pop();
    for (const _ of type.results) this.#push(undefined);
  }

  #select(): void {
    const condition = this.#pop();
    const second = this.#pop();
    const first = this.#pop();
    const chosen = condition && (condition.value.value === 0n ? second : first);
    this.#push(chosen && condition && { value: chosen.value, from: [...chosen.from, ...condition.from] });
  }

  #local(local: number): SourcedValue | undefined {
    if (this.#locals.has(local)) return this.#locals.get(local);
    const { shape, stackPointerGlobal = -1 } = this.#facts;
    const start = toModuleOffset(this.#code.outline.starts[this.#start] as number);
    const by = shape.localDelta(local, start);
    if (by !== undefined && this.#entry !== undefined) {
      return this.#pointer(this.#entry - BigInt(by), stackPointerGlobal);
    }
    return undefined;
  }

  #global(global: number): SourcedValue | undefined {
    const { shape, stackPointerGlobal, globals } = this.#facts;
    if (global === stackPointerGlobal) {
      const delta = shape.deltaAt(toModuleOffset(this.#reader.offset));
      if (delta === undefined || this.#entry === undefined) return undefined;
      return this.#pointer(this.#entry - BigInt(delta), global);
    }
    const value = globals[global];
    if (value === undefined) return undefined;
    const isFixed = this.#code.spaces.globals[global]?.mutable === false;
    return isFixed ? constant(value) : { value, from: [this.#sources.global(global)] };
  }

  #pointer(value: bigint, global: number): SourcedValue {
    return constant(integer(this.#code.spaces.globals[global]?.type === I64 ? "i64" : "i32", value));
  }

  #push(value: SourcedValue | undefined): void {
    this.#stack.push(value);
  }

  #pop(): SourcedValue | undefined {
    return this.#stack.pop();
  }
}

const noSources: readonly ValueSource[] = [];
const constant = (value: KnownValue): SourcedValue => ({ value, from: noSources });

const writesMemory = (mnemonic: string): boolean =>
  mnemonic.startsWith("memory.") ? mnemonic !== "memory.size" : /atomic|store/.test(mnemonic);

const DROP = 0x1a;
const SELECT = 0x1b;
const SELECT_TYPED = 0x1c;

import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { readS32, readS64, readU32 } from "../base/leb128.ts";
import { allInstructions, type ImmediateKind, instructionInfo, type Opcode } from "./instructions.ts";
import {
  type BlockType,
  type CatchClause,
  type MemoryArgument,
  type Operand,
  readBlockType,
  readCatches,
  readMemoryArgument,
  readOperand,
} from "./operands.ts";

/**
 * A walk over the instructions of a function body (or of a constant expression), one `next()` each.
 *
 * `next` allocates nothing and decodes no immediate: the methods named after immediates do, on demand, for
 * the instruction the reader stands at. They do not check that it has such an immediate.
 * Whether the instructions make a valid function is not looked at; every walk ends, on any bytes.
 *
 * ```ts
 * const reader = new CodeReader(module, firstInstruction, bodyEnd);
 * while (reader.next()) if (reader.opcode === CALL) calls.push(reader.index());
 * ```
 */
export class CodeReader {
  readonly bytes: Uint8Array;
  /** The instruction the reader stands at. */
  opcode: Opcode = -1;
  /** Of its first byte: an index into `bytes`, which is a module offset when `bytes` is the whole file. */
  offset: number;
  /** Of the first byte of its immediates. */
  immediates: number;
  /** Of the byte behind it, where the next one begins. */
  end: number;
  #limit: number;
  #cursor: ByteCursor | undefined;

  /** Walks from `start`, where an instruction must begin, to `limit` (exclusive). */
  constructor(bytes: Uint8Array, start: number, limit: number) {
    this.bytes = bytes;
    this.offset = start;
    this.immediates = start;
    this.end = start;
    this.#limit = Math.min(limit, bytes.length);
  }

  /** Begins another walk over the same bytes. */
  reset(start: number, limit: number): void {
    this.opcode = -1;
    this.offset = start;
    this.immediates = start;
    this.end = start;
    this.#limit = Math.min(limit, this.bytes.length);
    this.#cursor = undefined;
  }

  /**
   * Moves to the next instruction; `false` when there is none before the limit.
   *
   * @throws {MalformedError} `unknown-opcode`, `unexpected-end` or `leb128-too-long`, at the instruction's offset.
   */
  next(): boolean {
    const { bytes } = this;
    let at = this.end;
    if (at >= this.#limit) return false;
    this.offset = at;
    const byte = bytes[at++] as number;
    this.opcode = byte;
    let shape = shapes[byte] as number;
    if (shape === PREFIX) {
      const number = this.#prefixedNumber(at);
      at = this.immediates;
      this.opcode = (byte << 16) | number;
      shape = (prefixedShapes[byte & 7] as Uint8Array)[number] ?? UNKNOWN;
    }
    this.immediates = at;
    switch (shape) {
      case NONE:
        break;
      case INDEX:
        at = (bytes[at] as number) < 0x80 ? at + 1 : this.#skipLeb128(at, 5);
        break;
      case TWO_INDEXES:
        at = this.#skipLeb128(this.#skipLeb128(at, 5), 5);
        break;
      case LONG:
        at = this.#skipLeb128(at, 10);
        break;
      case MEMARG:
        at = this.#skipMemarg(at);
        break;
      case MEMARG_LANE:
        at = this.#skipMemarg(at) + 1;
        break;
      case BLOCK_TYPE:
        at = this.#skipBlockType(at);
        break;
      case BYTES_1:
        at += 1;
        break;
      case BYTES_4:
        at += 4;
        break;
      case BYTES_8:
        at += 8;
        break;
      case BYTES_16:
        at += 16;
        break;
      case LABELS:
        at = this.#skipVector(at, 1);
        break;
      case VALUE_TYPES:
        at = this.#skipVector(at, 0);
        break;
      case TRY_TABLE_SHAPE:
        at = this.#skipCatches(this.#skipBlockType(at));
        break;
      case CAST_BRANCH:
        at = this.#skipLeb128(this.#skipLeb128(this.#skipLeb128(at + 1, 5), 5), 5);
        break;
      default:
        throw this.#unknownOpcode();
    }
    if (at > this.#limit) throw this.#malformed("unexpected-end", "the code ends within an instruction");
    this.end = at;
    return true;
  }

  /**
   * As `next`, over all instructions that begin before `offset` and whose first byte `marked` has as 0: several
   * times faster than looking at each.
   */
  nextOf(marked: Uint8Array, offset: number): boolean {
    const { bytes } = this;
    const limit = Math.min(this.#limit, offset);
    let at = this.end;
    while (at < limit) {
      const byte = bytes[at] as number;
      if (marked[byte] !== 0) break;
      const shape = shapes[byte];
      if (shape === NONE) {
        at += 1;
      } else if (shape === INDEX && (bytes[at + 1] as number) < 0x80) {
        at += 2;
      } else if (shape === MEMARG && (bytes[at + 1] as number) < 0x40 && (bytes[at + 2] as number) < 0x80) {
        at += 3;
      } else {
        this.end = at;
        this.next();
        at = this.end;
      }
    }
    this.end = at;
    if (at <= this.#limit) return this.next();
    this.offset = at;
    throw this.#malformed("unexpected-end", "the code ends within an instruction");
  }

  /** As in the text format. */
  get mnemonic(): string {
    return instructionInfo(this.opcode)?.mnemonic ?? "";
  }

  /** The first immediate, where it is an index, a label or a count. */
  index(): number {
    const byte = this.bytes[this.immediates] as number;
    return byte < 0x80 ? byte : readU32(this.#at(this.immediates));
  }

  /** The second immediate, where both are indexes. */
  secondIndex(): number {
    const cursor = this.#at(this.immediates);
    readU32(cursor);
    return readU32(cursor);
  }

  /** Operand of `i32.const`. */
  i32(): number {
    return readS32(this.#at(this.immediates));
  }

  /** Operand of `i64.const`. */
  i64(): bigint {
    return readS64(this.#at(this.immediates));
  }

  /** Type of a block, loop, if, try or try_table: nothing, the one result, or the index of a function type. */
  blockType(): BlockType {
    return readBlockType(this.#at(this.immediates));
  }

  /** Labels of `br_table`, the default last, put into `labels` in place of what was there. */
  labels(labels: number[]): void {
    const cursor = this.#at(this.immediates);
    const count = this.#checkedCount(readU32(cursor));
    labels.length = 0;
    for (let index = 0; index <= count; index++) labels.push(readU32(cursor));
  }

  /** Label of `br_on_cast` and `br_on_cast_fail`. */
  castLabel(): number {
    return readU32(this.#at(this.immediates + 1));
  }

  /** Labels that the catch clauses of `try_table` branch to, put into `labels`. They count from outside its block. */
  catchLabels(labels: number[]): void {
    labels.length = 0;
    for (const clause of this.catches()) labels.push(clause.label);
  }

  /** Memory, alignment (as a power of two) and offset (bytes) of a load, a store or an atomic access. */
  memarg(): MemoryArgument {
    return readMemoryArgument(this.#at(this.immediates));
  }

  /** All immediates in order, decoded: for listings. */
  operands(): readonly Operand[] {
    const cursor = this.#at(this.immediates);
    const kinds = instructionInfo(this.opcode)?.immediates ?? [];
    return kinds.map((kind) => readOperand(cursor, kind));
  }

  /** The catch clauses of `try_table`. */
  catches(): readonly CatchClause[] {
    const cursor = this.#at(this.immediates);
    readBlockType(cursor);
    return readCatches(cursor);
  }

  #at(position: number): ByteCursor {
    this.#cursor ??= new ByteCursor(this.bytes, "code", position, this.#limit);
    this.#cursor.position = position;
    return this.#cursor;
  }

  #prefixedNumber(at: number): number {
    const number = this.#wholeU32(at);
    // Shifted opcodes have 16 bits for the number; no prefix has more than 0x114.
    if (number > 0xffff) throw this.#malformed("unknown-opcode", `no instruction has number ${number}`);
    return number;
  }

  /** Leaves the position behind the number in `immediates`: the one value besides the result. */
  #wholeU32(at: number): number {
    const byte = this.bytes[at] as number;
    if (byte < 0x80 && at < this.#limit) {
      this.immediates = at + 1;
      return byte;
    }
    const cursor = this.#at(at);
    const value = readU32(cursor);
    this.immediates = cursor.position;
    return value;
  }

  #skipLeb128(start: number, longest: number): number {
    const { bytes } = this;
    let at = start;
    while ((bytes[at++] as number) >= 0x80);
    if (at - start > longest)
      throw this.#malformed("leb128-too-long", `a number of more than ${longest} bytes`);
    return at;
  }

  #skipMemarg(start: number): number {
    const flags = this.bytes[start] as number;
    let at = this.#skipLeb128(start, 5);
    // Bit 6 of the alignment says that a memory index follows. Only a padded number has it in its first byte too.
    if (flags & 0x40) at = this.#skipLeb128(at, 5);
    return this.#skipLeb128(at, 10);
  }

  #skipBlockType(start: number): number {
    const byte = this.bytes[start] as number;
    return this.#skipLeb128(byte === REF || byte === REF_NULL ? start + 1 : start, 5);
  }

  /** `extra`: elements beyond the count, as the default label of `br_table`. */
  #skipVector(start: number, extra: number): number {
    const count = this.#checkedCount(this.#wholeU32(start)) + extra;
    let at = this.immediates;
    this.immediates = start;
    for (let index = 0; index < count; index++) {
      at = extra ? this.#skipLeb128(at, 5) : this.#skipBlockType(at);
    }
    return at;
  }

  #skipCatches(start: number): number {
    const blockType = this.immediates;
    const count = this.#checkedCount(this.#wholeU32(start));
    let at = this.immediates;
    this.immediates = blockType;
    for (let index = 0; index < count; index++) {
      const kind = this.bytes[at] as number;
      at = this.#skipLeb128(at + 1, 5);
      if (kind < CATCH_ALL_CLAUSE) at = this.#skipLeb128(at, 5);
    }
    return at;
  }

  /** An element takes a byte at least: a larger count is a lie, and not worth looping for. */
  #checkedCount(count: number): number {
    if (count > this.#limit - this.offset)
      throw this.#malformed("unexpected-end", `${count} elements do not fit`);
    return count;
  }

  #unknownOpcode(): MalformedError {
    const hex = this.opcode > 0xff ? `0x${(this.opcode >>> 16).toString(16)} ` : "";
    return this.#malformed("unknown-opcode", `unknown opcode ${hex}0x${(this.opcode & 0xffff).toString(16)}`);
  }

  #malformed(code: "unknown-opcode" | "unexpected-end" | "leb128-too-long", detail: string): MalformedError {
    return new MalformedError(code, "code", this.offset, detail);
  }
}

const CATCH_ALL_CLAUSE = 2;
const REF = 0x64;
const REF_NULL = 0x63;

// How to skip an instruction's immediates.
const UNKNOWN = 0;
const NONE = 1;
const INDEX = 2;
const TWO_INDEXES = 3;
const LONG = 4;
const MEMARG = 5;
const MEMARG_LANE = 6;
const BLOCK_TYPE = 7;
const BYTES_1 = 8;
const BYTES_4 = 9;
const BYTES_8 = 10;
const BYTES_16 = 11;
const LABELS = 12;
const VALUE_TYPES = 13;
const TRY_TABLE_SHAPE = 14;
const CAST_BRANCH = 15;
const PREFIX = 16;

const SHAPE_OF_KIND: Readonly<Record<ImmediateKind, number>> = {
  blocktype: BLOCK_TYPE,
  label: INDEX,
  labels: LABELS,
  func: INDEX,
  type: INDEX,
  table: INDEX,
  memory: INDEX,
  global: INDEX,
  local: INDEX,
  tag: INDEX,
  elem: INDEX,
  data: INDEX,
  field: INDEX,
  count: INDEX,
  heaptype: INDEX,
  nullheaptype: INDEX,
  valtypes: VALUE_TYPES,
  catches: TRY_TABLE_SHAPE,
  castflags: CAST_BRANCH,
  memarg: MEMARG,
  lane: BYTES_1,
  shuffle: BYTES_16,
  zero: BYTES_1,
  i32: INDEX,
  i64: LONG,
  f32: BYTES_4,
  f64: BYTES_8,
  v128: BYTES_16,
};

function shapeOf(kinds: readonly ImmediateKind[]): number {
  const [first, second] = kinds;
  if (!first) return NONE;
  const shape = SHAPE_OF_KIND[first];
  if (!second || first === "castflags") return shape;
  if (second === "lane") return MEMARG_LANE;
  return second === "catches" ? TRY_TABLE_SHAPE : TWO_INDEXES;
}

const shapes = new Uint8Array(256);
/** By the low three bits of the prefix. */
const prefixedShapes: Uint8Array[] = Array.from({ length: 8 }, () => new Uint8Array(0x120));
for (const { opcode, immediates } of allInstructions()) {
  const shape = shapeOf(immediates);
  if (opcode <= 0xff) {
    shapes[opcode] = shape;
  } else {
    shapes[opcode >>> 16] = PREFIX;
    (prefixedShapes[(opcode >>> 16) & 7] as Uint8Array)[opcode & 0xffff] = shape;
  }
}

/**
 * Every instruction of the WebAssembly binary format, by the table of them: number, name, immediates, signature.
 *
 * Standardised proposals up to WebAssembly 3.0 are in, with threads and the older exception instructions
 * (try, catch, rethrow, delegate), which engines still run.
 * Source: core specification, binary format, "Instructions"; proposals "Threads" and "Exception handling" (legacy).
 */
import { INSTRUCTION_TABLE } from "./instruction-table.ts";

/**
 * An instruction as a number: its byte, or for an instruction behind one of the prefixes 0xfb to 0xfe
 * the prefix shifted left by 16 bits, plus the number that follows it (`v128.const` is 0xfd000c).
 */
export type Opcode = number;

/**
 * What an immediate is, in the order in which the bytes come.
 *
 * `blocktype`, heap types, indexes and labels are LEB128; `lane`, `castflags` and `zero` one byte; `shuffle` sixteen.
 * `nullheaptype` is a heap type that stands for a nullable reference to it.
 * `labels` (br_table), `valtypes` (select) and `catches` (try_table) are vectors.
 */
export type ImmediateKind =
  | "blocktype"
  | "label"
  | "labels"
  | "func"
  | "type"
  | "table"
  | "memory"
  | "global"
  | "local"
  | "tag"
  | "elem"
  | "data"
  | "field"
  | "count"
  | "heaptype"
  | "nullheaptype"
  | "valtypes"
  | "catches"
  | "castflags"
  | "memarg"
  | "lane"
  | "shuffle"
  | "zero"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  | "v128";

/**
 * Type of an operand in a fixed signature. `address`: i32 or i64 as the (first) memory or table named by
 * the instruction is indexed; `address2` as the second is; `size`: i64 where both are i64, else i32.
 */
export type OperandType = "i32" | "i64" | "f32" | "f64" | "v128" | "address" | "address2" | "size";

/** What an instruction takes from the operand stack and leaves there, last operand on top. */
export interface Signature {
  readonly params: readonly OperandType[];
  readonly results: readonly OperandType[];
}

/** One line of the table. */
export interface InstructionInfo {
  readonly opcode: Opcode;
  /** As in the text format. */
  readonly mnemonic: string;
  readonly immediates: readonly ImmediateKind[];
  /** `undefined` where it depends on immediates, on the module or on what comes before. */
  readonly signature: Signature | undefined;
}

/** Facts about an instruction, or `undefined` for a number that is none. */
export const instructionInfo = (opcode: Opcode): InstructionInfo | undefined => byOpcode.get(opcode);

/** The number of the instruction the text format calls `mnemonic`. */
export const findOpcode = (mnemonic: string): Opcode | undefined => byMnemonic.get(mnemonic)?.opcode;

/** All instructions, in rising order of their numbers. */
export const allInstructions = (): Iterable<InstructionInfo> => byOpcode.values();

// The instructions code has to tell apart, as constants; the table below names them all.
export const UNREACHABLE = 0x00;
export const NOP = 0x01;
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const IF = 0x04;
export const ELSE = 0x05;
export const TRY = 0x06;
export const CATCH = 0x07;
export const THROW = 0x08;
export const RETHROW = 0x09;
export const THROW_REF = 0x0a;
export const END = 0x0b;
export const BR = 0x0c;
export const BR_IF = 0x0d;
export const BR_TABLE = 0x0e;
export const RETURN = 0x0f;
export const CALL = 0x10;
export const CALL_INDIRECT = 0x11;
export const RETURN_CALL = 0x12;
export const RETURN_CALL_INDIRECT = 0x13;
export const CALL_REF = 0x14;
export const RETURN_CALL_REF = 0x15;
export const DELEGATE = 0x18;
export const CATCH_ALL = 0x19;
export const TRY_TABLE = 0x1f;
export const LOCAL_GET = 0x20;
export const LOCAL_SET = 0x21;
export const LOCAL_TEE = 0x22;
export const GLOBAL_GET = 0x23;
export const GLOBAL_SET = 0x24;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;
export const F32_CONST = 0x43;
export const F64_CONST = 0x44;
export const DROP = 0x1a;
export const SELECT = 0x1b;
export const I32_EQ = 0x46;
export const I32_LT_U = 0x49;
export const I32_GT_U = 0x4b;
export const I64_EQ = 0x51;
export const I64_LT_U = 0x54;
export const I64_GT_U = 0x56;
export const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const I32_AND = 0x71;
export const I32_OR = 0x72;
export const I64_ADD = 0x7c;
export const I64_SUB = 0x7d;
export const I64_AND = 0x83;
export const I64_EXTEND_I32_U = 0xad;
export const F64_CONVERT_I32_U = 0xb8;
export const F64_CONVERT_I64_U = 0xba;
export const REF_NULL = 0xd0;
export const BR_ON_NULL = 0xd5;
export const BR_ON_NON_NULL = 0xd6;
export const BR_ON_CAST = 0xfb0018;
export const BR_ON_CAST_FAIL = 0xfb0019;
export const I64X2_SPLAT = 0xfd0012;
export const I64X2_EXTRACT_LANE = 0xfd001d;
export const I64X2_REPLACE_LANE = 0xfd001e;

/** Block type of a block that takes and leaves nothing. */
export const EMPTY_BLOCK_TYPE = 0x40;

/** After these the rest of the block cannot be reached: its operand stack is polymorphic. */
export function endsControlFlow(opcode: Opcode): boolean {
  switch (opcode) {
    case UNREACHABLE:
    case THROW:
    case RETHROW:
    case THROW_REF:
    case BR:
    case BR_TABLE:
    case RETURN:
    case RETURN_CALL:
    case RETURN_CALL_INDIRECT:
    case RETURN_CALL_REF:
      return true;
    default:
      return false;
  }
}

const LETTERS: Readonly<Record<string, OperandType>> = {
  i: "i32",
  I: "i64",
  f: "f32",
  F: "f64",
  v: "v128",
  p: "address",
  q: "address2",
  n: "size",
};

const byOpcode = new Map<Opcode, InstructionInfo>();
const byMnemonic = new Map<string, InstructionInfo>();
for (const line of INSTRUCTION_TABLE.trim().split("\n")) {
  const info = toInstructionInfo(line.split(" "));
  byOpcode.set(info.opcode, info);
  // `select`, `ref.test` and `ref.cast` come in two forms: the name means the first in the table.
  if (!byMnemonic.has(info.mnemonic)) byMnemonic.set(info.mnemonic, info);
}

function toInstructionInfo(fields: readonly string[]): InstructionInfo {
  const [code = "", mnemonic = "", ...rest] = fields;
  const signature = rest.pop() ?? "-";
  const [params = "", results = ""] = signature.split(":");
  return {
    opcode: code.length <= 2 ? Number.parseInt(code, 16) : prefixed(code),
    mnemonic,
    immediates: rest as ImmediateKind[],
    signature: signature === "-" ? undefined : { params: toTypes(params), results: toTypes(results) },
  };
}

function prefixed(code: string): Opcode {
  return (Number.parseInt(code.slice(0, 2), 16) << 16) | Number.parseInt(code.slice(2), 16);
}

function toTypes(letters: string): readonly OperandType[] {
  return Array.from(letters, (letter) => LETTERS[letter] as OperandType);
}

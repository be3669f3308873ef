import type { CodeReader } from "./code-reader.ts";
import { BR_ON_CAST, BR_ON_CAST_FAIL, instructionInfo } from "./instructions.ts";
import type { BlockType, CatchClause, MemoryArgument, Operand } from "./operands.ts";
import { formatValueType, heapTypeOf, nullableRef, nullableTypeRef, type ValueType } from "./value-type.ts";

/**
 * The instruction `reader` stands at as the text format writes it, with indexes as numbers:
 * `i32.load offset=8`, `br_table 0 1`, `block (result i32)`.
 *
 * NaN payloads are left out. @throws {MalformedError} when its immediates are malformed.
 */
export function formatInstruction(reader: CodeReader): string {
  const operands = inTextOrder(reader, reader.operands());
  return [reader.mnemonic, ...operands].filter((part) => part !== "").join(" ");
}

function inTextOrder(reader: CodeReader, operands: readonly Operand[]): readonly string[] {
  const [first, second, third, fourth] = operands;
  if (first?.kind === "castflags" && second && third?.kind === "heaptype" && fourth?.kind === "heaptype") {
    const source = formatReference(third.value, (first.value & 1) !== 0);
    const target = formatReference(fourth.value, (first.value & 2) !== 0);
    return [format(second, reader), source, target];
  }
  // The binary format puts the index space first that the text puts last.
  if (first && second?.kind === "table" && first.kind !== "table")
    return [omitted0(second), format(first, reader)];
  if (first?.kind === "data" && second?.kind === "memory") return [omitted0(second), format(first, reader)];
  if (first?.kind === "memory" && second?.kind === "memory") {
    return first.value === 0 && second.value === 0 ? [] : [String(first.value), String(second.value)];
  }
  if (reader.mnemonic.startsWith("call_ref") && first) return [String(first.value)];
  return operands.map((operand) => format(operand, reader));
}

function format(operand: Operand, reader: CodeReader): string {
  switch (operand.kind) {
    case "blocktype":
      return formatBlockType(operand.value);
    case "labels":
      return operand.value.join(" ");
    case "heaptype":
      return isCast(reader) ? formatReference(operand.value, false) : formatHeapType(operand.value);
    case "nullheaptype":
      return formatReference(operand.value, true);
    case "valtypes":
      return `(result ${operand.value.map(formatValueType).join(" ")})`;
    case "catches":
      return operand.value.map(formatCatch).join(" ");
    case "memarg":
      return formatMemoryArgument(operand.value, reader.mnemonic);
    case "shuffle":
      return operand.value.join(" ");
    case "v128":
      return `i8x16 ${operand.value.join(" ")}`;
    case "f32":
    case "f64":
      return formatFloat(operand.value);
    case "type":
      return reader.mnemonic.includes("call_indirect") ? `(type ${operand.value})` : String(operand.value);
    case "memory":
    case "zero":
      return omitted0(operand);
    default:
      return String(operand.value);
  }
}

const omitted0 = (operand: Operand): string => (operand.value === 0 ? "" : String(operand.value));

function formatBlockType(type: BlockType): string {
  if (type === undefined) return "";
  return typeof type === "number" ? `(result ${formatValueType(type)})` : `(type ${type.typeIndex})`;
}

function formatCatch(clause: CatchClause): string {
  const tag = clause.tag === undefined ? "" : ` ${clause.tag}`;
  return `(${clause.kind}${tag} ${clause.label})`;
}

function isCast({ opcode }: CodeReader): boolean {
  const { mnemonic } = instructionInfo(opcode) ?? { mnemonic: "" };
  return (
    opcode === BR_ON_CAST || opcode === BR_ON_CAST_FAIL || mnemonic === "ref.test" || mnemonic === "ref.cast"
  );
}

function formatHeapType(type: ValueType): string {
  const heap = heapTypeOf(type);
  return heap?.kind === "abstract" ? heap.name : String(heap?.typeIndex);
}

/** `type` names the heap type only. */
function formatReference(type: ValueType, isNullable: boolean): string {
  if (!isNullable) return formatValueType(type);
  const heap = heapTypeOf(type);
  if (!heap) return formatValueType(type);
  return formatValueType(heap.kind === "abstract" ? nullableRef(heap.name) : nullableTypeRef(heap.typeIndex));
}

function formatMemoryArgument({ memory, offset, align }: MemoryArgument, mnemonic: string): string {
  const parts = memory === 0 ? [] : [String(memory)];
  if (offset !== 0n) parts.push(`offset=${offset}`);
  if (2 ** align !== accessSizeBytes(mnemonic)) parts.push(`align=${2 ** align}`);
  return parts.join(" ");
}

/** Bytes a load, store or atomic access touches, which is also its natural alignment. */
function accessSizeBytes(mnemonic: string): number {
  const narrow = /(?:load|store|rmw|wait)(\d+)(?:x(\d+))?/.exec(mnemonic);
  if (narrow) return (Number(narrow[1]) * Number(narrow[2] ?? 1)) / 8;
  if (mnemonic.startsWith("v128")) return 16;
  return mnemonic.startsWith("i64") || mnemonic.startsWith("f64") ? 8 : 4;
}

function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

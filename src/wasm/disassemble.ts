import type { CodeReader } from "./code-reader.ts";
import { BR_ON_CAST, BR_ON_CAST_FAIL, DELEGATE, instructionInfo, RETHROW } from "./instructions.ts";
import type { BlockType, CatchClause, MemoryArgument, Operand } from "./operands.ts";
import {
  formatNamedValueType,
  heapTypeOf,
  nullableRef,
  nullableTypeRef,
  type ValueType,
} from "./value-type.ts";

/** How what instructions name by number is written. */
export interface OperandTexts {
  /** An index. */
  index(kind: NamedOperand, index: number): string;
  /** A function type, as that of a block or of what is called through a table: `(type 3)`, `(param i32)`. */
  typeUse(typeIndex: number): string;
  /** A label, counted from the innermost block around the instruction. */
  label(depth: number): string;
}

/** Index spaces whose members may have names. */
export type NamedOperand =
  | "func"
  | "type"
  | "table"
  | "memory"
  | "global"
  | "local"
  | "tag"
  | "elem"
  | "data";

/** Everything as its number, which assembles to the same bytes in any module. */
const numberTexts: OperandTexts = {
  index: (_, index) => String(index),
  typeUse: (typeIndex) => `(type ${typeIndex})`,
  label: String,
};

/**
 * The instruction `reader` stands at as the text format writes it, with indexes as numbers unless `texts` knows better:
 * `i32.load offset=8`, `br_table 0 1`, `block (result i32)`.
 *
 * NaN payloads are left out. @throws {MalformedError} when its immediates are malformed.
 */
export function formatInstruction(reader: CodeReader, texts: OperandTexts = numberTexts): string {
  const operands = inTextOrder(reader, reader.operands(), texts);
  return [reader.mnemonic, ...operands].filter((part) => part !== "").join(" ");
}

function inTextOrder(
  reader: CodeReader,
  operands: readonly Operand[],
  texts: OperandTexts,
): readonly string[] {
  const [first, second, third, fourth] = operands;
  const text = (operand: Operand): string => format(operand, reader, texts);
  if (first?.kind === "castflags" && second && third?.kind === "heaptype" && fourth?.kind === "heaptype") {
    const source = formatReference(third.value, (first.value & 1) !== 0, texts);
    const target = formatReference(fourth.value, (first.value & 2) !== 0, texts);
    return [text(second), source, target];
  }
  // The binary format puts the index space first that the text puts last.
  if (first && second?.kind === "table" && first.kind !== "table")
    return [omitted0(second, texts), text(first)];
  if (first?.kind === "data" && second?.kind === "memory") return [omitted0(second, texts), text(first)];
  if (first?.kind === "memory" && second?.kind === "memory") {
    const bothFirst = first.value === 0 && second.value === 0;
    return bothFirst ? [] : [texts.index("memory", first.value), texts.index("memory", second.value)];
  }
  if (reader.mnemonic.includes("call_ref") && first?.kind === "type")
    return [texts.index("type", first.value)];
  return operands.map(text);
}

function format(operand: Operand, reader: CodeReader, texts: OperandTexts): string {
  switch (operand.kind) {
    case "blocktype":
      return formatBlockType(operand.value, texts);
    case "label":
      // Of these two the label says which block an exception goes on from, not where code does.
      return isHandOver(reader) ? String(operand.value) : texts.label(operand.value);
    case "labels":
      return operand.value.map((label) => texts.label(label)).join(" ");
    case "heaptype":
      return isCast(reader)
        ? formatReference(operand.value, false, texts)
        : formatHeapType(operand.value, texts);
    case "nullheaptype":
      return formatReference(operand.value, true, texts);
    case "valtypes":
      return `(result ${operand.value.map((type) => valueType(type, texts)).join(" ")})`;
    case "catches":
      return operand.value.map((clause) => formatCatch(clause, texts)).join(" ");
    case "memarg":
      return formatMemoryArgument(operand.value, reader.mnemonic, texts);
    case "shuffle":
      return operand.value.join(" ");
    case "v128":
      return `i8x16 ${operand.value.join(" ")}`;
    case "f32":
    case "f64":
      return formatFloat(operand.value);
    case "type":
      return reader.mnemonic.includes("call_indirect")
        ? texts.typeUse(operand.value)
        : texts.index("type", operand.value);
    case "memory":
    case "zero":
      return omitted0(operand, texts);
    case "func":
    case "table":
    case "global":
    case "local":
    case "tag":
    case "elem":
    case "data":
      return texts.index(operand.kind, operand.value);
    default:
      return String(operand.value);
  }
}

function omitted0(operand: Operand & { readonly value: number }, texts: OperandTexts): string {
  if (operand.value === 0) return "";
  return operand.kind === "table" || operand.kind === "memory"
    ? texts.index(operand.kind, operand.value)
    : String(operand.value);
}

function formatBlockType(type: BlockType, texts: OperandTexts): string {
  if (type === undefined) return "";
  return typeof type === "number" ? `(result ${valueType(type, texts)})` : texts.typeUse(type.typeIndex);
}

function formatCatch(clause: CatchClause, texts: OperandTexts): string {
  const tag = clause.tag === undefined ? "" : ` ${texts.index("tag", clause.tag)}`;
  return `(${clause.kind}${tag} ${texts.label(clause.label)})`;
}

const isHandOver = ({ opcode }: CodeReader): boolean => opcode === DELEGATE || opcode === RETHROW;

function isCast({ opcode }: CodeReader): boolean {
  const { mnemonic } = instructionInfo(opcode) ?? { mnemonic: "" };
  return (
    opcode === BR_ON_CAST || opcode === BR_ON_CAST_FAIL || mnemonic === "ref.test" || mnemonic === "ref.cast"
  );
}

function formatHeapType(type: ValueType, texts: OperandTexts): string {
  const heap = heapTypeOf(type);
  if (!heap) return "";
  return heap.kind === "abstract" ? heap.name : texts.index("type", heap.typeIndex);
}

/** `type` names the heap type only. */
function formatReference(type: ValueType, isNullable: boolean, texts: OperandTexts): string {
  const heap = isNullable ? heapTypeOf(type) : undefined;
  if (!heap) return valueType(type, texts);
  const nullable = heap.kind === "abstract" ? nullableRef(heap.name) : nullableTypeRef(heap.typeIndex);
  return valueType(nullable, texts);
}

const valueType = (type: ValueType, texts: OperandTexts): string =>
  formatNamedValueType(type, (typeIndex) => texts.index("type", typeIndex));

function formatMemoryArgument(
  { memory, offset, align }: MemoryArgument,
  mnemonic: string,
  texts: OperandTexts,
): string {
  const parts = memory === 0 ? [] : [texts.index("memory", memory)];
  if (offset !== 0n) parts.push(`offset=${offset}`);
  if (2 ** align !== accessSizeBytes(mnemonic)) parts.push(`align=${2 ** align}`);
  return parts.join(" ");
}

/** Bytes a load, store or atomic access touches, which is also its natural alignment. */
export function accessSizeBytes(mnemonic: string): number {
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

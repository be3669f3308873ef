import { ByteCursor } from "../base/bytes.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import {
  DW_AT_type,
  DW_OP_const1u,
  DW_OP_consts,
  DW_OP_lit0,
  DW_OP_lit31,
  DW_OP_piece,
  DW_OP_stack_value,
  DW_OP_WASM_location,
  DW_TAG_array_type,
  DW_TAG_class_type,
  DW_TAG_const_type,
  DW_TAG_structure_type,
  DW_TAG_typedef,
  DW_TAG_union_type,
  DW_TAG_volatile_type,
} from "./constants.ts";
import type { Die } from "./die.ts";
import { readSleb, readUleb } from "./dwarf-leb128.ts";

/**
 * A variable's location as version 4 would write it. Before that there was no `DW_OP_stack_value`, and LLVM leaves it out: a
 * variable whose value is in a slot of Wasm, or is known, has the same expression as one that lies at that address.
 * What does not fit a slot is at an address; anything else is the value itself. `undefined` where nothing tells.
 */
export function asOfVersion4(variable: Die, bytes: Uint8Array): Uint8Array | undefined {
  const parts = ifWellFormed(() => valuesIn(bytes));
  if (parts === "other") return bytes;
  if (parts === undefined || parts === "computed") return undefined;
  const [only] = parts;
  if (parts.length === 1 && only?.piece.length === 0 && isAggregate(variable)) return bytes;
  return Uint8Array.from(parts.flatMap(({ value, piece }) => [...value, DW_OP_stack_value, ...piece]));
}

/** A slot's content or a constant, and the `DW_OP_piece` behind it, if any. */
interface ValuePart {
  readonly value: Uint8Array;
  readonly piece: Uint8Array;
}

/** "other": an expression that begins with no such value; "computed": one that goes on with what is neither a piece nor the end. */
function valuesIn(bytes: Uint8Array): readonly ValuePart[] | "other" | "computed" {
  const cursor = new ByteCursor(bytes, "location");
  const parts: ValuePart[] = [];
  while (!cursor.atEnd) {
    const start = cursor.position;
    if (!skipValue(cursor)) return parts.length === 0 ? "other" : "computed";
    const end = cursor.position;
    if (!cursor.atEnd) {
      if (cursor.u8() !== DW_OP_piece) return "computed";
      readUleb(cursor);
    }
    parts.push({ value: bytes.subarray(start, end), piece: bytes.subarray(end, cursor.position) });
  }
  return parts;
}

/** Bytes behind the operators for constants of a fixed size, from `DW_OP_const1u` on. */
const constantSizes = [1, 1, 2, 2, 4, 4, 8, 8];

function skipValue(cursor: ByteCursor): boolean {
  const opcode = cursor.u8();
  if (opcode >= DW_OP_lit0 && opcode <= DW_OP_lit31) return true;
  if (opcode === DW_OP_WASM_location) {
    if (cursor.u8() === 3) cursor.take(4);
    else readUleb(cursor);
    return true;
  }
  if (opcode < DW_OP_const1u || opcode > DW_OP_consts) return false;
  const size = constantSizes[opcode - DW_OP_const1u];
  if (size !== undefined) cursor.take(size);
  else readSleb(cursor);
  return true;
}

const aggregates: ReadonlySet<number> = new Set([
  DW_TAG_array_type,
  DW_TAG_structure_type,
  DW_TAG_class_type,
  DW_TAG_union_type,
]);
const wrappers: ReadonlySet<number> = new Set([DW_TAG_typedef, DW_TAG_const_type, DW_TAG_volatile_type]);
const mostWrappers = 32;

function isAggregate(variable: Die): boolean {
  let type = variable.holder(DW_AT_type)?.reference(DW_AT_type);
  for (let steps = 0; type && wrappers.has(type.tag) && steps < mostWrappers; steps++)
    type = type.reference(DW_AT_type);
  return type !== undefined && aggregates.has(type.tag);
}

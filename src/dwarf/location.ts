import { AttrClass } from "gimli-wasm";
import type { CodeOffset } from "../base/brand.ts";
import { DW_AT_const_value, DW_AT_location } from "./constants.ts";
import type { Die } from "./die.ts";

/** What a DIE's location attribute says for one program point. */
export type LocationSource =
  | { readonly kind: "expression"; readonly bytes: Uint8Array; readonly die: Die }
  /** DW_AT_const_value: no location, the value itself, little-endian; a constant's bytes are 8, sign-extended by form. */
  | { readonly kind: "constant"; readonly bytes: Uint8Array }
  | { readonly kind: "none"; readonly reason: string };

/**
 * The expression that `attribute` (DW_AT_location, DW_AT_frame_base) of `die` gives at `address`.
 *
 * Of a location list, the first entry that holds `address`, else the default one. A DIE without the
 * attribute falls back on DW_AT_const_value. @throws {MalformedError} `dwarf`
 */
export function locationAt(die: Die, address: CodeOffset, attribute = DW_AT_location): LocationSource {
  const holder = die.holder(attribute);
  const value = holder?.attribute(attribute);
  if (!holder || !value) return constantOf(die);
  switch (value.class) {
    case AttrClass.expression:
    case AttrClass.block: {
      const bytes = holder.expression(attribute);
      if (!bytes) return { kind: "none", reason: "no location" };
      return bytes.length > 0
        ? { kind: "expression", bytes, die: holder }
        : { kind: "none", reason: "optimised out" };
    }
    case AttrClass.locationList: {
      const bytes = entryAt(holder, value.low, address);
      if (!bytes) return { kind: "none", reason: "optimised out here" };
      return bytes.length > 0
        ? { kind: "expression", bytes, die: holder }
        : { kind: "none", reason: "optimised out" };
    }
    default:
      return { kind: "none", reason: "its location is in an unsupported form" };
  }
}

function entryAt(die: Die, list: number, address: CodeOffset): Uint8Array | undefined {
  const { begin, end, start, bytes } = die.unit.module.read((columns) =>
    columns.locationList(die.unit.contents.unit, list),
  );
  let chosen = -1;
  for (let row = 0; row < begin.length; row++) {
    const first = begin[row] as number;
    if (first === -1) {
      if (chosen < 0) chosen = row;
    } else if (first <= address && address < (end[row] as number)) {
      chosen = row;
      break;
    }
  }
  return chosen < 0 ? undefined : bytes.subarray(start[chosen], start[chosen + 1]);
}

function constantOf(die: Die): LocationSource {
  const holder = die.holder(DW_AT_const_value);
  if (!holder) return { kind: "none", reason: "optimised out" };
  const block = holder.expression(DW_AT_const_value);
  if (block) return { kind: "constant", bytes: block };
  const text = holder.string(DW_AT_const_value);
  if (text !== undefined) return { kind: "constant", bytes: new TextEncoder().encode(`${text}\0`) };
  const constant = holder.signedConstant(DW_AT_const_value);
  if (constant === undefined) return { kind: "none", reason: "its constant is in an unsupported form" };
  const bytes = new Uint8Array(16);
  let rest = BigInt.asUintN(128, constant);
  for (let index = 0; index < 16; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return { kind: "constant", bytes };
}

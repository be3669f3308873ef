import { AttrClass, type LocationColumns } from "gimli-wasm";
import { type CodeOffset, toCodeOffset } from "../base/brand.ts";
import { ByteCursor } from "../base/bytes.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import {
  DW_AT_artificial,
  DW_AT_const_value,
  type DW_AT_frame_base,
  DW_AT_location,
  DW_OP_fbreg,
  DW_OP_stack_value,
  DW_OP_WASM_location,
} from "./constants.ts";
import type { AttributeValue, Die } from "./die.ts";
import { readSleb } from "./dwarf-leb128.ts";
import { asOfVersion4 } from "./early-locations.ts";

/** What a DIE's location attribute says for one program point. */
export type LocationSource =
  | {
      readonly kind: "expression";
      readonly bytes: Uint8Array;
      readonly die: Die;
      /** Where the expression is nothing but a distance from the frame base: that, in bytes. */
      readonly frameOffset?: bigint;
      /** Where it is nothing but the content of a local of Wasm, which is the value itself and no address: that local's index. */
      readonly local?: number;
      /** Where the entries begin, without a gap before this one, that say of an operand what this one does; absent for a place that holds throughout. */
      operandSince?(operand: number): CodeOffset;
      /** Where the entry of the list begins; absent as above. */
      readonly begin?: CodeOffset;
    }
  /** DW_AT_const_value: no location, the value itself, little-endian; a constant's bytes are 8, sign-extended by form. */
  | { readonly kind: "constant"; readonly bytes: Uint8Array }
  | { readonly kind: "none"; readonly reason: string };

/**
 * The expression that `attribute` (DW_AT_location, DW_AT_frame_base) of `die` gives at `address`.
 *
 * Of a location list, the first entry that holds `address`, else the default one. A DIE without the
 * attribute falls back on DW_AT_const_value. @throws {MalformedError} `dwarf`
 */
export function locationAt(
  die: Die,
  address: CodeOffset,
  attribute: typeof DW_AT_location | typeof DW_AT_frame_base = DW_AT_location,
): LocationSource {
  const fixed = attribute === DW_AT_location ? fixedLocations : fixedBases;
  const known = fixed.get(die);
  if (known) return known;
  const holder = die.holder(attribute);
  const value = holder?.attribute(attribute);
  if (holder && value?.class === AttrClass.locationList) {
    const entry = entryAt(holder, value.low, address);
    if (!entry) return { kind: "none", reason: "optimised out here" };
    if (entry.bytes.length === 0) return { kind: "none", reason: "optimised out" };
    const bytes = corrected(die, holder, entry.bytes, attribute);
    return bytes ? { kind: "expression", die: holder, ...entry, bytes } : ambiguous;
  }
  const source = holder && value ? fixedLocation(die, holder, value, attribute) : constantOf(die);
  fixed.set(die, source);
  return source;
}

/** Where variables are that are there wherever the program stands. */
const fixedLocations = new WeakMap<Die, LocationSource>();
/** Likewise, the frame bases of functions. */
const fixedBases = new WeakMap<Die, LocationSource>();

function fixedLocation(die: Die, holder: Die, value: AttributeValue, attribute: number): LocationSource {
  if (value.class !== AttrClass.expression && value.class !== AttrClass.block)
    return { kind: "none", reason: "its location is in an unsupported form" };
  const bytes = holder.expression(attribute);
  if (!bytes) return { kind: "none", reason: "no location" };
  if (bytes.length === 0) return { kind: "none", reason: "optimised out" };
  const whole = corrected(die, holder, bytes, attribute);
  if (!whole) return ambiguous;
  const frameOffset = frameOffsetIn(whole);
  const local = localIn(whole);
  return {
    ...{ kind: "expression", bytes: whole, die: holder },
    ...(frameOffset === undefined ? {} : { frameOffset }),
    ...(local === undefined ? {} : { local }),
  };
}

/** The local that an expression gives the content of. */
function localIn([operation, kind, index = 0, end, ...more]: Uint8Array): number | undefined {
  const isSlot = operation === DW_OP_WASM_location && kind === 0 && index < 0x80;
  return isSlot && end === DW_OP_stack_value && more.length === 0 ? index : undefined;
}

/** The operand of an expression that is one `DW_OP_fbreg`. */
function frameOffsetIn(bytes: Uint8Array): bigint | undefined {
  if (bytes[0] !== DW_OP_fbreg) return undefined;
  const cursor = new ByteCursor(bytes, "location", 1);
  const offset = ifWellFormed(() => readSleb(cursor));
  return cursor.atEnd ? offset : undefined;
}

const ambiguous = {
  kind: "none",
  reason: "its debug info, older than DWARF 4, does not tell its value from its address",
} as const;

/**
 * What a compiler means. LDC says of `this` in D that the pointer is in memory, at the address in a local: it is in the local
 * itself. `undefined` where what it means cannot be known.
 */
function corrected(die: Die, holder: Die, bytes: Uint8Array, attribute: number): Uint8Array | undefined {
  if (attribute === DW_AT_location && holder.unit.version < 4) return asOfVersion4(die, bytes);
  const isLocal = bytes[0] === DW_OP_WASM_location && bytes[1] === 0 && bytes.length === 3;
  const isThis = isLocal && holder.flag(DW_AT_artificial) && holder.unit.sourceLanguage === "d";
  return isThis ? Uint8Array.of(...bytes, DW_OP_stack_value) : bytes;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly begin?: CodeOffset;
  operandSince?(operand: number): CodeOffset;
}

function entryAt(die: Die, list: number, address: CodeOffset): Entry | undefined {
  const columns = die.unit.module.read((all) => all.locationList(die.unit.contents.unit, list));
  const { begin, end } = columns;
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
  if (chosen < 0) return undefined;
  const bytes = expressionOf(columns, chosen);
  if (begin[chosen] === -1) return { bytes };
  const first = toCodeOffset(begin[chosen] as number);
  return { bytes, begin: first, operandSince: (operand) => sinceOf(columns, chosen, operand) };
}

/** Compilers divide a range where another part of the variable moves. */
function sinceOf(columns: LocationColumns, chosen: number, operand: number): CodeOffset {
  let row = chosen;
  while (
    row > 0 &&
    columns.end[row - 1] === columns.begin[row] &&
    namesOperand(expressionOf(columns, row - 1), operand)
  )
    row--;
  return toCodeOffset(columns.begin[row] as number);
}

function namesOperand(bytes: Uint8Array, operand: number): boolean {
  // Operands are few: their number is one byte.
  return bytes.some(
    (byte, at) => byte === DW_OP_WASM_location && bytes[at + 1] === 2 && bytes[at + 2] === operand,
  );
}

const expressionOf = ({ start, bytes }: LocationColumns, row: number): Uint8Array =>
  bytes.subarray(start[row], start[row + 1]);

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

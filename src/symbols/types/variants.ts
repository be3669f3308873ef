import { ByteCursor } from "../../base/bytes.ts";
import { MalformedError } from "../../base/errors.ts";
import * as dw from "../../dwarf/constants.ts";
import type { Die } from "../../dwarf/die.ts";
import { readUleb } from "../../dwarf/dwarf-leb128.ts";
import { readMember } from "./members.ts";
import type { Type, Variant, VariantPart } from "./type.ts";

const maxVariants = 100_000;

/**
 * The variants of a record's DIE; `undefined` for one that has none.
 *
 * Source: DWARF 5, "Variant Entries".
 */
export function readVariantPart(record: Die, typeOf: (die: Die) => Type): VariantPart | undefined {
  try {
    for (const part of record.children()) {
      if (part.tag !== dw.DW_TAG_variant_part) continue;
      const discriminant = part.reference(dw.DW_AT_discr);
      const variants: Variant[] = [];
      for (const die of part.children()) {
        if (die.tag !== dw.DW_TAG_variant || variants.length >= maxVariants) continue;
        const variant = readVariant(die, typeOf);
        if (variant) variants.push(variant);
      }
      return {
        discriminant: discriminant && readMember(discriminant, typeOf(discriminant)),
        variants,
      };
    }
    return undefined;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function readVariant(variant: Die, typeOf: (die: Die) => Type): Variant | undefined {
  for (const die of variant.children()) {
    if (die.tag !== dw.DW_TAG_member) continue;
    const member = readMember(die, typeOf(die));
    return member && { values: valuesOf(variant), member };
  }
  return undefined;
}

function valuesOf(variant: Die): Variant["values"] {
  const single = variant.constant(dw.DW_AT_discr_value);
  if (single !== undefined) return [[single, single]];
  const list = variant.expression(dw.DW_AT_discr_list) ?? variant.expression(dw.DW_AT_discr_value);
  if (!list) return undefined;
  // A discriminant of more than 64 bits is a block of its bytes.
  if (!variant.has(dw.DW_AT_discr_list)) {
    const value = list.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
    return [[value, value]];
  }
  return readList(list);
}

/** DW_DSC_label 0 and a value, or DW_DSC_range 1 and two. */
function readList(bytes: Uint8Array): readonly (readonly [bigint, bigint])[] {
  const cursor = new ByteCursor(bytes, "discriminants");
  const values: [bigint, bigint][] = [];
  while (!cursor.atEnd) {
    const isRange = cursor.u8() === 1;
    const least = readUleb(cursor);
    values.push([least, isRange ? readUleb(cursor) : least]);
  }
  return values;
}

import { plainType, type RecordType, sizeOf, type Type } from "../types/type.ts";
import { recordFields } from "../values/fields.ts";

/** How a record is handed to a function of C or C++ by value. */
export type ArgumentForm =
  | { readonly kind: "nothing" }
  /** As the one number it is made of. */
  | { readonly kind: "number"; readonly type: Type }
  /** As the address of a copy. */
  | { readonly kind: "copy" }
  /** As the address of a copy that code of its own makes, and something has to end. */
  | { readonly kind: "own-copy" };

/** Source: WebAssembly tool conventions, "C ABI"; clang, WebAssemblyABIInfo; Itanium C++ ABI, "Value Parameter". */
export function argumentForm(record: RecordType): ArgumentForm {
  if (record.isCopiedByCode) return { kind: "own-copy" };
  if (record.sizeBytes === 0 || isEmpty(record)) return { kind: "nothing" };
  const single = singleNumber(record);
  return single ? { kind: "number", type: single } : { kind: "copy" };
}

/** The number that a type is made of, and of nothing else; `undefined` where it is made of several, or of none. */
export function singleNumber(type: Type): Type | undefined {
  const plain = plainType(type);
  switch (plain.kind) {
    case "base":
    case "enumeration":
    case "pointer":
      return plain;
    case "array":
      return plain.count === 1 ? singleNumber(plain.element) : undefined;
    case "record": {
      if (plain.variants) return undefined;
      const fields = plain.members.filter(({ type: of }) => !isEmpty(of));
      const [only] = fields;
      const isWhole = only && !only.bits && sizeOf(only.type) === plain.sizeBytes;
      return fields.length === 1 && isWhole ? singleNumber(only.type) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a type has nothing in it: a class without members has a size all the same. */
function isEmpty(type: Type): boolean {
  const plain = plainType(type);
  if (plain.kind === "array") return plain.count === 0;
  return plain.kind === "record" && !plain.variants && plain.members.every((member) => isEmpty(member.type));
}

/**
 * The numbers that a record of Rust is made of, in the order of memory; `undefined` where it is more than numbers: what owns
 * something would be given away.
 */
export function numbersOf(
  record: RecordType,
): readonly { readonly type: Type; readonly at: number }[] | undefined {
  const numbers: { readonly type: Type; readonly at: number }[] = [];
  return collect(record, 0, numbers) ? numbers.sort((a, b) => a.at - b.at) : undefined;
}

const mostNumbers = 64;

function collect(type: Type, at: number, into: { readonly type: Type; readonly at: number }[]): boolean {
  const plain = plainType(type);
  if (plain.kind === "base" || plain.kind === "enumeration")
    return into.push({ type: plain, at }) <= mostNumbers;
  if (plain.kind !== "record" || plain.variants || plain.form === "union") return false;
  return recordFields(plain).every(
    (field) =>
      field.offset.kind === "bytes" && !field.bits && collect(field.type, at + field.offset.bytes, into),
  );
}

import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, type RecordType, sizeOf, type Type } from "../types/type.ts";
import { recordFields } from "../values/fields.ts";
import type { Value } from "../values/value.ts";
import type { Parts, View } from "./view.ts";

/** A Rust struct or tuple as its language thinks of it: `{x = 1, y = 2}`, `(1, "two")`. */
export function rustRecordView(frame: SymbolFrame, value: Value, type: RecordType): View {
  const { parts, isTuple } = rustFields(frame, value, type);
  const [open, close] = isTuple ? (["(", ")"] as const) : (["{", "}"] as const);
  return { shape: { kind: "parts", open, close, parts }, isComplete: true };
}

/** The fields of a Rust record: by name, those of tuples in the order of their numbers. */
export function rustFields(
  frame: SymbolFrame,
  value: Value,
  type: RecordType,
): { readonly parts: Parts; readonly isTuple: boolean } {
  const fields = recordFields(type)
    .map((field) => ({ field, position: tupleIndex(field.name) }))
    .filter(({ field }) => !isMarker(field.type))
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const parts: Parts = {
    kind: "named",
    count: fields.length,
    async at(index) {
      const found = fields[index];
      if (!found) return undefined;
      const { field, position } = found;
      const part = await frame.fieldOf(value, field);
      return position === undefined
        ? { kind: "field", name: field.name, value: part }
        : { kind: "field", name: String(position), value: part, isPositional: true };
    },
  };
  return { parts, isTuple: fields.length > 0 && fields.every(({ position }) => position !== undefined) };
}

function tupleIndex(name: string): number | undefined {
  const match = /^__(\d{1,6})$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** Fields that hold nothing and stand for a type only. */
function isMarker(type: Type): boolean {
  const plain = plainType(type);
  return plain.kind === "record" && sizeOf(plain) === 0 && /^core::marker::Phantom/.test(plain.name ?? "");
}

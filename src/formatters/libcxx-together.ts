import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, sizeOf } from "../symbols/types/type.ts";
import { recordFields } from "../symbols/values/fields.ts";
import { readInteger } from "../symbols/values/number.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Parts, View } from "../symbols/views/view.ts";
import { bytesOf, findMember, integer, member, recordOf, sameAs, Unreadable } from "./layout.ts";
import { elements, target } from "./sequence.ts";

/** Alternatives a variant is taken to have at most. */
const maxAlternatives = 1000;

/** `std::pair`, without the empty classes it is made of. */
export async function pair(frame: SymbolFrame, value: Value): Promise<View> {
  const fields = [
    { name: "first", value: await member(frame, value, "first") },
    { name: "second", value: await member(frame, value, "second") },
  ];
  const parts = {
    kind: "named" as const,
    count: 2,
    at: async (index: number) => {
      const field = fields[index];
      return field && { kind: "field" as const, ...field };
    },
  };
  return { shape: { kind: "parts", open: "{", close: "}", parts } };
}

/** `std::tuple`: a base class for each element, which is the element itself where that is an empty class. */
export async function tuple(frame: SymbolFrame, value: Value): Promise<View> {
  const base = await findMember(frame, value, ["__base_", "base_"]);
  const leaves = base
    ? recordFields(recordOf(base.type)).filter(({ name }) => /(^|::)__tuple_leaf</.test(name))
    : [];
  const parts = elements(leaves.length, async (index) => {
    const leaf = leaves[index];
    if (!base || !leaf) throw new RangeError("past the last element");
    const holder = await frame.fieldOf(base, leaf);
    const held = await findMember(frame, holder, ["__value_", "value"]);
    if (held) return held;
    const [inherited] = recordFields(recordOf(holder.type));
    return inherited ? frame.fieldOf(holder, inherited) : holder;
  });
  return {
    shape: { kind: "parts", open: "{", close: "}", parts },
    size: BigInt(leaves.length),
  };
}

/** `std::optional`: its value, or `nullopt`. */
export async function optional(frame: SymbolFrame, value: Value): Promise<View> {
  const engaged = await findMember(frame, value, "__engaged_");
  // One of a reference has nothing but a pointer, which is null without a value.
  const held = await member(frame, value, ["__val_", "__value_"]);
  const isEngaged = (await integer(frame, engaged ?? held)) !== 0n;
  return isEngaged ? sameAs(held) : { shape: { kind: "text", text: "nullopt" } };
}

/** `std::variant`: which alternative, and its value. All bits of the index set mean none. */
export async function variant(frame: SymbolFrame, value: Value): Promise<View> {
  const holder = await member(frame, value, ["__impl_", "__impl"]);
  const bytes = await bytesOf(frame, await member(frame, holder, ["__index", "__index_"]));
  const index = readInteger(bytes, "unsigned");
  if (readInteger(bytes, "signed") === -1n) return { shape: { kind: "text", text: "valueless" } };
  if (index >= maxAlternatives) throw new Unreadable(`damaged: its index is ${index}`);
  let data = await member(frame, holder, ["__data", "__data_"]);
  for (let left = Number(index); left > 0; left--) {
    const tail = await findMember(frame, data, ["__tail", "__tail_"]);
    if (!tail) throw new Unreadable(`damaged: its index is ${index}`);
    data = tail;
  }
  const head = await findMember(frame, data, ["__head", "__head_"]);
  const held = head && (await findMember(frame, head, ["__value", "__value_"]));
  if (!held) throw new Unreadable(`damaged: its index is ${index}`);
  return {
    shape: { kind: "parts", open: `index=${index} {`, close: "}", parts: target(held) },
    target: held,
  };
}

/** `std::expected`: its value, or `unexpected {error}`. */
export async function expected(frame: SymbolFrame, value: Value): Promise<View> {
  const holder = await unwrapped(frame, (await findMember(frame, value, "__repr_")) ?? value);
  const hasValue = (await integer(frame, await member(frame, holder, "__has_val_"))) !== 0n;
  const union = await unwrapped(frame, (await findMember(frame, holder, "__union_")) ?? holder);
  if (!hasValue) {
    const error = await member(frame, union, "__unex_");
    return {
      shape: { kind: "parts", open: "unexpected {", close: "}", parts: named("error", error) },
    };
  }
  const held = await findMember(frame, union, "__val_");
  return held ? sameAs(held) : { shape: { kind: "text", text: "{}" } };
}

function named(name: string, value: Value): Parts {
  return {
    kind: "named",
    count: 1,
    at: async (index) => (index === 0 ? { kind: "field", name, value, isPositional: true } : undefined),
  };
}

async function unwrapped(frame: SymbolFrame, value: Value): Promise<Value> {
  return (await findMember(frame, value, "__v")) ?? value;
}

/** `std::atomic`: its value. */
export async function atomic(frame: SymbolFrame, value: Value): Promise<View> {
  const held = await member(frame, value, ["__a_"], ["__a_value"]);
  const plain = plainType(held.type);
  return sizeOf(plain) === undefined
    ? {
        shape: { kind: "damaged", reason: "its type is incomplete" },
      }
    : sameAs(held);
}

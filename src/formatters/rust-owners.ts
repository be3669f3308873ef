import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, sizeOf, type Type } from "../symbols/types/type.ts";
import { fatPointer } from "../symbols/values/fat-pointer.ts";
import { findField } from "../symbols/values/fields.ts";
import { readInteger } from "../symbols/values/number.ts";
import type { Value } from "../symbols/values/value.ts";
import { variantOf } from "../symbols/views/variant-view.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressSize,
  aligned,
  alignmentOf,
  bytesOf,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  pointerView,
  recordOf,
  sameAs,
  valueAt,
} from "./layout.ts";
import { concreteType } from "./rust-dyn.ts";
import { byteType, count, unwrapped } from "./rust-layout.ts";
import { target } from "./sequence.ts";

/** `Rc`, `Arc` and their `Weak`s: how many there are, and the value while there is a strong one. */
export async function counted(frame: SymbolFrame, value: Value): Promise<View> {
  const reference = await member(frame, value, "ptr", "pointer");
  const { address, target: blockType } = await thinPointer(frame, reference);
  const most = (1n << BigInt(addressSize(frame) * 8)) - 1n;
  // A `Weak` that was never made from anything has an address that can be none.
  if (address === most || address === 0n) return { shape: { kind: "text", text: "dangling" } };
  const block = valueAt(blockType, address);
  const strong = await count(frame, await member(frame, block, "strong"));
  const weakCount = await count(frame, await member(frame, block, "weak"));
  // All strong ones together hold one weak one.
  const facts = `strong=${strong} weak=${strong > 0n ? weakCount - 1n : weakCount}`;
  if (strong === 0n) return { shape: { kind: "text", text: facts } };
  const held = await heldBy(frame, reference, block);
  return {
    shape: { kind: "parts", open: `${facts} {`, close: "}", parts: target(held) },
    target: held,
  };
}

async function thinPointer(
  frame: SymbolFrame,
  reference: Value,
): Promise<{ readonly address: bigint; readonly target: Type }> {
  if (plainType(reference.type).kind === "pointer") return pointer(frame, reference);
  return pointer(frame, await member(frame, reference, ["data_ptr", "pointer"]));
}

/** The value behind the counters; of one without a size of its own, a pointer to it that knows the rest. */
async function heldBy(frame: SymbolFrame, reference: Value, block: Value): Promise<Value> {
  const held = await member(frame, block, ["value", "data"]);
  if (plainType(reference.type).kind === "pointer") return held;
  const table = await findMember(frame, reference, "vtable");
  if (table) return heldDynamic(frame, block, table);
  const length = await integer(frame, await member(frame, reference, "length"));
  if (block.place.kind !== "memory") throw new LayoutMismatch("not in memory");
  // Compilers have given the place of what has no size as 0.
  const offset = aligned(2 * addressSize(frame), alignmentOf(held.type));
  const address = block.place.address + BigInt(offset);
  const name = recordOf(reference.type).name ?? "";
  return /<\[/.test(name)
    ? fatPointer(frame.types, "&[T]", held.type, address, length)
    : fatPointer(frame.types, "&str", byteType, address, length);
}

async function heldDynamic(frame: SymbolFrame, block: Value, table: Value): Promise<Value> {
  if (block.place.kind !== "memory") throw new LayoutMismatch("not in memory");
  const type = await concreteType(frame, table);
  if (!type) throw new LayoutMismatch("an unknown type");
  const offset = aligned(2 * addressSize(frame), alignmentOf(type));
  return valueAt(type, block.place.address + BigInt(offset));
}

/** `RefCell`: how it is borrowed, negative when mutably. */
export async function refCell(frame: SymbolFrame, value: Value): Promise<View> {
  const borrow = await count(frame, await member(frame, value, "borrow"));
  return heldView(await member(frame, value, "value", "value"), `borrow=${borrow}`);
}

/** `Mutex`. */
export async function mutex(frame: SymbolFrame, value: Value): Promise<View> {
  const state = await unwrapped(frame, await member(frame, value, "inner"));
  const locked = readInteger(await bytesOf(frame, state), "unsigned") !== 0n;
  return heldView(await member(frame, value, "data", "value"), `locked=${locked}`);
}

/** `RwLock`. */
export async function rwLock(frame: SymbolFrame, value: Value): Promise<View> {
  const inner = await member(frame, value, "inner");
  const held = await member(frame, value, "data", "value");
  const mode = await unwrapped(frame, inner);
  const plain = plainType(mode.type);
  if (plain.kind === "base" && plain.encoding === "signed") {
    const readers = await integer(frame, mode);
    return heldView(held, readers < 0n ? "writer=1" : `readers=${readers}`);
  }
  const state = await count(frame, await member(frame, inner, "state"));
  // Source: Rust's library, `sys::sync::rwlock::futex`: the lowest 30 bits count readers, all of them set mean a writer.
  const readers = state & 0x3fff_ffffn;
  return heldView(held, readers === 0x3fff_ffffn ? "writer=1" : `readers=${readers}`);
}

function heldView(held: Value, facts: string): View {
  return {
    shape: { kind: "parts", open: `${facts} {`, close: "}", parts: target(held) },
    target: held,
  };
}

/** Guards of cells and locks: what they guard. */
export async function guard(frame: SymbolFrame, value: Value): Promise<View> {
  const direct = (await findMember(frame, value, "value")) ?? (await findMember(frame, value, "data"));
  if (direct) {
    const { address, target: type } = await pointer(frame, direct);
    return sameAs(valueAt(type, address));
  }
  const { address, target: type } = await pointer(frame, await member(frame, value, "lock"));
  return sameAs(await member(frame, valueAt(type, address), "data", "value"));
}

/** `OnceCell`: the option in it. */
export async function onceCell(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "inner", "value"));
}

/** `OnceLock`: as the option it would be. */
export async function onceLock(frame: SymbolFrame, value: Value): Promise<View> {
  if (!(await isComplete(frame, await member(frame, value, "once"))))
    return { shape: { kind: "text", text: "None" } };
  const held = await unwrappedUninit(frame, await member(frame, value, "value", "value"));
  return {
    shape: { kind: "parts", open: "Some(", close: ")", parts: target(held) },
    target: held,
  };
}

/** `LazyLock`: its value once it has one. */
export async function lazyLock(frame: SymbolFrame, value: Value): Promise<View> {
  if (!(await isComplete(frame, await member(frame, value, "once")))) return uninitialised;
  return sameAs(await member(frame, value, "data", "value", "value"));
}

/** `LazyCell`: its value once it has one. */
export async function lazyCell(frame: SymbolFrame, value: Value): Promise<View> {
  const state = await unwrapped(frame, await member(frame, value, "state"));
  const { variants } = recordOf(state.type);
  const variant = variants && (await variantOf(frame, state, variants));
  if (!variant) throw new LayoutMismatch("no state");
  const held = variant.name === "Init" ? await findMember(frame, variant.fields, "__0") : undefined;
  if (held) return sameAs(held);
  return variant.name === "Uninit" ? uninitialised : { shape: { kind: "text", text: "poisoned" } };
}

const uninitialised: View = { shape: { kind: "text", text: "uninitialised" } };

/** Whether a `Once` has run. */
async function isComplete(frame: SymbolFrame, once: Value): Promise<boolean> {
  const state = await unwrapped(frame, once);
  const plain = plainType(state.type);
  const number = readInteger(await bytesOf(frame, state), "unsigned");
  // An enumerator says it by name; the atomic number of other systems counts up to 3.
  return plain.kind === "enumeration"
    ? plain.enumerators.some(({ name, value: one }) => one === number && name === "Complete")
    : number === 3n;
}

/** `MaybeUninit`: what would be in it. */
export async function maybeUninit(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "value"));
}

async function unwrappedUninit(frame: SymbolFrame, value: Value): Promise<Value> {
  return findField(recordOf(value.type), "uninit") ? member(frame, value, "value") : value;
}

/** `NonNull` and `Unique`: the pointer in them. */
export async function nonNull(frame: SymbolFrame, value: Value): Promise<View> {
  const inner = await member(frame, value, "pointer");
  const type = plainType(inner.type);
  if (type.kind === "pointer") return pointerView(frame, await pointer(frame, inner));
  if (sizeOf(type) === undefined) throw new LayoutMismatch("unknown size");
  return sameAs(inner);
}

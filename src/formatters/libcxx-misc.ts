import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { addressOf, findMember, integer, member, numberText, recordOf, Unreadable } from "./layout.ts";
import { bitParts } from "./libcxx-sequence.ts";

/** Digits of a bitset shown; the lowest ones of a longer one. */
const maxDigits = 512;

/** `std::bitset`: its digits, the highest first. */
export async function bitset(frame: SymbolFrame, value: Value): Promise<View> {
  const size = Number(/<(\d+)[uUlL]*>$/.exec(recordOf(value.type).name ?? "")?.[1] ?? "0");
  const words = await findMember(frame, value, "__first_");
  if (!words || size === 0) return { shape: { kind: "text", text: "" }, size: BigInt(size) };
  const shown = Math.min(size, maxDigits);
  const address = addressOf(words);
  const bytes = await frame.state.readMemory(address, Math.ceil(shown / 8));
  if (bytes.length < Math.ceil(shown / 8)) {
    return { shape: { kind: "damaged", reason: frame.state.whyShort } };
  }
  let digits = size > shown ? "…" : "";
  for (let bit = shown - 1; bit >= 0; bit--) digits += ((bytes[bit >> 3] as number) >> (bit & 7)) & 1;
  return {
    shape: { kind: "text", text: digits, parts: bitParts(address, size, frame.types.bool) },
    size: BigInt(size),
  };
}

/** `std::complex`: `1.5 - 2i`. */
export async function complex(frame: SymbolFrame, value: Value): Promise<View> {
  const real = await numberText(frame, await member(frame, value, ["__re_", "__re"]));
  const imaginary = await numberText(frame, await member(frame, value, ["__im_", "__im"]));
  const text = imaginary.startsWith("-") ? `${real} - ${imaginary.slice(1)}i` : `${real} + ${imaginary}i`;
  return { shape: { kind: "text", text } };
}

/** What the orders of `<=>` are called by their numbers. Source: libc++, `_OrdResult` and `_NCmpResult` of `<compare>`. */
const orders = new Map([
  [-1n, "less"],
  [1n, "greater"],
  [-127n, "unordered"],
]);

/** `std::strong_ordering`, `std::weak_ordering` and `std::partial_ordering`: `less`, `equivalent`. */
export async function ordering(frame: SymbolFrame, value: Value): Promise<View> {
  const order = await integer(frame, await member(frame, value, "__value_"));
  const same = /strong_ordering$/.test(recordOf(value.type).name ?? "") ? "equal" : "equivalent";
  const text = order === 0n ? same : orders.get(order);
  if (text === undefined) throw new Unreadable(`damaged: ${order} is no order`);
  return { shape: { kind: "text", text } };
}

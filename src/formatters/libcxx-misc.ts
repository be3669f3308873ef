import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { baseText } from "../symbols/text/scalar-text.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressOf,
  addressSize,
  bytesOf,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  pointerView,
  recordOf,
  typeArgument,
  valueAt,
} from "./layout.ts";
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

async function numberText(frame: SymbolFrame, value: Value): Promise<string> {
  const plain = plainType(value.type);
  if (plain.kind !== "base") throw new LayoutMismatch("no number");
  return baseText(plain, await bytesOf(frame, value), "decimal");
}

const units = new Map([
  ["1/1000000000", "ns"],
  ["1/1000000", "µs"],
  ["1/1000", "ms"],
  ["1/1", "s"],
  ["60/1", "min"],
  ["3600/1", "h"],
  ["86400/1", "days"],
  ["604800/1", "weeks"],
  ["2629746/1", "months"],
  ["31556952/1", "years"],
]);

/** `std::chrono::duration`: `250 ms`, `7 [1/30]s`. */
export async function duration(frame: SymbolFrame, value: Value): Promise<View> {
  const text = await numberText(frame, await member(frame, value, ["__rep_", "__rep"]));
  const ratio = recordOf(typeArgument(value.type, 1)).name ?? "";
  const [, numerator, denominator = "1"] = /<(\d+)[lL]*(?:, (\d+)[lL]*)?>$/.exec(ratio) ?? [];
  if (numerator === undefined) throw new LayoutMismatch("no ratio");
  const period = `${numerator}/${denominator}`;
  const unit = units.get(period) ?? `[${denominator === "1" ? numerator : period}]s`;
  return { shape: { kind: "text", text: `${text} ${unit}` } };
}

/**
 * `std::function`: the function it calls.
 *
 * What it calls is not in its type. The function that does the calling is made for it, and its name tells: for a
 * function pointer, the pointer itself is in the buffer; anything else is shown as that function.
 */
export async function functionObject(frame: SymbolFrame, value: Value): Promise<View> {
  const holder = await member(frame, value, "__f_");
  const policy = await findMember(frame, holder, "__policy_");
  const invoker =
    (await findMember(frame, holder, "__func_")) ??
    (await findMember(frame, holder, "__invoker_", "__call_"));
  if (!policy || !invoker) throw new LayoutMismatch("another kind of function");
  const target = await pointer(frame, policy);
  const isNull = await findMember(frame, valueAt(target.target, target.address), "__is_null");
  const call = await pointer(frame, invoker);
  if (target.address === 0n || (isNull && (await integer(frame, isNull)) !== 0n)) {
    return pointerView(frame, { address: 0n, target: call.target });
  }
  const name = await invokerName(frame, call.address);
  const buffer = await findMember(frame, holder, "__buf_");
  if (buffer && /[(<]\*\)\(|\(\*\)/.test(name ?? "")) {
    const inner = await bytesOf(frame, buffer);
    const address = inner
      .slice(0, addressSize(frame))
      .reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
    return pointerView(frame, { address, target: call.target });
  }
  return pointerView(frame, call);
}

async function invokerName(frame: SymbolFrame, index: bigint): Promise<string | undefined> {
  const func = await frame.state.tableEntry(Number(index));
  return func === undefined ? undefined : frame.module.parts.facts.functionName(func);
}

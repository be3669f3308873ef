import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { addressText } from "../symbols/text/scalar-text.ts";
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
  numberText,
  pointer,
  pointerView,
  recordOf,
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

/**
 * `std::function`: the function it calls.
 *
 * What it calls is not in its type. The function that does the calling is made for it, and its name tells: for a
 * function pointer, the pointer itself is in the buffer; of anything else, the name has the type.
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
  const called = name === undefined ? undefined : calledType(name);
  if (called === undefined) return pointerView(frame, call);
  const index = addressText(call.address, addressSize(frame));
  const named = called.startsWith("(") ? called : `(${called})`;
  return { shape: { kind: "text", text: `${index} ${named}` } };
}

/**
 * The type of what an invoker calls, out of its name: `…::__call_func[abi:…]<T>(…)`, or in libc++ before 21
 * `…::__call_impl[abi:…]<…::__default_alloc_func<T, int (int)>>(…)`.
 */
function calledType(invoker: string): string | undefined {
  const [, rest] =
    /::__call_(?:func|impl)(?:\[[^\]]*\])?<(?:[\w:]+::__(?:default_)?alloc_func<)?(.*)$/s.exec(invoker) ?? [];
  if (rest === undefined) return undefined;
  let depth = 0;
  for (let index = 0; index < rest.length; index++) {
    const char = rest[index] as string;
    if (depth === 0 && (char === "," || char === ">")) return rest.slice(0, index) || undefined;
    if ("<([{".includes(char)) depth++;
    else if (">)]}".includes(char)) depth--;
  }
  return undefined;
}

async function invokerName(frame: SymbolFrame, index: bigint): Promise<string | undefined> {
  const func = await frame.state.tableEntry(Number(index));
  return func === undefined ? undefined : frame.module.parts.facts.functionName(func);
}

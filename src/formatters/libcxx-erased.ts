import type { FuncIndex } from "../base/brand.ts";
import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { addressText } from "../symbols/text/scalar-text.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import {
  addressAt,
  addressOf,
  addressSize,
  aligned,
  alignmentOf,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  pointerView,
  recordOf,
  sameAs,
  typeArgument,
  Unreadable,
  valueAt,
} from "./layout.ts";
import { target } from "./sequence.ts";

/**
 * `std::any`: what it holds, as what it is.
 *
 * The type of what it holds is not in its own. It keeps a function of a class that was made for that type, of which
 * there is one kind for what fits into the object and another for what does not.
 */
export async function any(frame: SymbolFrame, value: Value): Promise<View> {
  const { address } = await pointer(frame, await member(frame, value, ["__h_", "__h"]));
  if (address === 0n) return { shape: { kind: "text", text: "empty" } };
  const handler = await functionOf(frame, address);
  const [, size] = /::_(Small|Large)Handler</.exec(nameOf(frame, handler) ?? "") ?? [];
  const type = frame.module.typeArgumentsOfFunction(handler)[0]?.type;
  if (!size || !type) throw new LayoutMismatch("another kind of handler");
  const storage = await member(frame, value, ["__s_", "__s"]);
  const held =
    size === "Small"
      ? valueAt(type, addressOf(storage))
      : valueAt(type, await addressAt(frame, addressOf(storage)));
  return { ...sameAs(held), dynamicType: type };
}

/** What a function calls: its index, and where that is known the object whose call it is. */
interface Called {
  /** 0 for a function without anything to call. */
  readonly index: bigint;
  readonly object?: { readonly type: Type; readonly address: bigint };
}

/**
 * `std::function`: the function it calls, and as what `*` gives, the object whose call it is.
 *
 * What it calls is not in its type. The function that does the calling is made for it, by the type of the object.
 */
export async function functionObject(frame: SymbolFrame, value: Value): Promise<View> {
  const holder = await member(frame, value, "__f_");
  const { index, object } = await (/::__value_func</.test(recordOf(holder.type).name ?? "")
    ? calledByValue(frame, holder)
    : calledByPolicy(frame, holder));
  const signature = typeArgument(value.type, 0);
  if (!object) return pointerView(frame, { address: index, target: signature });
  const plain = plainType(object.type);
  if (plain.kind === "pointer" && plainType(plain.target).kind === "function") {
    return pointerView(frame, { address: await addressAt(frame, object.address), target: plain.target });
  }
  // Classes without a name that can be called are what compilers make of lambdas.
  const name = plain.kind === "record" && plain.name === undefined ? "lambda" : typeName(object.type);
  const held = valueAt(object.type, object.address);
  const text = `${addressText(index, addressSize(frame))} (${name})`;
  return { shape: { kind: "text", text, parts: target(held) }, target: held };
}

/** In the newer ABI a function has a buffer, the function that calls what is in it, and the rules for its copies. */
async function calledByPolicy(frame: SymbolFrame, holder: Value): Promise<Called> {
  const policy = await findMember(frame, holder, "__policy_");
  const invoker =
    (await findMember(frame, holder, "__func_")) ??
    (await findMember(frame, holder, "__invoker_", "__call_"));
  if (!policy || !invoker) throw new LayoutMismatch("another kind of function");
  const rules = await pointer(frame, policy);
  const { address: index } = await pointer(frame, invoker);
  const isNull = await findMember(frame, valueAt(rules.target, rules.address), "__is_null");
  if (rules.address === 0n || (isNull && (await integer(frame, isNull)) !== 0n)) return { index: 0n };
  const invokes = await functionOf(frame, index);
  const isCall = /::__call_(?:func|impl)\b/.test(nameOf(frame, invokes) ?? "");
  const type = isCall ? calledType(frame, invokes) : undefined;
  const buffer = await findMember(frame, holder, "__buf_");
  if (!type || !buffer) return { index };
  const isSmall = await keepsInside(frame, valueAt(rules.target, rules.address));
  const address = isSmall ? addressOf(buffer) : await addressAt(frame, addressOf(buffer));
  return { index, object: { type, address } };
}

/**
 * Where `operator()` is in the table of `__function::__base`: behind two destructors, two ways to copy and two to
 * destroy. Source: libc++, `<__functional/function.h>`, unchanged from 14 to 22.
 */
const callSlot = 6n;

/** In ABI 1 a function points to an object, within itself or elsewhere, of a class that was made for what it calls. */
async function calledByValue(frame: SymbolFrame, holder: Value): Promise<Called> {
  const { address } = await pointer(frame, await member(frame, holder, "__f_"));
  if (address === 0n) return { index: 0n };
  const size = BigInt(addressSize(frame));
  const index = await addressAt(frame, (await addressAt(frame, address)) + callSlot * size);
  const calls = await functionOf(frame, index);
  const isCall = /::__func<.*>::operator ?\(\)/s.test(nameOf(frame, calls) ?? "");
  const type = isCall ? calledType(frame, calls) : undefined;
  // What is called comes first behind the pointer to the table; an allocator beside it takes no room.
  return type
    ? { index, object: { type, address: address + BigInt(aligned(Number(size), alignmentOf(type))) } }
    : { index };
}

/** What a function calls: the type it is made for, or before libc++ 21 one that was made for it together with its allocator. */
function calledType(frame: SymbolFrame, func: FuncIndex): Type | undefined {
  const type = frame.module.typeArgumentsOfFunction(func)[0]?.type;
  const plain = type && plainType(type);
  const isWrapper = plain?.kind === "record" && /::__(?:default_)?alloc_func</.test(plain.name ?? "");
  return isWrapper ? recordOf(plain).typeArguments?.[0]?.type : type;
}

/** Whether a function keeps its object within itself: what lies elsewhere has to be copied by a function. */
async function keepsInside(frame: SymbolFrame, rules: Value): Promise<boolean> {
  return (await pointer(frame, await member(frame, rules, "__clone"))).address === 0n;
}

/** @throws {Unreadable} for what is no index of the table. */
async function functionOf(frame: SymbolFrame, index: bigint): Promise<FuncIndex> {
  const func = await frame.state.tableEntry(Number(index));
  if (func === undefined) throw new Unreadable(`damaged: ${index} is no function`);
  return func;
}

function nameOf(frame: SymbolFrame, func: FuncIndex): string | undefined {
  return frame.module.parts.facts.functionName(func);
}

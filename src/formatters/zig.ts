import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, sizeOf } from "../symbols/types/type.ts";
import { recordFields } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Parts, View } from "../symbols/views/view.ts";
import {
  bytesOf,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  recordOf,
  Unreadable,
} from "./layout.ts";
import type { LibraryFormatters } from "./library-formatters.ts";
import { byteType } from "./rust-layout.ts";
import { contiguousView, stringView } from "./sequence.ts";

/** What Zig has in the language itself, which to debug info are records of its compiler's making; and its lists. */
export const zigFormatters: LibraryFormatters = {
  byName: new Map(),
  byPattern: [
    [/^\??\[/, slice],
    [/^\?/, optional],
    [/^array_list\./, list],
    [/^/, madeRecord],
  ],
};

/** `[]T` and `[:0]T`; of bytes that are text, a string. */
async function slice(frame: SymbolFrame, value: Value): Promise<View> {
  const pointed = await findMember(frame, value, "ptr");
  // An optional one has it inside.
  if (!pointed) return optional(frame, value);
  const { address, target } = await pointer(frame, pointed);
  const length = await integer(frame, await member(frame, value, "len"));
  const element = plainType(target);
  const isByte = element.kind === "base" && element.name === "u8";
  return isByte && (await isText(frame, address, length))
    ? stringView(frame, byteType, address, length, "indexed")
    : contiguousView(frame, target, address, length);
}

/** Bytes that are looked at to tell text from other data. */
const mostLookedAt = 256;

/** Whether bytes are UTF-8 without control characters: Zig has no type for text. */
async function isText(frame: SymbolFrame, address: bigint, length: bigint): Promise<boolean> {
  const count = Number(length < BigInt(mostLookedAt) ? length : BigInt(mostLookedAt));
  const bytes = await frame.state.readMemory(address, count);
  if (bytes.length < count) return false;
  try {
    // The last character may go on behind what is looked at.
    const isWhole = length <= BigInt(mostLookedAt);
    const end = isWhole ? count : bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, Math.max(0, end)));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text);
  } catch {
    return false;
  }
}

/** `?T`: its payload, or `null`. */
async function optional(frame: SymbolFrame, value: Value): Promise<View> {
  const some = await integer(frame, await member(frame, value, "some"));
  if (some === 0n) return { shape: { kind: "text", text: "null" } };
  if (some !== 1n)
    throw new Unreadable(`undefined or damaged: neither null nor a value, but 0x${some.toString(16)}`);
  const payload = await member(frame, value, "payload");
  return { shape: { kind: "same", value: payload }, target: payload };
}

/** `ArrayList`: the items in it. */
async function list(frame: SymbolFrame, value: Value): Promise<View> {
  const items = await member(frame, value, "items");
  await member(frame, value, "capacity");
  return { shape: { kind: "same", value: items }, target: items };
}

/** Error unions, tagged unions and tuples, which are told by their members. */
async function madeRecord(frame: SymbolFrame, value: Value): Promise<View> {
  const fields = recordFields(recordOf(value.type));
  const has = (name: string) => fields.some((field) => field.name === name);
  if (has("error") && /!/.test(recordOf(value.type).name ?? "")) return errorUnion(frame, value);
  if (fields.length === 2 && has("payload") && has("tag")) return taggedUnion(frame, value);
  if (fields.length > 0 && fields.every(({ name }) => /^\d+$/.test(name))) return tuple(frame, value);
  throw new LayoutMismatch("nothing special");
}

/** `E!T`: its payload, where the error is number 0. */
async function errorUnion(frame: SymbolFrame, value: Value): Promise<View> {
  const error = await member(frame, value, "error");
  if ((await integer(frame, error)) !== 0n) return { shape: { kind: "same", value: error } };
  const payload = await findMember(frame, value, "payload");
  if (!payload) return { shape: { kind: "text", text: "void" } };
  return { shape: { kind: "same", value: payload }, target: payload };
}

/** `union(enum)`: what it holds by the name of that, or the name alone where there is nothing to it. */
async function taggedUnion(frame: SymbolFrame, value: Value): Promise<View> {
  const tag = await member(frame, value, "tag");
  const tagType = plainType(tag.type);
  const payload = await member(frame, value, "payload");
  if (tagType.kind !== "enumeration" || recordOf(payload.type).form !== "union")
    throw new LayoutMismatch("no tag");
  const bytes = await bytesOf(frame, tag);
  const number = bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
  const name = tagType.enumerators.find((one) => one.value === number)?.name;
  if (name === undefined) throw new Unreadable(`undefined or damaged: no part has the tag ${number}`);
  const held = await findMember(frame, payload, name);
  const isEmpty = !held || sizeOf(held.type) === 0 || plainType(held.type).kind === "void";
  if (isEmpty) return { shape: { kind: "text", text: name }, isComplete: true };
  const parts: Parts = {
    kind: "named",
    count: 1,
    at: async (index) => (index === 0 ? { kind: "field", name, value: held } : undefined),
  };
  return { shape: { kind: "parts", open: "{", close: "}", parts }, isComplete: true };
}

async function tuple(frame: SymbolFrame, value: Value): Promise<View> {
  const fields = recordFields(recordOf(value.type));
  const parts: Parts = {
    kind: "named",
    count: fields.length,
    async at(index) {
      const field = fields[index];
      if (!field) return undefined;
      return {
        kind: "field",
        name: field.name,
        value: await frame.fieldOf(value, field),
        isPositional: true,
      };
    },
  };
  return { shape: { kind: "parts", open: "{", close: "}", parts }, isComplete: true };
}

import type { Formatter, SymbolFrame } from "../symbols/symbol-frame.ts";
import { isCharacter, plainType } from "../symbols/types/type.ts";
import { recordFields } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { viewOf } from "../symbols/views/view-of.ts";
import {
  findMember,
  integer,
  LayoutMismatch,
  member,
  type Names,
  pointer,
  recordOf,
  sameAs,
  sizeOfType,
  valueAt,
} from "./layout.ts";
import { contiguousView, elements, stringView } from "./sequence.ts";
import { enumeratorOf, type TaggedCase, taggedUnion } from "./tagged-union.ts";

const word = (text: string): TaggedCase => ({ kind: "word", text });
const pointed = (name: string): TaggedCase => ({ kind: "pointed", path: [name] });
const held = (...path: readonly string[]): TaggedCase => ({ kind: "member", path });

/** A value of nlohmann's JSON, 3.1 to 3.12, as what it is. */
const json = (outer: readonly Names[]): Formatter =>
  taggedUnion({
    tag: [...outer, "m_type"],
    union: [...outer, "m_value"],
    cases: new Map([
      ["null", word("null")],
      ["discarded", word("discarded")],
      ["object", pointed("object")],
      ["array", pointed("array")],
      ["string", pointed("string")],
      ["binary", pointed("binary")],
      ["boolean", held("boolean")],
      ["number_integer", held("number_integer")],
      ["number_unsigned", held("number_unsigned")],
      ["number_float", held("number_float")],
    ]),
  });

/** Since 3.11.3 tag and union are in a record of their own. */
const eitherJson: Formatter = async (frame, value) => {
  const type = plainType(value.type);
  const isNested = type.kind === "record" && type.members.some(({ name }) => name === "m_data");
  return json(isNested ? ["m_data"] : [])(frame, value);
};

/** An iterator of theirs as what it is at; of a value that is no container, that. */
async function jsonIterator(frame: SymbolFrame, value: Value): Promise<View> {
  const { target, address } = await pointer(frame, await member(frame, value, "m_object"));
  const object = valueAt(target, address);
  const tag = await member(frame, (await findMember(frame, object, "m_data")) ?? object, "m_type");
  const kind = address === 0n ? "" : await enumeratorOf(frame, tag);
  if (kind !== "object" && kind !== "array") return sameAs(object);
  const inner = await member(frame, value, "m_it", `${kind}_iterator`);
  const found = (await viewOf(frame, inner))?.target;
  const element = found && kind === "object" ? await member(frame, found, "second") : found;
  return { shape: { kind: "same", value: inner }, ...(element && { target: element }) };
}

/** Bytes of theirs, without what they are said to mean. */
async function jsonBytes(frame: SymbolFrame, value: Value): Promise<View> {
  const [bytes] = recordFields(recordOf(value.type));
  if (bytes?.kind !== "base") throw new LayoutMismatch("no base class");
  return sameAs(await frame.fieldOf(value, bytes));
}

const formatted = ["int", "uint", "long_long", "ulong_long", "int128", "uint128", "bool", "char", "float"];

/** In the order of their numbers, which is the same since fmt 6. */
const formatCases: readonly (readonly [string, TaggedCase])[] = [
  ["none_type", word("none")],
  ...[...formatted, "double", "long_double"].map((name) => [`${name}_type`, held(`${name}_value`)] as const),
  ["cstring_type", held("string", "data")],
  ["string_type", held("string")],
  ["pointer_type", held("pointer")],
  ["custom_type", held("custom")],
];

/** An argument of fmt's, 6 to 12. */
const formatArgument = taggedUnion({
  tag: [["type_", "type"]],
  union: [["value_", "value"]],
  cases: new Map(formatCases),
});

/** Bits that say of an argument what it is, where they are kept in one number. Source: fmt, "detail::packed_arg_bits". */
const packedBits = 4n;
const isUnpacked = 1n << 63n;
const hasNames = 1n << 62n;

/** All arguments of a call of fmt's. */
async function formatArguments(frame: SymbolFrame, value: Value): Promise<View> {
  const described = BigInt.asUintN(64, await integer(frame, await member(frame, value, "desc_")));
  if (described & isUnpacked) {
    const { target, address } = await pointer(frame, await member(frame, value, "args_"));
    return contiguousView(frame, target, address, described & ~(isUnpacked | hasNames));
  }
  const { target, address } = await pointer(frame, await member(frame, value, "values_"));
  const tags: number[] = [];
  for (let bits = described & ~hasNames; bits > 0n; bits >>= packedBits) tags.push(Number(bits & 15n));
  const stride = BigInt(sizeOfType(target));
  const parts = elements(tags.length, async (index) => {
    const found = formatCases[tags[index] as number]?.[1];
    const one = valueAt(target, address + BigInt(index) * stride);
    return (found?.kind === "member" && (await findMember(frame, one, ...found.path))) || one;
  });
  return { shape: { kind: "parts", open: "{", close: "}", parts }, size: BigInt(tags.length) };
}

/** fmt's views of text. */
async function formatString(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, ["data_", "data"]));
  return textOrElements(
    frame,
    { address, target },
    await integer(frame, await member(frame, value, ["size_", "size"])),
  );
}

/** What fmt writes into: what is in it so far. */
async function formatBuffer(frame: SymbolFrame, value: Value): Promise<View> {
  const start = await pointer(frame, await member(frame, value, "ptr_"));
  const size = await integer(frame, await member(frame, value, "size_"));
  return textOrElements(frame, start, size, await integer(frame, await member(frame, value, "capacity_")));
}

function textOrElements(
  frame: SymbolFrame,
  { address, target }: Awaited<ReturnType<typeof pointer>>,
  size: bigint,
  capacity = size,
): Promise<View> {
  const unit = plainType(target);
  return unit.kind === "base" && isCharacter(unit)
    ? stringView(frame, unit, address, size, "indexed", capacity)
    : contiguousView(frame, target, address, size, capacity);
}

/** Types of libraries that much of C++ is written with. */
export const cppLibraryFormatters: readonly (readonly [RegExp, Formatter])[] = [
  [/^nlohmann::(?:json_abi\w*::)?basic_json</, eitherJson],
  [/^nlohmann::(?:json_abi\w*::)?detail::iter_impl</, jsonIterator],
  [/^nlohmann::(?:json_abi\w*::)?byte_container_with_subtype</, jsonBytes],
  [/^fmt::(?:v\d+::)?basic_format_arg</, formatArgument],
  [/^fmt::(?:v\d+::)?basic_format_args</, formatArguments],
  [/^fmt::(?:v\d+::)?(?:basic_string_view|detail::string_value)</, formatString],
  [/^fmt::(?:v\d+::)?(?:detail::buffer|basic_memory_buffer)</, formatBuffer],
];

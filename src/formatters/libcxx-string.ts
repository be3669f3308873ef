import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { type BaseType, plainType, type Type } from "../symbols/types/type.ts";
import { findField } from "../symbols/values/fields.ts";
import type { Value } from "../symbols/values/value.ts";
import type { TextRoom, View } from "../symbols/views/view.ts";
import {
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  recordOf,
  sameAs,
  typeArgument,
  Unreadable,
} from "./layout.ts";
import { stringView } from "./sequence.ts";

/**
 * `std::basic_string`: text within the string itself, or elsewhere when it is long.
 *
 * Since libc++ 15 the bit that tells the two apart is a bit-field; before, it is a bit of the size, the
 * highest when the size comes last and the lowest when it comes first.
 */
export async function string(frame: SymbolFrame, value: Value): Promise<View> {
  const unit = characterType(typeArgument(value.type, 0));
  const rep = await member(frame, value, ["__rep_", "__r_"]);
  const short = await member(frame, rep, "__s");
  const { isLong, shortSize } = await kindOf(frame, short);
  if (!isLong) {
    const data = await member(frame, short, "__data_");
    const array = plainType(data.type);
    if (array.kind === "array" && array.count !== undefined && shortSize > BigInt(array.count)) {
      throw new Unreadable(`damaged: its length is ${shortSize}, and there is room for ${array.count}`);
    }
    const room = array.kind === "array" ? await roomFor(frame, short, (array.count ?? 1) - 1) : undefined;
    return {
      shape: {
        ...{ kind: "string", place: data.place, unit, count: Number(shortSize), isIndexed: true },
        ...(room && { room }),
      },
      size: shortSize,
    };
  }
  const long = await member(frame, rep, "__l");
  const { address } = await pointer(frame, await member(frame, long, "__data_"));
  const size = await integer(frame, await member(frame, long, "__size_"));
  const capacity = (await findMember(frame, long, "__is_long_"))
    ? await integer(frame, await member(frame, long, "__cap_"))
    : undefined;
  // The capacity is kept halved where its lowest bit is needed elsewhere: what is longer than twice of it is damaged.
  const view = await stringView(
    ...([frame, unit, address, size, "indexed", capacity === undefined ? size : capacity * 2n] as const),
  );
  const { shape } = view;
  const mark = await findMember(frame, long, "__is_long_");
  if (shape.kind !== "string" || !mark || capacity === undefined) return view;
  // It is halved where the bit that takes the place of its lowest one comes first.
  const allocated = capacity * (mark.bits?.offset === 0 ? 2n : 1n);
  const room = await roomFor(frame, long, Number(allocated) - 1);
  return room ? { ...view, shape: { ...shape, room } } : view;
}

/** Room for a text of another length; `undefined` where its length shares its bytes with something else. */
async function roomFor(frame: SymbolFrame, rep: Value, capacity: number): Promise<TextRoom | undefined> {
  if (!(await findMember(frame, rep, "__is_long_"))) return undefined;
  return { capacity, count: await member(frame, rep, "__size_"), isTerminated: true };
}

/** `std::filesystem::path`: its text. */
export async function path(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "__pn_"));
}

async function kindOf(
  frame: SymbolFrame,
  short: Value,
): Promise<{ readonly isLong: boolean; readonly shortSize: bigint }> {
  const size = await integer(frame, await member(frame, short, "__size_"));
  const isLong = await findMember(frame, short, "__is_long_");
  if (isLong) return { isLong: (await integer(frame, isLong)) !== 0n, shortSize: size };
  const [field] = findField(recordOf(short.type), "__size_") ?? [];
  const isFirst = field?.offset.kind === "bytes" && field.offset.bytes === 0;
  if (isFirst) return { isLong: (size & 1n) !== 0n, shortSize: size >> 1n };
  return { isLong: (size & 0x80n) !== 0n, shortSize: size & 0x7fn };
}

/** `std::basic_string_view`. */
export async function stringViewOf(frame: SymbolFrame, value: Value): Promise<View> {
  const unit = characterType(typeArgument(value.type, 0));
  const { address } = await pointer(frame, await member(frame, value, ["__data_", "__data"]));
  const size = await integer(frame, await member(frame, value, ["__size_", "__size"]));
  return stringView(frame, unit, address, size, "indexed");
}

function characterType(type: Type): BaseType {
  const plain = plainType(type);
  if (plain.kind !== "base" || ![1, 2, 4].includes(plain.sizeBytes)) throw new LayoutMismatch("no character");
  return plain;
}

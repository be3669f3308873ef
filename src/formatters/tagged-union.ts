import type { Formatter, SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { integer, LayoutMismatch, member, type Names, pointer, sameAs, valueAt } from "./layout.ts";

/** What a tag means: a member of the union, what one points to, or nothing but a word. */
export type TaggedCase =
  | { readonly kind: "member" | "pointed"; readonly path: readonly string[] }
  | { readonly kind: "word"; readonly text: string };

/** A union, and beside it an enumerator that says which member counts: how many libraries write a variant of their own. */
export interface TaggedUnion {
  /** The ways from the record to the tag and to what holds the union's members; of each step the names it has had. */
  readonly tag: readonly Names[];
  readonly union: readonly Names[];
  /** By the tag's enumerator. */
  readonly cases: ReadonlyMap<string, TaggedCase>;
}

/** Shows a tagged union as the member that counts; one with a tag that nobody knows by its fields. */
export function taggedUnion({ tag, union, cases }: TaggedUnion): Formatter {
  return async (frame, value) => {
    const found = cases.get(await enumeratorOf(frame, await member(frame, value, ...tag)));
    if (!found) throw new LayoutMismatch("another tag");
    return viewOfCase(frame, await member(frame, value, ...union), found);
  };
}

async function viewOfCase(frame: SymbolFrame, union: Value, found: TaggedCase): Promise<View> {
  if (found.kind === "word") return { shape: { kind: "text", text: found.text } };
  const held = await member(frame, union, ...found.path);
  if (found.kind === "member") return sameAs(held);
  const { target, address } = await pointer(frame, held);
  return sameAs(valueAt(target, address));
}

/** The name of the enumerator that a tag is; empty for one without. @throws {LayoutMismatch} @throws {Unreadable} */
export async function enumeratorOf(frame: SymbolFrame, tag: Value): Promise<string> {
  const type = plainType(tag.type);
  if (type.kind !== "enumeration") throw new LayoutMismatch("no enumeration");
  const number = await integer(frame, tag);
  return type.enumerators.find(({ value }) => value === number)?.name ?? "";
}

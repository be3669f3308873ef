import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import type { Parts, View } from "../symbols/views/view.ts";
import { LayoutMismatch, member, pointer, sameAs, valueAt } from "./layout.ts";
import { entryKind } from "./libcxx-tree.ts";
import { containerView } from "./sequence.ts";

/** `std::flat_map` and `std::flat_multimap`: two containers side by side. */
export async function flatMap(frame: SymbolFrame, value: Value): Promise<View> {
  const containers = await member(frame, value, "__containers_");
  const keys = await contained(frame, await member(frame, containers, "keys"));
  const values = await contained(frame, await member(frame, containers, "values"));
  const isRepeatable = entryKind(value) === "repeatable";
  const parts: Parts = {
    kind: "indexed",
    count: Math.min(keys.parts.count, values.parts.count),
    async at(index) {
      const [key, held] = await Promise.all([keys.parts.at(index), values.parts.at(index)]);
      if (key?.kind !== "element" || held?.kind !== "element") return undefined;
      return { kind: "entry", key: key.value, value: held.value, isRepeatable };
    },
  };
  const damage =
    keys.size === values.size ? "" : `damaged: it has ${keys.size} keys and ${values.size} values`;
  return containerView(parts, keys.size, damage);
}

/** `std::flat_set` and `std::flat_multiset`: the container in them. */
export async function flatSet(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "__keys_"));
}

async function contained(
  frame: SymbolFrame,
  value: Value,
): Promise<{ readonly parts: Parts; readonly size: bigint }> {
  const view = await frame.viewOf(value);
  if (view?.shape.kind !== "parts" || view.size === undefined) throw new LayoutMismatch("no container");
  return { parts: view.shape.parts, size: view.size };
}

/** `std::ranges::ref_view`: what it is a view of. */
export async function refView(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, target } = await pointer(frame, await member(frame, value, "__range_"));
  return sameAs(valueAt(target, address));
}

/** `std::ranges::owning_view`: what is in it. */
export async function owningView(frame: SymbolFrame, value: Value): Promise<View> {
  return sameAs(await member(frame, value, "__r_"));
}

import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType, type Type } from "../symbols/types/type.ts";
import { typeName } from "../symbols/types/type-name.ts";
import type { Value } from "../symbols/values/value.ts";
import { withoutReference } from "../symbols/views/view-of.ts";
import {
  addressOf,
  findMember,
  integer,
  LayoutMismatch,
  member,
  pointer,
  sizeOfType,
  typeArgument,
  Unreadable,
} from "./layout.ts";
import { dequeBlocks } from "./libcxx-sequence.ts";
import { templateName } from "./library-name.ts";

// An iterator that is an address does not know its container, and what lies behind the last element is shown as if it were
// one. Where the container is a variable of the frame, the two can be compared, as the program itself does.

/** Containers of a frame that an iterator is compared with. */
const maxContainers = 50;

/** Where the elements of a container begin and where they end, in bits from the start of memory. */
interface Bounds {
  readonly begin: bigint;
  readonly end: bigint;
}

/**
 * The name of a container whose `end()`, or `rend()` for what goes backwards, an iterator is equal to: of the frame's
 * variables, the first with such elements, since one declared later may not be made yet. `undefined` where there is none.
 *
 * @param bit Where the iterator stands, in bits; for one that goes backwards, the iterator in it.
 */
export async function containerEndingAt(
  frame: SymbolFrame,
  kind: ContainerKind,
  element: Type,
  bit: bigint,
  which: "end" | "rend",
): Promise<string | undefined> {
  const wanted = typeName(plainType(element));
  for (const { name, template, value } of containersOf(frame, boundsBy[kind])) {
    const bounds = await tolerant(async () => {
      const container = await value();
      const held = plainType(typeArgument(container.type, 0));
      return typeName(held) === wanted ? boundsBy[kind].get(template)?.(frame, container) : undefined;
    });
    // What is nowhere has no end either.
    if (!bounds || bounds.begin === 0n) continue;
    if (bit === (which === "end" ? bounds.end : bounds.begin)) return name;
  }
  return undefined;
}

/**
 * Whether a node is a `std::list` among the frame's variables: a list ends at a node of its own, with which it begins. This
 * tells it from an element even where that has the number of elements for its value.
 */
export async function isListOfFrame(frame: SymbolFrame, node: bigint): Promise<boolean> {
  for (const { value } of containersOf(frame, lists)) {
    const place = await tolerant(async () => (await value()).place);
    if (place?.kind === "memory" && place.address === node) return true;
  }
  return false;
}

const lists = new Set(["std::list"]);

/** A variable of the frame that is a container, or refers to one. */
interface Container {
  readonly name: string;
  /** What its type is made of. */
  readonly template: string;
  /** Itself. @throws {Unreadable} */
  value(): Promise<Value>;
}

/** The containers among a frame's variables that are made of some templates, as far as there is time to look at each. */
function* containersOf(
  frame: SymbolFrame,
  templates: { has(template: string): boolean },
): Generator<Container, void, undefined> {
  let looked = 0;
  for (const variable of frame.variables) {
    if (variable.kind !== "described" || variable.isShadowed) continue;
    const { name, die } = variable;
    const template = templateOf(frame.module.types.typeOf(die));
    if (!templates.has(template)) continue;
    if (looked++ >= maxContainers) return;
    yield { name, template, value: async () => withoutReference(frame, await frame.valueOf(die)) };
  }
}

/** The name of the template that a variable's type, or what it refers to, is made of. */
function templateOf(type: Type): string {
  let plain = plainType(type);
  if (plain.kind === "pointer" && plain.sigil !== "*") plain = plainType(plain.target);
  return plain.kind === "record" ? templateName(plain.name ?? "") : "";
}

type Find = (frame: SymbolFrame, container: Value) => Promise<Bounds | undefined>;

const vectorBounds: Find = async (frame, vector) => {
  const begin = await pointer(frame, await member(frame, vector, "__begin_"));
  const bits = await findMember(frame, vector, "__size_");
  if (bits) return { begin: begin.address * 8n, end: begin.address * 8n + (await integer(frame, bits)) };
  const end = await pointer(frame, await member(frame, vector, "__end_"));
  return { begin: begin.address * 8n, end: end.address * 8n };
};

const stringBounds: Find = async (frame, string) => {
  const shape = (await frame.viewOf(string))?.shape;
  if (shape?.kind !== "string" || shape.place.kind !== "memory") return undefined;
  const begin = shape.place.address * 8n;
  return { begin, end: begin + BigInt(shape.count * shape.unit.sizeBytes * 8) };
};

const spanBounds: Find = async (frame, span) => {
  const { address, target } = await pointer(frame, await member(frame, span, ["__data_", "__data"]));
  const size = (await frame.viewOf(span))?.size ?? 0n;
  return { begin: address * 8n, end: (address + size * BigInt(sizeOfType(target))) * 8n };
};

const arrayBounds: Find = async (frame, array) => {
  const held = await member(frame, array, "__elems_");
  const begin = addressOf(held) * 8n;
  return { begin, end: begin + BigInt(sizeOfType(held.type) * 8) };
};

const dequeBounds: Find = async (frame, deque) => {
  const { start, size, addressAtIndex } = await dequeBlocks(frame, deque);
  return { begin: (await addressAtIndex(start)) * 8n, end: (await addressAtIndex(start + size)) * 8n };
};

/** Containers by whether their iterators are addresses alone, or know the block of a deque too. */
export type ContainerKind = "contiguous" | "deque";

const boundsBy: Readonly<Record<ContainerKind, ReadonlyMap<string, Find>>> = {
  contiguous: new Map([
    ["std::vector", vectorBounds],
    ["std::basic_string", stringBounds],
    ["std::span", spanBounds],
    ["std::array", arrayBounds],
  ]),
  deque: new Map([["std::deque", dequeBounds]]),
};

/** A container that cannot be read, or is laid out otherwise, is none that an iterator is compared with. */
async function tolerant<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof LayoutMismatch) return undefined;
    throw error;
  }
}

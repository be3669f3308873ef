/**
 * A part of a C++ name as text: types have something to the left and to the right of what they declare, `void (*` and `)(int)`.
 *
 * `pack` is set for a template parameter that stands for several, and for whatever is made of one, until it is expanded.
 */
export interface Part {
  readonly left: string;
  readonly right: string;
  readonly kind: "plain" | "function" | "array" | "lvalue" | "rvalue";
  readonly pack?: readonly Part[];
}

export const plain = (left: string): Part => ({ left, right: "", kind: "plain" });
export const textOf = ({ left, right }: Part): string => left + right;
export const packOf = (pack: readonly Part[]): Part => ({ ...plain(pack.map(textOf).join(", ")), pack });

/** What `make` makes of a part: of each, if the part is a pack. */
function mapPart(part: Part, make: (part: Part) => Part): Part {
  return part.pack ? packOf(part.pack.map((one) => mapPart(one, make))) : make(part);
}

/** The same for a list of parts, of which those that are packs go together. */
export function mapParts(parts: readonly Part[], make: (parts: readonly Part[]) => Part): Part {
  const packs = parts.flatMap(({ pack }) => (pack ? [pack.length] : []));
  if (packs.length === 0) return make(parts);
  const count = Math.min(...packs);
  return packOf(
    Array.from({ length: count }, (_, index) =>
      mapParts(
        parts.map((part) => part.pack?.[index] ?? part),
        make,
      ),
    ),
  );
}

/** Around what a pointer, reference or member pointer to a function or an array is written. */
const opening = ({ kind }: Part): string => (kind === "array" ? " (" : kind === "function" ? "(" : "");
const closing = ({ kind }: Part): string => (kind === "array" || kind === "function" ? ")" : "");

export const pointerTo = (part: Part): Part =>
  mapPart(part, (to) => ({
    left: `${to.left}${opening(to)}*`,
    right: closing(to) + to.right,
    kind: "plain",
  }));

/** References to references are what is left of them: an lvalue wins. */
export const referenceTo = (part: Part, kind: "lvalue" | "rvalue"): Part =>
  mapPart(part, (to) => {
    if (to.kind === "lvalue" || (to.kind === "rvalue" && kind === "rvalue")) return to;
    if (to.kind === "rvalue") return { ...to, left: to.left.slice(0, -1), kind: "lvalue" };
    return {
      left: `${to.left}${opening(to)}${kind === "lvalue" ? "&" : "&&"}`,
      right: closing(to) + to.right,
      kind,
    };
  });

export const memberOf = (owner: Part, member: Part): Part =>
  mapParts([owner, member], ([of, to]) => {
    if (!of || !to) return plain("");
    const open = to.kind === "function" || to.kind === "array" ? opening(to) : " ";
    return { left: `${to.left}${open}${textOf(of)}::*`, right: closing(to) + to.right, kind: "plain" };
  });

/** `const` and the like stand behind what they qualify. */
export const qualified = (part: Part, qualifiers: string): Part =>
  qualifiers === ""
    ? part
    : mapPart(part, (of) =>
        of.kind === "function"
          ? { ...of, right: of.right + qualifiers }
          : { ...of, left: of.left + qualifiers },
      );

/** The texts of a list, packs in it expanded; what expands to nothing leaves no comma. */
export function listText(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => flattened(part))
    .map(textOf)
    .filter((text) => text !== "")
    .join(", ");
}

const flattened = (part: Part): readonly Part[] => part.pack?.flatMap(flattened) ?? [part];

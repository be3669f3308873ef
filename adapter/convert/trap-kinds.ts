import type { TrapKind } from "../../src/target/target.ts";

/** Every kind of trap there is; the compiler sees that none is left out. */
const kinds = Object.keys({
  unreachable: true,
  "memory-out-of-bounds": true,
  "table-out-of-bounds": true,
  "indirect-call-type-mismatch": true,
  "null-reference": true,
  "integer-divide-by-zero": true,
  "integer-overflow": true,
  "invalid-conversion-to-integer": true,
  "stack-overflow": true,
  "out-of-memory": true,
  "unaligned-atomic": true,
  "cast-failure": true,
  other: true,
} satisfies Record<TrapKind, true>) as readonly TrapKind[];

export const isTrapKind = (text: string): text is TrapKind => kinds.some((kind) => kind === text);

/**
 * The kinds of traps that a user means: names, with `*` for any letters, and commas between them; `!` before those that are
 * left out, of all where no others are named. Empty text means all.
 */
export function trapKindsOf(text: string): readonly TrapKind[] | { readonly problem: string } {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const meant = (name: string): readonly TrapKind[] => {
    const pattern = name.replace(/^!\s*/, "");
    return kinds.filter((kind) => matches(pattern, kind));
  };
  const unknown = names.find((name) => meant(name).length === 0);
  if (unknown !== undefined)
    return { problem: `There is no kind of trap called \`${unknown}\`. The kinds are: ${kinds.join(", ")}.` };
  const wanted = names.filter((name) => !name.startsWith("!")).flatMap(meant);
  const left = new Set(names.filter((name) => name.startsWith("!")).flatMap(meant));
  return kinds.filter((kind) => (wanted.length === 0 || wanted.includes(kind)) && !left.has(kind));
}

/** Each `*` of the pattern takes the fewest letters it can, but for one at the end: nothing is tried twice. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return first === name;
  if (!name.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}

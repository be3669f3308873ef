import type { Abort } from "../../src/base/abort.ts";
import type { Variable } from "../../src/symbols/variable.ts";

/** More values than anybody pastes. */
const maxValues = 10_000;

/**
 * A value in full, for the clipboard: what the one-line summary leaves out is written out, pointers are
 * not followed. After `maxValues` values the rest is `...`.
 */
export function toClipboardText(variable: Variable, signal?: Abort): Promise<string> {
  return write(variable, { left: maxValues }, signal);
}

async function write(variable: Variable, budget: { left: number }, signal?: Abort): Promise<string> {
  signal?.throwIfAborted();
  const { kind, value, named, indexed } = variable;
  // Strings and pointers have children too, but their text says it all.
  if (kind === "pointer" || named + indexed === 0 || !value.startsWith("{")) {
    budget.left--;
    return value;
  }
  const parts: string[] = [];
  for await (const [label, child] of children(variable, budget)) {
    if (budget.left <= 0) {
      parts.push("...");
      break;
    }
    parts.push(`${label}${await write(child, budget, signal)}`);
  }
  return `{${parts.join(", ")}}`;
}

/** Members with their names, then elements; no more than the budget allows are read. */
async function* children(
  of: Variable,
  budget: { readonly left: number },
): AsyncGenerator<readonly [label: string, child: Variable]> {
  const counts = { named: of.named, indexed: of.indexed };
  for (const filter of ["named", "indexed"] as const) {
    // One more than fits, so that the writer sees that there are more.
    const count = Math.min(counts[filter], Math.max(0, budget.left) + 1);
    if (count === 0) continue;
    for (const child of await of.children(filter, 0, count)) {
      yield [filter === "named" ? `${child.name} = ` : "", child];
    }
  }
}

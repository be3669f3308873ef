import { lowerBound, upperBound } from "../base/binary-search.ts";
import type { CodeBlocks } from "./code-blocks.ts";

/** What a statement is to the line that breakpoints are looked for on. */
export type StatementKind = "of-line" | "elsewhere" | "between";

/** How execution comes to the statements of a line. */
export interface LineEntries {
  /** Statements that may be the line's first to run, rising: each is come to on a way that has none before it. */
  readonly first: readonly number[];
  /** Statements that are come to from other lines once the line has run, rising; some of them may be among the first. */
  readonly again: readonly number[];
}

/** What of a function's code is looked at. */
export interface CodeRange {
  /** ModuleOffset. */
  readonly from: number;
  /** ModuleOffset, exclusive. */
  readonly to: number;
}

/**
 * Follows a function's code, in one call of it or of what was inlined, to find where execution comes to a line.
 *
 * @param blocks Of the function.
 * @param range Where all code of the call lies: it begins where execution comes from outside, or with the function itself.
 * @param statements Offsets of the module's statements, rising.
 * @param kindOf By index of a statement; it is "between" when whoever stands there is still on the line, or on none.
 */
export function findLineEntries(
  blocks: CodeBlocks,
  range: CodeRange,
  statements: Uint32Array,
  kindOf: (statement: number) => StatementKind,
): LineEntries {
  const first = new Set<number>();
  const again = new Set<number>();
  const within = blocksWithin(blocks, range);
  const walk = new Walk<Come>(blocks, within);
  for (const block of beginnings(blocks, range, within)) walk.add(block, Come.not);
  walk.run((block, come) => {
    let now = come;
    for (const at of statementsOf(block, blocks, range, statements)) {
      const kind = kindOf(at);
      if (kind === "of-line") {
        if (now === Come.not) first.add(at);
        else if (now === Come.andLeft) again.add(at);
        now = Come.to;
      } else if (kind === "elsewhere" && now === Come.to) now = Come.andLeft;
    }
    return now;
  });
  const rising = (found: Set<number>) => [...found].sort((a, b) => a - b);
  return { first: rising(first), again: rising(again) };
}

/** Where execution goes from a statement until it comes to one of a line. */
export interface LineExits {
  /** Statements of the line that it comes to before it has been elsewhere. */
  readonly staying: ReadonlySet<number>;
  /** Those that it comes to from elsewhere. */
  readonly returning: ReadonlySet<number>;
  /** Where it leaves the line for. */
  readonly next: ReadonlySet<number>;
  /** That, and what it comes to from there elsewhere, as far as was looked. */
  readonly elsewhere: ReadonlySet<number>;
  /** Whether it may leave the line, and not come to another statement of it first. */
  readonly leaves: boolean;
}

/** How far to look for what comes behind a statement: to tell one turn of a loop from the next takes the statements of one. */
const mostBehind = 2000;

/** Follows a function's code from a statement; as `findLineEntries`. */
export function followToLine(
  from: number,
  blocks: CodeBlocks,
  range: CodeRange,
  statements: Uint32Array,
  kindOf: (statement: number) => StatementKind,
): LineExits {
  const staying = new Set<number>();
  const returning = new Set<number>();
  const next = new Set<number>();
  const elsewhere = new Set<number>();
  let returns = false;
  const walk = new Walk<Come>(blocks, blocksWithin(blocks, range));
  walk.add(upperBound(blocks.to, statements[from] as number), Come.not);
  walk.run((block, come) => {
    let now: Come = come === Come.andLeft ? come : Come.to;
    for (const at of statementsOf(block, blocks, range, statements)) {
      if (come === Come.not && at <= from) continue;
      const kind = kindOf(at);
      if (kind === "of-line") {
        (now === Come.to ? staying : returning).add(at);
        return undefined;
      }
      if (kind === "between") continue;
      elsewhere.add(at);
      if (now === Come.to) next.add(at);
      now = Come.andLeft;
      if (elsewhere.size > mostBehind) return undefined;
    }
    if (blocks.next[block]?.length === 0) returns = true;
    return now;
  });
  return { staying, returning, next, elsewhere, leaves: returns || elsewhere.size > 0 };
}

/** Whether execution has come to the line yet, and gone elsewhere from it. */
const Come = { not: 0, to: 1, andLeft: 2 } as const;
type Come = (typeof Come)[keyof typeof Come];

/** Indexes of the statements in a block, as far as it lies in the range. */
function* statementsOf(
  block: number,
  { from, to }: CodeBlocks,
  range: CodeRange,
  statements: Uint32Array,
): Generator<number, void, undefined> {
  const end = Math.min(to[block] as number, range.to);
  const begin = lowerBound(statements, Math.max(from[block] as number, range.from));
  for (let at = begin; (statements[at] ?? end) < end; at++) yield at;
}

interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** A way through blocks: each once in each state, those of a range and no others. */
class Walk<S extends number> {
  readonly #blocks: CodeBlocks;
  readonly #range: BlockRange;
  readonly #seen: Uint8Array;
  readonly #waiting: { readonly block: number; readonly state: S }[] = [];

  constructor(blocks: CodeBlocks, range: BlockRange) {
    this.#blocks = blocks;
    this.#range = range;
    this.#seen = new Uint8Array(Math.max(0, range.to - range.from));
  }

  add(block: number, state: S): void {
    const { from, to } = this.#range;
    if (block < from || block >= to) return;
    const bit = 1 << state;
    const seen = this.#seen[block - from] as number;
    if ((seen & bit) !== 0) return;
    this.#seen[block - from] = seen | bit;
    this.#waiting.push({ block, state });
  }

  /** `through`: what holds behind a block, by what holds before it; `undefined` where the way ends there. */
  run(through: (block: number, state: S) => S | undefined): void {
    for (let last = this.#waiting.pop(); last; last = this.#waiting.pop()) {
      const state = through(last.block, last.state);
      if (state === undefined) continue;
      for (const block of this.#blocks.next[last.block] ?? []) this.add(block, state);
    }
  }
}

/** Blocks `from` ≤ block < `to` have code in the range. */
function blocksWithin({ from, to }: CodeBlocks, range: CodeRange): BlockRange {
  return { from: upperBound(to, range.from), to: lowerBound(from, range.to) };
}

/** Of these blocks the ones that execution comes to from elsewhere: out of other blocks, or from their own part before the range. */
function beginnings({ from, before }: CodeBlocks, range: CodeRange, within: BlockRange): number[] {
  const found: number[] = [];
  for (let block = within.from; block < within.to; block++) {
    const comesBefore = block === 0 || (block === within.from && (from[block] as number) < range.from);
    const { lowest, highest } = before[block] ?? noBlocks;
    if (comesBefore || lowest < within.from || highest >= within.to) found.push(block);
  }
  return found;
}

const noBlocks = { lowest: Number.POSITIVE_INFINITY, highest: -1 };

import { lowerBound } from "../base/binary-search.ts";
import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import type { InlinedCalls } from "./debug-info.ts";

/** A call that was inlined, and where its code begins: that is where a breakpoint on the line goes that holds nothing else. */
export interface CallLine {
  /** Number of the source that it was called in. */
  readonly source: number;
  /** 0-based. */
  readonly line: number;
  /** 0-based; `undefined` where it is not known. */
  readonly column: number | undefined;
  /** Number of the inlined call that made it; −1 where the function itself did. */
  readonly parent: number;
  /** Of a statement that it begins with, or goes on with behind other code. */
  readonly offset: ModuleOffset;
}

/**
 * The calls inlined into the function whose body is `start` to `end` (exclusive), of which it is known where they were made and
 * which have statements.
 *
 * @param statements Offsets of the module's statements, rising.
 */
export function callLinesOf(
  { calls, callAt }: InlinedCalls,
  statements: Uint32Array,
  start: number,
  end: number,
): readonly CallLine[] {
  const found: CallLine[] = [];
  const last = lowerBound(statements, end);
  /** The calls that the statement before was in the midst of. */
  let before = new Set<number>();
  for (let at = lowerBound(statements, start); at < last; at++) {
    const offset = toModuleOffset(statements[at] as number);
    const within = new Set<number>();
    for (let call = callAt(offset); call >= 0; call = calls[call]?.parent ?? -1) {
      within.add(call);
      if (before.has(call)) continue;
      const { position, parent = -1 } = calls[call] ?? {};
      if (!position) continue;
      const { source, line, column } = position;
      found.push({ source: source.id, line, column, parent, offset });
    }
    before = within;
  }
  return found;
}

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
  /** Whether the function itself made it, and no other call that was inlined. */
  readonly isOwn: boolean;
  /** Of its first statement, in code order. */
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
  const begun = new Set<number>();
  const found: CallLine[] = [];
  const last = lowerBound(statements, end);
  for (let at = lowerBound(statements, start); at < last; at++) {
    const offset = toModuleOffset(statements[at] as number);
    for (let call = callAt(offset); call >= 0 && !begun.has(call); call = calls[call]?.parent ?? -1) {
      begun.add(call);
      const { position, parent } = calls[call] ?? {};
      if (!position) continue;
      const { source, line, column } = position;
      found.push({ source: source.id, line, column, isOwn: parent === -1, offset });
    }
  }
  return found;
}

/** Bytes of memory from `start` to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Widths of the stores that are told apart, in bytes: the order of a setter's parameters. */
const widths = [1, 2, 4, 8, 16];

/**
 * What to set the bounds of a memory's watched range to, so that all stores that touch `range` are told, and others only if
 * they cannot be told from those: none without a range.
 *
 * A store of `w` bytes touches it if its last byte lies less than length + w − 1 behind its start.
 *
 * @param is64 Whether addresses are bigints.
 */
export function watchBounds(range: ByteRange | undefined, is64: boolean): readonly (number | bigint)[] {
  const most = is64 ? Number.MAX_SAFE_INTEGER : 0xffff_ffff;
  const bounds = range
    ? [range.start, ...widths.map((width) => Math.min(range.end - range.start + width - 1, most))]
    : [most, ...widths.map(() => 0)];
  return is64 ? bounds.map(BigInt) : bounds.map((bound) => bound | 0);
}

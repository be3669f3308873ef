import { lowerBound } from "../base/binary-search.ts";
import type { ValueType } from "../wasm/value-type.ts";
import { VALUE_TYPES } from "./spill-slots.ts";

/**
 * Every call at which a function keeps what it holds of variables, so that it can be read while the call lasts; as columns by row. Rows rise with `offset`.
 *
 * What is kept is a record in a memory of ours, at the place where a global of ours points when the function makes the
 * call: first its header, a u32 that is its row plus one, then values. The global points behind the record while
 * the call lasts. So the records of all frames lie behind one another, outermost first.
 * Plain data: it can be posted to another thread.
 */
export interface CallTable {
  readonly count: number;
  /** `ModuleOffset` of the call in the original module. Strictly rising. */
  readonly offset: Uint32Array;
  /** `ModuleOffset` of the byte behind the call. */
  readonly end: Uint32Array;
  /** `FuncIndex`. */
  readonly function: Uint32Array;
  /** Size of the record in bytes, header included. */
  readonly sizeBytes: Uint32Array;
  /** Values of row `c` are entries `valueStart[c]` to `valueStart[c + 1]` (exclusive) of the three columns below. */
  readonly valueStart: Uint32Array;
  /** Index of the local, or `OPERAND` plus the operand's from the bottom of the stack. */
  readonly valueSlot: Uint32Array;
  /** Position of its type in `SLOT_TYPES`. */
  readonly valueType: Uint8Array;
  /** Where it lies in the record, in bytes from its start. */
  readonly valueAt: Uint32Array;
  /**
   * Operands to be taken off the stack before the call and put back, those that are kept and all above, bottom
   * first: entries `stashStart[c]` to `stashStart[c + 1]` of the column below, which has positions in `SLOT_TYPES`.
   */
  readonly stashStart: Uint32Array;
  /** Which operand is the first of them, from the bottom of the stack. */
  readonly stashFrom: Uint32Array;
  readonly stashType: Uint8Array;
  /** 1 where locals that have been written are taken over when the call returns. */
  readonly isWritable: Uint8Array;
}

/** Marks a slot as one of the operand stack. */
export const OPERAND = 0x4000_0000;

/** Marks what a call has just returned, which is on top of the operand stack, however deep that is. */
export const RETURNED: number = OPERAND | 0x2000_0000;

/** Set in a record's header: its locals have been written, so that they are to be read back. */
export const WRITTEN_HEADER = 0x8000_0000;

/** Where records lie: the offset of the next one is kept below this. */
export const RECORD_BYTES = 1 << 24;

/** Row of the call at a place of the original module, or `undefined`. */
export function findCall({ offset, count }: CallTable, at: number): number | undefined {
  const row = lowerBound(offset, at, count);
  return offset[row] === at && row < count ? row : undefined;
}

/** Types of what a call takes off the stack, bottom first. */
export function stashOf({ stashStart, stashType }: CallTable, row: number): readonly ValueType[] {
  const types = stashType.subarray(stashStart[row], stashStart[row + 1]);
  return Array.from(types, (type) => VALUE_TYPES[type] as ValueType);
}

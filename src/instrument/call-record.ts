import {
  EMPTY_BLOCK_TYPE,
  END,
  findOpcode,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_ADD,
  I32_AND,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
} from "../wasm/instructions.ts";
import type { RecordLayout } from "./appended.ts";
import { type CallTable, OPERAND, RECORD_BYTES } from "./call-table.ts";
import { putI32Const, putIndexed, putPrefixed, putU32 } from "./probe.ts";
import { SLOT_TYPES } from "./spill-slots.ts";

/*
 * What a call becomes that keeps what its function holds of variables:
 *
 *   global.get pointer; local.tee base; i32.const row + 1; i32.store; (local.get base; local.get n; store at n's place)
 *   local.get base; i32.const size; i32.add; i32.const mask; i32.and; global.set pointer
 *   call
 *   local.get base; global.set pointer; global.get written; if; (take over what has been written); end
 *
 * Where named operands are on the stack, they and all above go into locals first and come back before the call. The
 * mask makes a ring of the memory: a stack that is deeper than it has room for loses its outermost records, which their headers
 * tell, and never traps. As in `probe.ts`, everything puts bytes from `at` on and answers the index behind them.
 */

/** Locals that a function gets for its calls. */
export interface CallTemps {
  /** An i32: where the function's record is. */
  readonly base: number;
  /** Whether `base` is set when the function begins, since it catches exceptions. */
  readonly isSetAtEntry: boolean;
}

/** Bytes that keeping `values` at a call adds at most, with `stashed` operands taken off the stack. */
export function mostCallBytes(values: number, stashed: number): number {
  return 110 + values * 56 + stashed * 14;
}

/** Bytes of `putEntry` and of `putRestore`, at most. */
export const MOST_RESTORE_BYTES = 14;

/** Everything in front of the call; `stash` are locals for the operands in the table's stash. */
export function putEnter(
  bytes: Uint8Array,
  at: number,
  row: number,
  calls: CallTable,
  stash: readonly number[],
  { base, isSetAtEntry }: CallTemps,
  layout: RecordLayout,
): number {
  let next = at;
  for (let above = stash.length - 1; above >= 0; above--)
    next = putIndexed(bytes, next, LOCAL_SET, stash[above] as number);
  if (isSetAtEntry) {
    next = putIndexed(bytes, next, LOCAL_GET, base);
  } else {
    next = putIndexed(bytes, next, GLOBAL_GET, layout.pointerGlobal);
    next = putIndexed(bytes, next, LOCAL_TEE, base);
  }
  next = putI32Const(bytes, next, row + 1);
  next = putAccess(bytes, next, I32_STORE, layout.memory, 0);
  const { stashFrom } = calls;
  for (let value = calls.valueStart[row] as number; value < (calls.valueStart[row + 1] as number); value++) {
    const slot = calls.valueSlot[value] as number;
    const local = slot < OPERAND ? slot : (stash[slot - OPERAND - (stashFrom[row] as number)] as number);
    next = putIndexed(bytes, next, LOCAL_GET, base);
    next = putIndexed(bytes, next, LOCAL_GET, local);
    next = putAccess(
      bytes,
      next,
      STORES[calls.valueType[value] as number] as number,
      layout.memory,
      calls.valueAt[value] as number,
    );
  }
  next = putIndexed(bytes, next, LOCAL_GET, base);
  next = putI32Const(bytes, next, calls.sizeBytes[row] as number);
  bytes[next++] = I32_ADD;
  next = putI32Const(bytes, next, RECORD_BYTES - 1);
  bytes[next++] = I32_AND;
  next = putIndexed(bytes, next, GLOBAL_SET, layout.pointerGlobal);
  for (const local of stash) next = putIndexed(bytes, next, LOCAL_GET, local);
  return next;
}

/** Behind the call, and wherever else the function goes on: records go where they went before. */
export function putRestore(bytes: Uint8Array, at: number, base: number, layout: RecordLayout): number {
  const next = putIndexed(bytes, at, LOCAL_GET, base);
  return putIndexed(bytes, next, GLOBAL_SET, layout.pointerGlobal);
}

/** The global that the `if` behind a call looks at, and then the `if` and what is in it: locals are read back from a record that has been written. */
export function putTakeOver(
  bytes: Uint8Array,
  at: number,
  row: number,
  calls: CallTable,
  base: number,
  layout: RecordLayout,
): number {
  bytes[at] = IF;
  bytes[at + 1] = EMPTY_BLOCK_TYPE;
  let next = putIndexed(bytes, at + 2, LOCAL_GET, base);
  next = putAccess(bytes, next, I32_LOAD, layout.memory, 0);
  next = putI32Const(bytes, next, 0);
  bytes[next++] = I32_LT_S;
  bytes[next++] = IF;
  bytes[next++] = EMPTY_BLOCK_TYPE;
  for (let value = calls.valueStart[row] as number; value < (calls.valueStart[row + 1] as number); value++) {
    const slot = calls.valueSlot[value] as number;
    if (slot >= OPERAND) continue;
    const load = LOADS[calls.valueType[value] as number] as number;
    next = putIndexed(bytes, next, LOCAL_GET, base);
    next = putAccess(bytes, next, load, layout.memory, calls.valueAt[value] as number);
    next = putIndexed(bytes, next, LOCAL_SET, slot);
  }
  bytes[next++] = END;
  bytes[next++] = END;
  return next;
}

/** At a function's begin: remembers where its records go. */
export function putEntry(bytes: Uint8Array, at: number, base: number, layout: RecordLayout): number {
  const next = putIndexed(bytes, at, GLOBAL_GET, layout.pointerGlobal);
  return putIndexed(bytes, next, LOCAL_SET, base);
}

/** An access to the records' memory, for which address and, to store, value are on the stack. */
function putAccess(bytes: Uint8Array, at: number, opcode: number, memory: number, offset: number): number {
  let next = at;
  if (opcode > 0xff) {
    next = putPrefixed(bytes, next, opcode);
  } else {
    bytes[next++] = opcode;
  }
  // Alignment to 4 bytes is a promise that holds: so long are all values, and so begin all records.
  if (memory === 0) {
    bytes[next++] = ALIGNED;
  } else {
    bytes[next++] = ALIGNED | WITH_MEMORY;
    next = putU32(bytes, next, memory);
  }
  return putU32(bytes, next, offset);
}

/** As a power of two. */
const ALIGNED = 2;
/** Set in an alignment where the index of a memory follows. */
const WITH_MEMORY = 0x40;

const opcodeOf = (mnemonic: string): number => findOpcode(mnemonic) ?? 0;
const LOADS = SLOT_TYPES.map((type) => opcodeOf(`${type}.load`));
const STORES = SLOT_TYPES.map((type) => opcodeOf(`${type}.store`));
const I32_LOAD = opcodeOf("i32.load");
const I32_STORE = opcodeOf("i32.store");
const I32_LT_S = opcodeOf("i32.lt_s");

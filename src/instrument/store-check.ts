import {
  CALL,
  DROP,
  EMPTY_BLOCK_TYPE,
  END,
  F64_CONST,
  F64_CONVERT_I32_U,
  F64_CONVERT_I64_U,
  GLOBAL_GET,
  I32_ADD,
  I32_AND,
  I32_EQ,
  I32_GT_U,
  I32_LT_U,
  I32_OR,
  I32_SUB,
  I64_ADD,
  I64_AND,
  I64_CONST,
  I64_EQ,
  I64_EXTEND_I32_U,
  I64_GT_U,
  I64_LT_U,
  I64_SUB,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  SELECT,
} from "../wasm/instructions.ts";
import { I64 } from "../wasm/value-type.ts";
import type { AppendedLayout } from "./appended.ts";
import { mostProbeBytes, putI32Const, putIndexed, putSuspend } from "./probe.ts";
import type { SiteTable } from "./site-table.ts";
import type { Store } from "./stores.ts";
import { lengthGlobal, startGlobal, type WatchLayout } from "./watch.ts";

/*
 * The check of a store: its operands are kept in locals, it is done, and then
 *
 *   address + offset + width − 1 − start <u length; if
 *     memory; address + offset; bytes; call $stored; if; (spill); i32.const id; call $suspend; (reload); end
 *   end
 *
 * Comparing with the store's last byte needs no more than one comparison, and nothing can wrap: the store has been done,
 * so it lies in memory. As in `probe.ts`, everything puts bytes from `at` on and answers the index behind them.
 */

/** Bytes that checking a store adds at most, by the spills at it. */
export function mostStoreBytes(spills: number, vectors: number): number {
  return 160 + mostProbeBytes(spills, vectors);
}

/** Puts the operands on the stack into locals, and there again. */
export function putKeep(bytes: Uint8Array, at: number, temps: readonly number[]): number {
  let next = at;
  for (let operand = temps.length - 1; operand > 0; operand--) {
    next = putIndexed(bytes, next, LOCAL_SET, temps[operand] as number);
  }
  next = putIndexed(bytes, next, LOCAL_TEE, temps[0] as number);
  for (let operand = 1; operand < temps.length; operand++) {
    next = putIndexed(bytes, next, LOCAL_GET, temps[operand] as number);
  }
  return next;
}

/** Everything behind the store and in front of the `if`: whether the store has met the watched range. */
export function putMeets(
  bytes: Uint8Array,
  at: number,
  store: Store,
  temps: readonly number[],
  watch: WatchLayout,
): number {
  if (store.shape.kind === "bulk") return putBulkMeets(bytes, at, store, temps, watch);
  const { memory, is64, offset, shape } = store;
  const [address = 0] = temps;
  let next = at;
  // What was there before is on the stack, and stays: the operand it replaced is not wanted any more.
  if (shape.kind === "exchange") next = putIndexed(bytes, next, LOCAL_TEE, temps[2] as number);
  next = putIndexed(bytes, next, LOCAL_GET, address);
  next = putSum(bytes, next, offset + BigInt(shape.widthBytes - 1), is64);
  next = putIndexed(bytes, next, GLOBAL_GET, startGlobal(watch, memory));
  bytes[next++] = is64 ? I64_SUB : I32_SUB;
  next = putIndexed(bytes, next, GLOBAL_GET, lengthGlobal(watch, memory, shape.widthBytes));
  bytes[next++] = is64 ? I64_LT_U : I32_LT_U;
  return next;
}

/** Two ranges meet where one begins within the other. */
function putBulkMeets(
  bytes: Uint8Array,
  at: number,
  store: Store,
  temps: readonly number[],
  watch: WatchLayout,
): number {
  const { memory, is64 } = store;
  const [address = 0] = temps;
  const subtract = is64 ? I64_SUB : I32_SUB;
  const less = is64 ? I64_LT_U : I32_LT_U;
  let next = putIndexed(bytes, at, LOCAL_GET, address);
  next = putIndexed(bytes, next, GLOBAL_GET, startGlobal(watch, memory));
  bytes[next++] = subtract;
  next = putIndexed(bytes, next, GLOBAL_GET, lengthGlobal(watch, memory, 1));
  bytes[next++] = less;
  next = putIndexed(bytes, next, GLOBAL_GET, startGlobal(watch, memory));
  next = putIndexed(bytes, next, LOCAL_GET, address);
  bytes[next++] = subtract;
  next = putIndexed(bytes, next, LOCAL_GET, temps[2] as number);
  if (is64 && store.operands[2] !== I64) bytes[next++] = I64_EXTEND_I32_U;
  bytes[next++] = less;
  bytes[next++] = I32_OR;
  return next;
}

/** The `if` and what is in it; `row` is the store's in `stores`. */
export function putStored(
  bytes: Uint8Array,
  at: number,
  row: number,
  store: Store,
  temps: readonly number[],
  stores: SiteTable,
  layout: AppendedLayout,
  watch: WatchLayout,
): number {
  bytes[at] = IF;
  bytes[at + 1] = EMPTY_BLOCK_TYPE;
  let next = putI32Const(bytes, at + 2, store.memory);
  next = putIndexed(bytes, next, LOCAL_GET, temps[0] as number);
  next = putSum(bytes, next, store.offset, store.is64);
  bytes[next++] = store.is64 ? F64_CONVERT_I64_U : F64_CONVERT_I32_U;
  next = putByteCount(bytes, next, store, temps);
  next = putIndexed(bytes, next, CALL, watch.storedFunction);
  bytes[next++] = IF;
  bytes[next++] = EMPTY_BLOCK_TYPE;
  next = putSuspend(bytes, next, layout.siteCount + row, row, stores, layout);
  bytes[next++] = END;
  bytes[next++] = END;
  return next;
}

/** Everything behind an instruction that wrote the stack pointer and in front of the `if`: whether a frame has returned. */
export function putReturns(bytes: Uint8Array, at: number, { stackPointer }: WatchLayout): number {
  if (!stackPointer) return at;
  let next = putIndexed(bytes, at, GLOBAL_GET, stackPointer.global);
  next = putIndexed(bytes, next, GLOBAL_GET, stackPointer.limitGlobal);
  bytes[next] = stackPointer.is64 ? I64_GT_U : I32_GT_U;
  return next + 1;
}

/** The `if` of such a check and what is in it. */
export function putReturned(bytes: Uint8Array, at: number, watch: WatchLayout): number {
  const { global, is64 } = watch.stackPointer ?? { global: 0, is64: false };
  bytes[at] = IF;
  bytes[at + 1] = EMPTY_BLOCK_TYPE;
  let next = putI32Const(bytes, at + 2, -1);
  next = putIndexed(bytes, next, GLOBAL_GET, global);
  bytes[next++] = is64 ? F64_CONVERT_I64_U : F64_CONVERT_I32_U;
  next = putF64Const(bytes, next, 0);
  next = putIndexed(bytes, next, CALL, watch.storedFunction);
  bytes[next++] = DROP;
  bytes[next++] = END;
  return next;
}

/** How many bytes have been written, as an f64. */
function putByteCount(bytes: Uint8Array, at: number, store: Store, temps: readonly number[]): number {
  const { shape, operands } = store;
  if (shape.kind === "bulk") {
    const next = putIndexed(bytes, at, LOCAL_GET, temps[2] as number);
    bytes[next] = operands[2] === I64 ? F64_CONVERT_I64_U : F64_CONVERT_I32_U;
    return next + 1;
  }
  let next = putF64Const(bytes, at, shape.widthBytes);
  if (shape.kind === "plain") return next;
  next = putF64Const(bytes, next, 0);
  const isWide = operands[1] === I64;
  // Narrow ones compare as many bits as they exchange.
  const mask = (1n << BigInt(shape.widthBytes * 8)) - 1n;
  for (const temp of [temps[2], temps[1]]) {
    next = putIndexed(bytes, next, LOCAL_GET, temp as number);
    next = putConst(bytes, next, mask, isWide);
    bytes[next++] = isWide ? I64_AND : I32_AND;
  }
  bytes[next++] = isWide ? I64_EQ : I32_EQ;
  bytes[next++] = SELECT;
  return next;
}

/** Adds a number to the address on the stack. */
function putSum(bytes: Uint8Array, at: number, addend: bigint, is64: boolean): number {
  if (addend === 0n) return at;
  const next = putConst(bytes, at, addend, is64);
  bytes[next] = is64 ? I64_ADD : I32_ADD;
  return next + 1;
}

function putConst(bytes: Uint8Array, at: number, value: bigint, is64: boolean): number {
  if (!is64) return putI32Const(bytes, at, Number(BigInt.asIntN(32, value)));
  bytes[at] = I64_CONST;
  let next = at + 1;
  let rest = BigInt.asIntN(64, value);
  while (rest < -0x40n || rest > 0x3fn) {
    bytes[next++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  bytes[next] = Number(rest & 0x7fn);
  return next + 1;
}

function putF64Const(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = F64_CONST;
  new DataView(bytes.buffer, bytes.byteOffset).setFloat64(at + 1, value, true);
  return at + 9;
}

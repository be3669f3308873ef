import { accessSizeBytes } from "../wasm/disassemble.ts";
import type { MemoryArgument } from "../wasm/operands.ts";
import { type KnownValue, signed } from "./known-value.ts";

/** An operand of the instruction that trapped; `undefined` where it is not known any more. */
export type TrapOperand = KnownValue | undefined;

/** "reads 4 bytes at address 0xffffff48": what an access to memory was about to do. */
export function accessText(mnemonic: string, { offset }: MemoryArgument, base: TrapOperand): string {
  const size = accessSizeBytes(mnemonic);
  const verb = /rmw|cmpxchg/.test(mnemonic) ? "changes" : mnemonic.includes("store") ? "writes" : "reads";
  const bytes = size === 1 ? "1 byte" : `${size} bytes`;
  if (typeof base?.value !== "bigint") return `${verb} ${bytes}`;
  const shown = hex(base.value + offset);
  const sum = offset === 0n ? "" : ` (${hex(base.value)} + ${offset})`;
  return `${verb} ${bytes} at address ${shown}${sum}`;
}

/** The same for `memory.fill`, `memory.copy` and `memory.init`. */
export function bulkText(mnemonic: string, [first, second, length]: readonly TrapOperand[]): string {
  const bytes = typeof length?.value === "bigint" ? `${length.value} bytes` : "bytes";
  const at = (operand: TrapOperand) =>
    typeof operand?.value === "bigint" ? ` ${hex(operand.value)}` : " an address that is not known any more";
  if (mnemonic === "memory.fill") return `writes ${bytes} at${at(first)}`;
  if (mnemonic === "memory.init") return `writes ${bytes} of a data segment at${at(first)}`;
  return `copies ${bytes} from${at(second)} to${at(first)}`;
}

/** The size of a memory: "memory 0 has 131072 bytes (2 pages)". */
export function memoryText(memory: number, size: bigint | undefined): string {
  if (size === undefined) return "";
  const pages = size / 65_536n;
  return `memory ${memory} has ${size} bytes (${pages} ${pages === 1n ? "page" : "pages"})`;
}

/** A division by zero. Which operand was 0 needs no finding out. */
export function divisionText(mnemonic: string, dividend: TrapOperand): string {
  const left = numberText(dividend, mnemonic.endsWith("_s")) ?? "a number";
  return mnemonic.includes("rem") ? `takes the remainder of ${left} by 0` : `divides ${left} by 0`;
}

/** The one division whose result does not fit. */
export function overflowText(mnemonic: string): string {
  const type = mnemonic.startsWith("i64") ? "i64" : "i32";
  const smallest = -(1n << (type === "i64" ? 63n : 31n));
  return `divides ${smallest} by -1: ${-smallest} is more than an ${type} holds`;
}

/** A float that no integer of the type can stand for. */
export function conversionText(mnemonic: string, operand: TrapOperand): string {
  const type = mnemonic.startsWith("i64") ? "i64" : "i32";
  const bits = type === "i64" ? 64n : 32n;
  const isSigned = mnemonic.endsWith("_s");
  const [least, most] = isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const bounds = `${least} to ${most}`;
  const value = numberText(operand, isSigned);
  if (value === "NaN") return "converts NaN, which is no number";
  return `converts ${value ?? "a number"}, which is not in the range ${bounds}`;
}

/** A number for people, integers with the sign they are used with. */
export function numberText(operand: TrapOperand, isSigned: boolean): string | undefined {
  if (!operand) return undefined;
  if (operand.type !== "i32" && operand.type !== "i64") return String(operand.value);
  return String(isSigned ? signed(operand.type, operand.value) : operand.value);
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

import type { FuncIndex } from "../base/brand.ts";
import { CALL, GLOBAL_GET, GLOBAL_SET, LOCAL_GET, LOCAL_SET, LOCAL_TEE } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readerOf } from "./function-reader.ts";

/** Variables of Wasm that hold references to objects. */
export interface References {
  readonly locals: ReadonlySet<number>;
  readonly globals: ReadonlySet<number>;
}

export interface ReferenceContext {
  readonly imported: number;
  /** Of the stack that the collector looks through. */
  readonly stackPointer: number | undefined;
  /** Whether a function is a method, whose first parameter is the object. */
  readonly isMethod: (callee: number) => boolean;
}

/** A variable that has just been read, written or both. */
interface Touched {
  readonly kind: "local" | "global";
  readonly index: number;
}

const I32_LOAD = 0x28;
const LAST_LOAD = 0x35;
const I32_STORE = 0x36;
const LAST_STORE = 0x3e;

/**
 * Which variables the code of a function uses as references and not as numbers. One such use is enough: compiled code keeps
 * numbers and references in variables of their own.
 *
 * - It stores one into the stack that the collector looks through: `global.get`, `local.get`, `i32.store`; or, while it
 *   assigns it, `local.tee`, `i32.store`; also by way of a temporary.
 * - It loads a field from where one leads: `local.get`, a load.
 * - It calls a method that has no other parameter: `local.get`, `call`.
 */
export function findReferences(module: WasmModule, func: FuncIndex, context: ReferenceContext): References {
  const locals = new Set<number>();
  const globals = new Set<number>();
  const add = ({ kind, index }: Touched): void => {
    (kind === "local" ? locals : globals).add(index);
  };
  const reader = readerOf(module, func, context.imported);
  /** What the last instructions have read, the latest first; the local that the last one has left its value in. */
  let read: readonly Touched[] = [];
  let kept: Touched | undefined;
  let copied: { readonly from: Touched; readonly to: number } | undefined;
  /** Addresses in the collector's stack that nothing has been stored at yet. */
  let pending = 0;
  while (reader?.next()) {
    const { opcode } = reader;
    const [last] = read;
    if (opcode === LOCAL_GET || opcode === GLOBAL_GET) {
      const touched: Touched = { kind: opcode === LOCAL_GET ? "local" : "global", index: reader.index() };
      if (touched.kind === "global" && touched.index === context.stackPointer) pending++;
      read = [touched, ...read.slice(0, 1)];
      kept = undefined;
      continue;
    }
    if (opcode === GLOBAL_SET && reader.index() === context.stackPointer && pending > 0) pending--;
    if (opcode === LOCAL_SET) copied = last && { from: last, to: reader.index() };
    if (opcode >= I32_STORE && opcode <= LAST_STORE && pending > 0) {
      pending--;
      const value = opcode === I32_STORE ? (kept ?? last) : undefined;
      if (value) add(value);
      if (value?.kind === "local" && copied?.to === value.index) add(copied.from);
    }
    if (opcode >= I32_LOAD && opcode <= LAST_LOAD && last) add(last);
    if (opcode === CALL && last && read.length === 1 && context.isMethod(reader.index())) add(last);
    kept = opcode === LOCAL_TEE ? { kind: "local", index: reader.index() } : undefined;
    read = [];
  }
  return { locals, globals };
}

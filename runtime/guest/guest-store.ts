import { TargetError } from "../../src/base/errors.ts";
import type { EncodedValue } from "../suspend/messages.ts";
import { decodeValue, encodeValue } from "../suspend/value-codec.ts";
import { nonZeroPages } from "./non-zero-pages.ts";

/**
 * The parked guest's memories, globals and tables by export name. Reads and writes nothing of its own accord.
 */
export class GuestStore {
  readonly #exports: WebAssembly.Exports;

  constructor(exports: WebAssembly.Exports) {
    this.#exports = exports;
  }

  /** A copy of the bytes there are, at most `length`. */
  readMemory(name: string, address: bigint, length: number): Uint8Array {
    const bytes = this.#bytes(name);
    if (address < 0n || address >= BigInt(bytes.length)) return new Uint8Array(0);
    const from = Number(address);
    const copy = new Uint8Array(Math.min(length, bytes.length - from));
    copy.set(bytes.subarray(from, from + copy.length));
    return copy;
  }

  /** A bit for each page of 4096 bytes that is not all zero. */
  nonZeroPages(name: string): Uint8Array {
    return nonZeroPages(this.#bytes(name));
  }

  /** All of `data` or nothing. */
  writeMemory(name: string, address: bigint, data: Uint8Array): void {
    const bytes = this.#bytes(name);
    if (address < 0n || address + BigInt(data.length) > BigInt(bytes.length))
      throw new TargetError(
        "bad-address",
        `${data.length} bytes at 0x${address.toString(16)} do not fit into a memory of ${bytes.length} bytes`,
      );
    bytes.set(data, Number(address));
  }

  memorySize(name: string): bigint {
    return BigInt(this.#bytes(name).length);
  }

  global(name: string): EncodedValue {
    const global = this.#exports[name];
    if (!(global instanceof WebAssembly.Global)) return { t: "none", reason: "the engine does not keep it" };
    try {
      return encodeGlobal(global);
    } catch {
      return { t: "none", reason: "its type cannot be read from JavaScript" };
    }
  }

  setGlobal(name: string, value: EncodedValue): void {
    const global = this.#exports[name];
    if (!(global instanceof WebAssembly.Global) || !("bits" in value))
      throw new TargetError("bad-address", "no such global to write");
    try {
      global.value = decodeValue(value);
    } catch (error) {
      throw new TargetError("bad-address", error instanceof Error ? error.message : String(error));
    }
  }

  /** The index of the function a table entry holds, or −1. */
  tableFunction(name: string, index: number): number {
    const table = this.#exports[name];
    if (!(table instanceof WebAssembly.Table) || index >= table.length) return -1;
    const entry: unknown = entryOf(table, index);
    // An exported function's name is its index in its module: JavaScript API, "name of the WebAssembly function".
    return typeof entry === "function" && /^\d+$/.test(entry.name) ? Number(entry.name) : -1;
  }

  #bytes(name: string): Uint8Array {
    const memory = this.#exports[name];
    if (!(memory instanceof WebAssembly.Memory)) throw new TargetError("bad-address", `no memory ${name}`);
    return new Uint8Array(memory.buffer);
  }
}

function encodeGlobal(global: WebAssembly.Global): EncodedValue {
  const value: unknown = global.value;
  if (typeof value === "bigint") return encodeValue("i64", value);
  if (typeof value === "number") return encodeValue("f64", value);
  return {
    t: "ref",
    text: value === null ? "null" : typeof value === "function" ? `function ${value.name}` : "reference",
  };
}

/** A table with 64-bit indices, as programs with 64-bit addresses have it, takes bigints and counts its entries in them. */
function entryOf(table: WebAssembly.Table, index: number): unknown {
  return table.get((typeof table.length === "bigint" ? BigInt(index) : index) as number);
}

import { TargetError } from "../../src/base/errors.ts";
import { Errno, WasiError } from "./errno.ts";

/**
 * The guest's linear memory as calls see it: every access is checked and views are taken anew when it has grown.
 *
 * Addresses and lengths are unsigned 32-bit numbers. Views of a shared memory are views of a `SharedArrayBuffer`.
 * All accessors throw `WasiError` with errno `fault` where bytes lie outside of memory.
 */
export class GuestMemory {
  #memory: WebAssembly.Memory | undefined;
  #bytes = new Uint8Array(0);
  #data = new DataView(this.#bytes.buffer);

  /**
   * Must be called once, before any access. A 64-bit memory is taken too, for a guest may import calls and make none; each
   * access to it throws `TargetError` "unsupported".
   */
  bind(memory: WebAssembly.Memory): void {
    if (this.#memory) throw new Error("the WASI host has its memory already");
    this.#memory = memory;
    this.isWide = isMemory64(memory);
  }

  /** Whether addresses have 64 bits. */
  isWide = false;

  /** `length` bytes at `address`, as a view that holds until guest code runs again. */
  bytes(address: number, length: number): Uint8Array {
    const view = this.#view();
    if (address + length > view.byteLength) throw new WasiError(Errno.fault);
    return this.#bytes.subarray(address, address + length);
  }

  uint8(address: number): number {
    return this.#at(address, 1).getUint8(address);
  }
  uint16(address: number): number {
    return this.#at(address, 2).getUint16(address, true);
  }
  uint32(address: number): number {
    return this.#at(address, 4).getUint32(address, true);
  }
  uint64(address: number): bigint {
    return this.#at(address, 8).getBigUint64(address, true);
  }
  setUint8(address: number, value: number): void {
    this.#at(address, 1).setUint8(address, value);
  }
  setUint16(address: number, value: number): void {
    this.#at(address, 2).setUint16(address, value, true);
  }
  setUint32(address: number, value: number): void {
    this.#at(address, 4).setUint32(address, value, true);
  }
  setUint64(address: number, value: bigint): void {
    this.#at(address, 8).setBigUint64(address, value, true);
  }

  #at(address: number, length: number): DataView {
    const view = this.#view();
    if (address + length > view.byteLength) throw new WasiError(Errno.fault);
    return view;
  }

  #view(): DataView {
    if (!this.#memory) throw new Error("a WASI call came before the host had the guest's memory");
    if (this.isWide) {
      throw new TargetError(
        "unsupported",
        "WASI preview 1 is defined for 32-bit memories; this module's memory has 64-bit addresses.",
      );
    }
    const buffer = this.#memory.buffer;
    if (buffer !== this.#data.buffer) {
      this.#bytes = new Uint8Array(buffer);
      this.#data = new DataView(buffer);
    }
    return this.#data;
  }
}

/** A 64-bit memory counts pages in bigints, and nothing else about the object tells the two apart on every Node. */
function isMemory64(memory: WebAssembly.Memory): boolean {
  try {
    memory.grow(0);
    return false;
  } catch (error) {
    return error instanceof TypeError;
  }
}

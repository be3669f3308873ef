import { type FuncIndex, type StopNumber, toMemoryAddress } from "../base/brand.ts";
import { readTypeInfoType } from "../symbols/views/type-info-name.ts";
import type { Target } from "../target/target.ts";

/** Bytes of the longest text that is read. */
const longestText = 1024;

/** Memory 0 of a paused guest with addresses of 32 bits, by words; `undefined` where there is no memory. */
export class GuestWords {
  readonly #target: Target;
  readonly #stop: StopNumber;

  constructor(target: Target, stop: StopNumber) {
    this.#target = target;
    this.#stop = stop;
  }

  async word(address: number): Promise<number | undefined> {
    const bytes = await this.#read(address, 4);
    return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }

  /** The bytes up to the first zero; `undefined` where there is none soon enough. */
  async text(address: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(address, longestText);
    const end = bytes.indexOf(0);
    return end < 0 ? undefined : bytes.subarray(0, end);
  }

  /** The name of the type whose `type_info` is at an address. */
  async typeName(typeInfo: number): Promise<string | undefined> {
    const name = await this.word(typeInfo + 4);
    return name === undefined ? undefined : readTypeInfoType(await this.#read(name, longestText));
  }

  /** The function that an entry of table 0 holds. */
  async functionAt(entry: number): Promise<FuncIndex | undefined> {
    return this.#target.readTable(this.#stop, 0, entry);
  }

  async #read(address: number, length: number): Promise<Uint8Array> {
    if (address < 0) return new Uint8Array(0);
    return this.#target.readMemory(this.#stop, 0, toMemoryAddress(BigInt(address)), length);
  }
}

import { LogTag, recordHeadBytes } from "../suspend/log-record.ts";

/** Builds one log record at a time in a buffer that is used again. */
export class LogWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  begin(log: number): void {
    this.#at = recordHeadBytes;
    this.#view.setUint32(0, log, true);
  }

  number(value: number | bigint, isFloat: boolean): void {
    this.#tag(LogTag.number, 8);
    if (typeof value === "bigint") this.#view.setBigInt64(this.#at, value, true);
    else if (isFloat) this.#view.setFloat64(this.#at, value, true);
    else {
      this.#view.setInt32(this.#at, value, true);
      this.#view.setInt32(this.#at + 4, value >> 31, true);
    }
    this.#at += 8;
  }

  /** `text` is `undefined` where the address lies outside of memory. */
  text(address: number | bigint, text: Uint8Array | undefined): void {
    this.#tag(text ? LogTag.text : LogTag.nowhere, 12 + (text?.length ?? 0));
    const bits = typeof address === "bigint" ? BigInt.asUintN(64, address) : BigInt(address >>> 0);
    this.#view.setBigUint64(this.#at, bits, true);
    this.#at += 8;
    if (text) this.#body(text);
  }

  failed(reason: string): void {
    const text = new TextEncoder().encode(reason);
    this.#tag(LogTag.failed, 4 + text.length);
    this.#body(text);
  }

  /** The record, as a copy. */
  end(): Uint8Array<ArrayBuffer> {
    this.#view.setUint32(4, this.#at - recordHeadBytes, true);
    return this.#bytes.slice(0, this.#at);
  }

  #tag(tag: number, room: number): void {
    if (this.#at + 1 + room > this.#bytes.length) {
      const larger = new Uint8Array((this.#bytes.length + room) * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#view.setUint8(this.#at++, tag);
  }

  #body(bytes: Uint8Array): void {
    this.#view.setUint32(this.#at, bytes.length, true);
    this.#bytes.set(bytes, this.#at + 4);
    this.#at += 4 + bytes.length;
  }
}

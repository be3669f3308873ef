/**
 * Messages on the socket: u32 length of all that follows, u32 length of the header, the header (JSON, UTF-8),
 * the body. Integers are little endian.
 */

/** Larger than any module V8 accepts; a length beyond it is not ours. */
export const maxMessageBytes = 0x7fff_0000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One message as the pieces to write, in order; the body is not copied. */
export function encodeMessage(header: string, body?: Uint8Array): Uint8Array[] {
  const text = encoder.encode(header);
  const head = new Uint8Array(8 + text.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, 4 + text.length + (body?.length ?? 0), true);
  view.setUint32(4, text.length, true);
  head.set(text, 8);
  return body === undefined || body.length === 0 ? [head] : [head, body];
}

/**
 * Cuts a byte stream into messages. Chunks may end anywhere.
 *
 * `push` calls `onMessage` for each message that is complete; the body is a copy the receiver may keep.
 * Throws an `Error` when the stream cannot be ours; nothing can be read after that.
 */
export class MessageReader {
  readonly #onMessage: (header: string, body: Uint8Array) => void;
  #head = new Uint8Array(8);
  #headFilled = 0;
  #payload: Uint8Array | undefined;
  #filled = 0;

  constructor(onMessage: (header: string, body: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#payload === undefined) {
        const take = Math.min(8 - this.#headFilled, chunk.length - at);
        this.#head.set(chunk.subarray(at, at + take), this.#headFilled);
        this.#headFilled += take;
        at += take;
        if (this.#headFilled < 8) return;
        this.#begin();
      }
      at += this.#fill(chunk, at);
    }
  }

  #begin(): void {
    const view = new DataView(this.#head.buffer);
    const total = view.getUint32(0, true);
    const header = view.getUint32(4, true);
    if (total < 4 || total > maxMessageBytes || header > total - 4)
      throw new Error(`not a message of the suspend point: lengths ${total} and ${header}`);
    this.#payload = new Uint8Array(total - 4);
    this.#filled = 0;
  }

  #fill(chunk: Uint8Array, at: number): number {
    const payload = this.#payload as Uint8Array;
    const take = Math.min(payload.length - this.#filled, chunk.length - at);
    payload.set(chunk.subarray(at, at + take), this.#filled);
    this.#filled += take;
    if (this.#filled === payload.length) {
      const headerBytes = new DataView(this.#head.buffer).getUint32(4, true);
      this.#payload = undefined;
      this.#headFilled = 0;
      this.#onMessage(decoder.decode(payload.subarray(0, headerBytes)), payload.slice(headerBytes));
    }
    return take;
  }
}

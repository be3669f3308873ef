/**
 * Messages on the socket: u32 length of all that follows, u32 length of the header, the header (JSON, UTF-8),
 * the body. Integers are little endian.
 */
import type { Socket } from "node:net";

/** Larger than any module V8 accepts; a length beyond it is not ours. */
const maxMessageBytes = 0x7fff_0000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A body up to this size is copied behind its header: to write a second piece takes longer. */
const joinedBytes = 64 * 1024;

/** One message as the pieces to write, in order; a long body, which may come in parts, is not copied. */
export function encodeMessage(header: string, ...body: readonly Uint8Array[]): Uint8Array[] {
  const text = encoder.encode(header);
  const bodyBytes = sizeOfParts(body);
  const isJoined = bodyBytes <= joinedBytes;
  const head = new Uint8Array(8 + text.length + (isJoined ? bodyBytes : 0));
  const view = new DataView(head.buffer);
  view.setUint32(0, 4 + text.length + bodyBytes, true);
  view.setUint32(4, text.length, true);
  head.set(text, 8);
  if (!isJoined) return [head, ...body.filter(({ length }) => length > 0)];
  let end = 8 + text.length;
  for (const part of body) {
    head.set(part, end);
    end += part.length;
  }
  return [head];
}

/** Writes a message to a socket; `taken` is called when the system has taken all of it. */
export function sendMessage(
  socket: Pick<Socket, "write" | "cork" | "uncork">,
  header: string,
  body: readonly Uint8Array[] = [],
  taken?: () => void,
): void {
  const pieces = encodeMessage(header, ...body);
  const last = pieces.length - 1;
  if (last > 0) socket.cork();
  pieces.forEach((piece, at) => {
    socket.write(piece, at === last ? taken : undefined);
  });
  if (last > 0) socket.uncork();
}

/** Of a body that comes in parts. */
export function sizeOfParts(parts: readonly Uint8Array[]): number {
  return parts.reduce((size, part) => size + part.length, 0);
}

/**
 * Cuts a byte stream into messages. Chunks may end anywhere.
 *
 * `push` calls `onMessage` for each message that is complete; the body is a copy the receiver may keep.
 * Throws an `Error` when the stream cannot be ours; nothing can be read after that.
 */
export class MessageReader {
  readonly #onMessage: (header: string, body: Uint8Array) => void;
  readonly #lengths = new Uint8Array(8);
  /** What is being filled: the two lengths, then the header, then the body. */
  #part: Uint8Array = this.#lengths;
  #filled = 0;
  #header: Uint8Array | undefined;
  #bodyLength = 0;

  constructor(onMessage: (header: string, body: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const part = this.#part;
      const take = Math.min(part.length - this.#filled, chunk.length - at);
      part.set(at === 0 && take === chunk.length ? chunk : chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      // Parts may be empty: what follows them is complete as well then.
      while (this.#filled === this.#part.length) this.#next();
    }
  }

  /** The part is complete: begins the next one. */
  #next(): void {
    const part = this.#part;
    this.#filled = 0;
    if (part === this.#lengths) {
      this.#part = this.#header = this.#readLengths();
    } else if (part === this.#header) {
      // In memory of its own, so that nobody has to copy it again.
      this.#part = new Uint8Array(this.#bodyLength);
    } else {
      const header = decoder.decode(this.#header);
      this.#header = undefined;
      this.#part = this.#lengths;
      this.#onMessage(header, part);
    }
  }

  #readLengths(): Uint8Array {
    const view = new DataView(this.#lengths.buffer);
    const total = view.getUint32(0, true);
    const header = view.getUint32(4, true);
    if (total < 4 || total > maxMessageBytes || header > total - 4)
      throw new Error(`not a message of the suspend point: lengths ${total} and ${header}`);
    this.#bodyLength = total - 4 - header;
    return new Uint8Array(header);
  }
}

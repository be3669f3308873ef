/** What a client's bytes turned out to be. */
export type Framed =
  | { readonly kind: "message"; readonly message: unknown }
  /** A message that could be told apart but not read; the next one is not affected. */
  | { readonly kind: "unreadable"; readonly problem: string }
  /** Nothing that follows can be trusted. The reader reads no further. */
  | { readonly kind: "lost"; readonly problem: string };

/** A header longer than this is not a header. */
const maxHeaderBytes = 8 * 1024;
/** As most clients write it, and how long it can be. */
const usualHeader = /^Content-Length: (\d{1,9})\r\n\r\n/;
const usualHeaderBytes = 30;
/** More than any client sends (the longest messages hold a pasted expression), less than would exhaust us. */
const maxBodyBytes = 64 * 1024 * 1024;

/** The bytes of one message as they go over the wire. */
export function writeMessage(message: object): string {
  return encodeMessage(message).pieces.join("");
}

/** A message as the pieces to write one after the other. */
export interface EncodedMessage {
  readonly pieces: readonly string[];
  /** What is all ASCII is the same in Latin-1, which streams write several times faster. */
  readonly encoding: "latin1" | "utf8";
}

/** As `writeMessage`. Bytes of memory, of which there may be megabytes, are taken over unread: base64 needs no escapes. */
export function encodeMessage(message: object): EncodedMessage {
  const data = memoryOf(message);
  const json = JSON.stringify(data === undefined ? message : withoutMemory(message));
  const sizeBytes = Buffer.byteLength(json);
  const encoding = sizeBytes === json.length ? "latin1" : "utf8";
  if (data === undefined) return { pieces: [header(sizeBytes) + json], encoding };
  const at = json.indexOf(noData) + noData.length - 1;
  return { pieces: [header(sizeBytes + data.length) + json.slice(0, at), data, json.slice(at)], encoding };
}

const header = (sizeBytes: number): string => `Content-Length: ${sizeBytes}\r\n\r\n`;
const noData = '"data":""';

interface MemoryAnswer {
  readonly command?: unknown;
  readonly body?: { readonly data?: unknown };
}

/** Of an answer with bytes of memory: those. */
function memoryOf({ command, body }: MemoryAnswer): string | undefined {
  return command === "readMemory" && typeof body?.data === "string" ? body.data : undefined;
}

const withoutMemory = (message: MemoryAnswer): object => ({
  ...message,
  body: { ...message.body, data: "" },
});

/**
 * Cuts a client's bytes into messages.
 *
 * Written for hostile input, which the reader of the protocol library is not: that one waits for ever
 * after a header without a length and throws away a broken message in silence. Here everything that
 * is not a message is said in one sentence. Source: Debug Adapter Protocol, "Base Protocol".
 */
export class MessageReader {
  /** What has come and not been read: all of it from `#at` in the first chunk on. */
  #chunks: Buffer[] = [];
  #at = 0;
  #size = 0;
  #bodyLength: number | undefined;
  #lost = false;

  /** What the bytes so far complete. */
  *read(chunk: Buffer): Generator<Framed> {
    if (this.#lost) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (!this.#lost && (this.#size > 0 || this.#bodyLength !== undefined)) {
      const framed = this.#bodyLength === undefined ? this.#readHeader() : this.#readBody(this.#bodyLength);
      if (framed === "more") return;
      if (framed !== undefined) yield framed;
    }
  }

  /** At the end of the input: a sentence if that is in the middle of a message. */
  end(): string | undefined {
    if (this.#lost || (this.#size === 0 && this.#bodyLength === undefined)) return undefined;
    const expected =
      this.#bodyLength === undefined ? "its header" : `${this.#size} of ${this.#bodyLength} bytes`;
    return `The client broke off in the middle of a message, after ${this.#bodyLength === undefined ? "part of " : ""}${expected}.`;
  }

  #readHeader(): Framed | "more" | undefined {
    // Nearly every header is this one, and a client waits meanwhile.
    const usual = usualHeader.exec(this.#text(usualHeaderBytes));
    if (usual) return this.#beginBody(Number(usual[1]), usual[0].length);
    this.#dropBlankLines();
    const start = this.#text(maxHeaderBytes);
    const end = /\r?\n\r?\n/.exec(start);
    if (end === null) {
      // Headers start with a field name: what cannot become one is refused at once, not when 8 KiB have come.
      if (start.length >= maxHeaderBytes || !/^([A-Za-z-]+(:[^\0]*)?)?$/.test(start))
        return this.#lose(start);
      return "more";
    }
    const header = start.slice(0, end.index);
    const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(header)?.[1];
    if (length === undefined) return this.#lose(header);
    return this.#beginBody(Number(length), end.index + end[0].length);
  }

  #beginBody(length: number, headerBytes: number): Framed | undefined {
    if (length > maxBodyBytes) {
      this.#lost = true;
      const problem = `The client announced a message of ${length} bytes; at most ${maxBodyBytes} are accepted.`;
      return { kind: "lost", problem };
    }
    this.#drop(headerBytes);
    this.#bodyLength = length;
    return undefined;
  }

  #readBody(length: number): Framed | "more" {
    if (this.#size < length) return "more";
    const body = this.#gather().toString("utf8", this.#at, this.#at + length);
    this.#drop(length);
    this.#bodyLength = undefined;
    try {
      return { kind: "message", message: JSON.parse(body) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "unreadable", problem: `The client sent a message that is not valid JSON: ${why}.` };
    }
  }

  #lose(found: string): Framed {
    this.#lost = true;
    const shown = JSON.stringify(found.length > 60 ? `${found.slice(0, 60)}...` : found);
    const problem = `The client does not speak the Debug Adapter Protocol: expected "Content-Length: <bytes>", found ${shown}.`;
    return { kind: "lost", problem };
  }

  /** At most `most` of the bytes not read yet, one character each. */
  #text(most: number): string {
    return this.#gather().toString("latin1", this.#at, Math.min(this.#at + most, this.#at + this.#size));
  }

  /** All bytes not read yet, from `#at` on, in one buffer. Joined only when something can be read, so that a long message costs its length. */
  #gather(): Buffer {
    const first = this.#chunks[0];
    if (this.#chunks.length === 1 && first !== undefined) return first;
    const joined = Buffer.concat(this.#chunks).subarray(this.#at);
    this.#chunks = [joined];
    this.#at = 0;
    return joined;
  }

  /** Line ends between messages do no harm, and some clients send them. */
  #dropBlankLines(): void {
    const bytes = this.#gather();
    let blank = 0;
    while (bytes[this.#at + blank] === 0x0d || bytes[this.#at + blank] === 0x0a) blank++;
    this.#drop(blank);
  }

  #drop(bytes: number): void {
    this.#at += bytes;
    this.#size -= bytes;
    if (this.#size > 0) return;
    this.#chunks = [];
    this.#at = 0;
  }
}

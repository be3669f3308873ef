import { type MalformedCode, MalformedError } from "./errors.ts";

/**
 * A place in a byte array that moves forward as fields are read, and never past `end`.
 *
 * `position` and `end` are indexes into `bytes`. Readers of a module keep the whole file in `bytes`, so
 * that a position is also the offset an error must name.
 * Every read that does not fit throws `unexpected-end` at the first byte of the field that did not.
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  /** Named in errors: a section's name, or "module" outside any. */
  readonly section: string;
  /** Exclusive. */
  readonly end: number;
  /** Of the next byte. May be set to any index from 0 to `end`. */
  position: number;
  #view: DataView | undefined;

  constructor(bytes: Uint8Array, section: string, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.section = section;
    this.position = start;
    this.end = Math.min(end, bytes.length);
  }

  /** Bytes left before `end`. */
  get remaining(): number {
    return this.end - this.position;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  u8(): number {
    if (this.position >= this.end) throw this.#unexpectedEnd(1);
    return this.bytes[this.position++] as number;
  }

  /** The next byte without moving, or -1 at the end. */
  peek(): number {
    return this.position < this.end ? (this.bytes[this.position] as number) : -1;
  }

  /** Two bytes, little-endian, unsigned. */
  u16(): number {
    return this.#fixed(2).getUint16(this.position - 2, true);
  }

  /** Four bytes, little-endian, unsigned. Not LEB128: that is `readU32` of leb128.ts. */
  u32(): number {
    return this.#fixed(4).getUint32(this.position - 4, true);
  }

  /** Eight bytes, little-endian, unsigned. */
  u64(): bigint {
    return this.#fixed(8).getBigUint64(this.position - 8, true);
  }

  f32(): number {
    return this.#fixed(4).getFloat32(this.position - 4, true);
  }

  f64(): number {
    return this.#fixed(8).getFloat64(this.position - 8, true);
  }

  skip(sizeBytes: number): void {
    if (sizeBytes > this.end - this.position) throw this.#unexpectedEnd(sizeBytes);
    this.position += sizeBytes;
  }

  /** The next `sizeBytes` bytes, as a view of the same memory. */
  take(sizeBytes: number): Uint8Array {
    this.skip(sizeBytes);
    return this.bytes.subarray(this.position - sizeBytes, this.position);
  }

  /** A cursor over the next `sizeBytes` bytes, with this one moved behind them. */
  nested(sizeBytes: number, section: string = this.section): ByteCursor {
    this.skip(sizeBytes);
    return new ByteCursor(this.bytes, section, this.position - sizeBytes, this.position);
  }

  /** Nothing may be left. @throws {MalformedError} `trailing-bytes` at the first byte that is. */
  expectEnd(): void {
    if (this.position < this.end) {
      throw this.malformed("trailing-bytes", this.position, `${this.remaining} bytes too many`);
    }
  }

  /** The error for something wrong at `offset` (an index into `bytes`); the caller throws it. */
  malformed(code: MalformedCode, offset: number, detail: string): MalformedError {
    return new MalformedError(code, this.section, offset, detail);
  }

  #fixed(sizeBytes: number): DataView {
    this.skip(sizeBytes);
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view;
  }

  #unexpectedEnd(wanted: number): MalformedError {
    return this.malformed(
      "unexpected-end",
      this.position,
      `expected ${wanted} bytes, found ${this.remaining}`,
    );
  }
}

/** Bytes written one after another into memory that grows as needed. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `capacity`: bytes to begin with; a good guess saves copies. */
  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(Math.max(capacity, 16));
  }

  /** Bytes written so far, which is also the index of the next one. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** Bytes `start` to `end` (exclusive) of `source`. */
  copy(source: Uint8Array, start = 0, end = source.length): void {
    const size = end - start;
    if (this.#length + size > this.#bytes.length) this.#grow(size);
    // For a few bytes a loop is several times faster than making a view to copy from.
    if (size <= 32) {
      for (let index = 0; index < size; index++) {
        this.#bytes[this.#length + index] = source[start + index] as number;
      }
    } else {
      this.#bytes.set(source.subarray(start, end), this.#length);
    }
    this.#length += size;
  }

  /** All that `other` holds now. */
  append(other: ByteWriter): void {
    this.copy(other.#bytes, 0, other.#length);
  }

  /** Four bytes, little-endian. */
  u32(value: number): void {
    this.u8(value & 0xff);
    this.u8((value >>> 8) & 0xff);
    this.u8((value >>> 16) & 0xff);
    this.u8(value >>> 24);
  }

  f32(value: number): void {
    const at = this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(at, value, true);
  }

  /** Writes over a byte already written. */
  setU8(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  /** Forgets what was written and keeps the memory, for the next use as a scratch. */
  clear(): void {
    this.#length = 0;
  }

  /** What was written, as a view of the writer's own memory: good until the next write or `clear`. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was written, in memory of its own. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(sizeBytes: number): number {
    if (this.#length + sizeBytes > this.#bytes.length) this.#grow(sizeBytes);
    this.#length += sizeBytes;
    return this.#length - sizeBytes;
  }

  #grow(sizeBytes: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + sizeBytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

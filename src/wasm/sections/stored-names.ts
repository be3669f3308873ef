import { ByteCursor } from "../../base/bytes.ts";
import { MalformedError } from "../../base/errors.ts";
import { readU32 } from "../../base/leb128.ts";
import { decodeUtf8Leniently } from "../../base/utf8.ts";
import type { SectionContents } from "../section-directory.ts";
import { type IndexColumns, NameMap, sortedOnce } from "./name-map.ts";

/** So much is read at once. */
const windowBytes = 1 << 16;
/** As much as a number takes. */
const mostU32Bytes = 5;

/**
 * Names that are read from where they are stored when they are asked for, of which there may be megabytes: nothing is kept but
 * where each begins. Names asked for in order are read together.
 *
 * `section` is named in errors. @throws {MalformedError} as `NameSection.names`, with offsets from the start of the contents.
 */
export function readStoredNames(contents: SectionContents, section: string): NameMap {
  const window = new Window(contents, section);
  return new NameMap(readColumns(window), (start) => decodeUtf8Leniently(window.name(start)));
}

function readColumns(window: Window): IndexColumns {
  const count = window.u32(0);
  let at = window.end;
  if (count > (window.length - at) / 2) {
    throw window.malformed(0, `${count} entries do not fit in ${window.length - at} bytes`);
  }
  const indexes = new Uint32Array(count);
  const starts = new Uint32Array(count);
  let ascending = true;
  for (let entry = 0; entry < count; entry++) {
    const index = window.u32(at);
    if (entry > 0 && index <= (indexes[entry - 1] as number)) ascending = false;
    indexes[entry] = index;
    starts[entry] = window.end;
    at = window.endOfName(window.end);
  }
  return ascending ? { indexes, starts } : sortedOnce({ indexes, starts });
}

/** A piece of the contents that moves to where it is looked at. */
class Window {
  readonly #contents: SectionContents;
  readonly #section: string;
  #bytes = new Uint8Array(0);
  #start = 0;
  /** Behind the number that was read last. */
  end = 0;

  constructor(contents: SectionContents, section: string) {
    this.#contents = contents;
    this.#section = section;
  }

  get length(): number {
    return this.#contents.length;
  }

  u32(at: number): number {
    const start = this.#moveTo(at, mostU32Bytes);
    const first = this.#bytes[start];
    if (first !== undefined && first < 0x80) {
      this.end = at + 1;
      return first;
    }
    const cursor = new ByteCursor(this.#bytes, this.#section, start);
    try {
      const value = readU32(cursor);
      this.end = at + cursor.position - start;
      return value;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      throw new MalformedError(error.code, error.section, at, error.detail);
    }
  }

  /** Where the name ends whose size stands at `at`. */
  endOfName(at: number): number {
    const size = this.u32(at);
    if (size > this.length - this.end) throw this.malformed(this.end, "unexpected end of input");
    return this.end + size;
  }

  /** The bytes of that name; valid until the next call. */
  name(at: number): Uint8Array {
    const end = this.endOfName(at);
    const size = end - this.end;
    const start = this.#moveTo(this.end, size);
    return this.#bytes.subarray(start, start + size);
  }

  malformed(offset: number, detail: string): MalformedError {
    return new MalformedError("unexpected-end", this.#section, offset, detail);
  }

  /** Makes sure that bytes from `at` on are here, as many as there are; answers where. */
  #moveTo(at: number, size: number): number {
    const left = this.length - at;
    const here = this.#start + this.#bytes.length - at;
    if (at < this.#start || here < Math.min(size, left)) {
      const length = Math.max(0, Math.min(left, Math.max(windowBytes, size)));
      if (this.#bytes.length !== length) this.#bytes = new Uint8Array(length);
      this.#contents.readInto(this.#bytes, at);
      this.#start = at;
    }
    return at - this.#start;
  }
}

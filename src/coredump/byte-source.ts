import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";

/**
 * A file that is read in parts: a coredump may be larger than what one wants in memory, or can have.
 *
 * Reading is synchronous, because readers of formats are; `read` may throw what the system says about the file.
 */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Bytes from `offset`, fewer (perhaps none) where the file ends. Good for as long as the caller likes; not to be written to. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory as a source; what it reads are views of them. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/**
 * Decodes bytes `start` to `end` (exclusive) of a source. Positions of the cursor count from `start`; those of a
 * `MalformedError` that `decode` throws become offsets in the file.
 */
export function decodeAt<T>(
  source: ByteSource,
  section: string,
  start: number,
  end: number,
  decode: (cursor: ByteCursor) => T,
): T {
  try {
    return decode(new ByteCursor(source.read(start, end - start), section));
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(error.code, error.section, error.offset + start, error.detail);
  }
}

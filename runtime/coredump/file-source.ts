import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { type ByteSource, sourceOf } from "../../src/coredump/byte-source.ts";

/** A coredump's file, open for as long as somebody looks into it. */
export interface OpenFile extends ByteSource {
  close(): void;
}

/** Files up to this size are read at once; of larger ones only what is asked for. */
const smallBytes = 8 << 20;

/** Opens a file to read parts of. Throws Node's error where that cannot be done. */
export function openFile(path: string): OpenFile {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size <= smallBytes) {
      const source = sourceOf(new Uint8Array(readFileSync(descriptor)));
      closeSync(descriptor);
      return { ...source, close: () => {} };
    }
    return new FileSource(descriptor, size);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

class FileSource implements OpenFile {
  readonly sizeBytes: number;
  readonly #descriptor: number;
  #isOpen = true;

  constructor(descriptor: number, sizeBytes: number) {
    this.#descriptor = descriptor;
    this.sizeBytes = sizeBytes;
  }

  read(offset: number, length: number): Uint8Array {
    const size = Math.max(0, Math.min(length, this.sizeBytes - offset));
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const read = readSync(this.#descriptor, bytes, done, size - done, offset + done);
      // The file has become shorter since it was opened.
      if (read === 0) return bytes.subarray(0, done);
      done += read;
    }
    return bytes;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }
}

import type { Abort } from "../../src/base/abort.ts";

/** Most bytes read in one question. */
const chunkBytes = 2 << 20;
/** Such questions under way at a time. */
const readsUnderWay = 4;

/**
 * `length` bytes, fewer where memory ends, of which `read` gets some from a place on; both in bytes from the first.
 *
 * Several questions at once, so that the guest's thread, the socket and this one work at the same time; few, so that it can
 * be given up: it rejects with the signal's reason then.
 */
export async function readInChunks(
  length: number,
  read: (from: number, length: number) => Promise<Uint8Array>,
  signal: Abort | undefined,
): Promise<Uint8Array> {
  if (length <= chunkBytes) return read(0, length);
  const asked: Promise<Uint8Array>[] = [];
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (let from = 0, taken = 0; taken * chunkBytes < length; taken++) {
    for (; from < length && asked.length < taken + readsUnderWay; from += chunkBytes) {
      const one = read(from, Math.min(chunkBytes, length - from));
      one.catch(() => {});
      asked.push(one);
    }
    const chunk = (await asked[taken]) as Uint8Array;
    signal?.throwIfAborted();
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes.subarray(0, filled);
}

import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CoredumpPiece } from "../../src/coredump/write-data.ts";

let written = 0;

/**
 * Writes a coredump to a file, whole or not at all: it has its name once it is complete and on the disk, and whatever
 * had that name before is kept until then. Memory of programs is nobody else's business: only the user may read it.
 *
 * Answers its size in bytes. Rejects as the pieces do, or with Node's error; nothing is left behind then.
 */
export async function saveCoredump(path: string, pieces: AsyncIterable<CoredumpPiece>): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}-${++written}.part`);
  const file = await open(unfinished, "wx", 0o600);
  try {
    const size = await writePieces(file, pieces);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
    return size;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Small pieces are gathered up to this size. */
const gatheredBytes = 1 << 20;

async function writePieces(file: FileHandle, pieces: AsyncIterable<CoredumpPiece>): Promise<number> {
  const gathered = Buffer.allocUnsafe(gatheredBytes);
  let waiting = 0;
  let size = 0;
  const flush = async (): Promise<void> => {
    await writeAll(file, gathered.subarray(0, waiting), size - waiting);
    waiting = 0;
  };
  for await (const { bytes, at } of pieces) {
    if (at !== undefined) {
      await flush();
      await writeAll(file, bytes, at);
      continue;
    }
    if (waiting + bytes.length > gatheredBytes) await flush();
    if (bytes.length > gatheredBytes) await writeAll(file, bytes, size);
    else {
      gathered.set(bytes, waiting);
      waiting += bytes.length;
    }
    size += bytes.length;
  }
  await flush();
  return size;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

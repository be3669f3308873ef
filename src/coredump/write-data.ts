import { type StopNumber, toMemoryAddress } from "../base/brand.ts";
import { ByteWriter } from "../base/bytes.ts";
import { TargetError } from "../base/errors.ts";
import { writeS32, writeS64, writeU32 } from "../base/leb128.ts";
import type { Target } from "../target/target.ts";
import { SECTION_IDS } from "../wasm/section-directory.ts";
import type { MemoryType } from "../wasm/sections/memory.ts";

/** Bytes of a file: behind those before, or over what is at `at`. Good until the next is asked for. */
export interface CoredumpPiece {
  readonly bytes: Uint8Array;
  readonly at?: number;
}

/** What is read at a time. */
const windowBytes = 4 << 20;
/** What is told zero or not. */
const zeroPageBytes = 4096;
/** Engines and validators take 100,000 segments of a module; larger memories get coarser ones. */
const segmentsWanted = 32_768;
/** A section's length is a 32-bit number. */
const mostBytes = 0xffff_ffff;

/**
 * The data section of a coredump: what is not zero in each memory, in active segments. Nothing at all where everything
 * is zero.
 *
 * @param sizes In bytes, by memory.
 * @param start Where in the file the section begins.
 */
export async function* dataPieces(
  target: Target,
  stop: StopNumber,
  types: readonly MemoryType[],
  sizes: readonly bigint[],
  start: number,
): AsyncGenerator<CoredumpPiece> {
  const head = new ByteWriter();
  let segments = 0;
  let written = 0;
  for (const [memory, size] of sizes.entries()) {
    const is64 = types[memory]?.addressType === "i64";
    for await (const { address, bytes } of nonZeroRuns(target, stop, memory, Number(size))) {
      if (segments === 0) yield { bytes: dataHead(0, 0) };
      segments++;
      head.clear();
      writeSegmentHead(head, memory, address, bytes.length, is64);
      written += head.length + bytes.length;
      if (written + 5 > mostBytes) {
        throw new TargetError(
          "unsupported",
          "The program's memory holds more than the 4 GiB that a coredump can.",
        );
      }
      yield { bytes: head.view() };
      yield { bytes };
    }
  }
  if (segments > 0) yield { bytes: dataHead(written + 5, segments), at: start };
}

/** Id, length and count, both in their longest form so that they can be filled in later. */
function dataHead(sizeBytes: number, count: number): Uint8Array {
  return Uint8Array.of(SECTION_IDS.data, ...padded(sizeBytes), ...padded(count));
}

const padded = (value: number): readonly number[] =>
  [0, 7, 14, 21, 28].map((shift) => (Math.floor(value / 2 ** shift) & 0x7f) | (shift < 28 ? 0x80 : 0));

function writeSegmentHead(
  writer: ByteWriter,
  memory: number,
  address: number,
  size: number,
  is64: boolean,
): void {
  writeU32(writer, memory === 0 ? 0 : 2);
  if (memory !== 0) writeU32(writer, memory);
  writer.u8(is64 ? 0x42 : 0x41);
  if (is64) writeS64(writer, BigInt(address));
  else writeS32(writer, address | 0);
  writer.u8(0x0b);
  writeU32(writer, size);
}

interface Run {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Stretches of a memory that begin and end with a byte that is not zero. */
async function* nonZeroRuns(
  target: Target,
  stop: StopNumber,
  memory: number,
  size: number,
): AsyncGenerator<Run> {
  const pages = await target.nonZeroPages?.(stop, memory);
  const gapPages = Math.ceil(size / segmentsWanted / zeroPageBytes);
  for (let start = 0; start < size; start += windowBytes) {
    const end = Math.min(start + windowBytes, size);
    if (pages) {
      const isSet = (page: number): boolean => ((pages[page >> 3] ?? 0) & (1 << (page & 7))) !== 0;
      for (const run of runsOfPages(isSet, start / zeroPageBytes, Math.ceil(end / zeroPageBytes), gapPages)) {
        const from = run.first * zeroPageBytes;
        yield* trimmed(
          from,
          await read(target, stop, memory, from, Math.min(run.end * zeroPageBytes, end) - from),
        );
      }
    } else {
      const bytes = await read(target, stop, memory, start, end - start);
      const isSet = (page: number): boolean => hasBytes(bytes, page * zeroPageBytes, zeroPageBytes);
      for (const run of runsOfPages(isSet, 0, Math.ceil(bytes.length / zeroPageBytes), gapPages)) {
        const from = run.first * zeroPageBytes;
        yield* trimmed(start + from, bytes.subarray(from, run.end * zeroPageBytes));
      }
    }
  }
}

async function read(
  target: Target,
  stop: StopNumber,
  memory: number,
  address: number,
  length: number,
): Promise<Uint8Array> {
  return target.readMemory(stop, memory, toMemoryAddress(address), length);
}

/** Runs of pages that are set, over gaps of at most `gapPages`; `end` is exclusive. */
function* runsOfPages(
  isSet: (page: number) => boolean,
  start: number,
  end: number,
  gapPages: number,
): Generator<{ readonly first: number; readonly end: number }> {
  let first = -1;
  let last = -1;
  for (let page = start; page < end; page++) {
    if (!isSet(page)) continue;
    if (first >= 0 && page - last > gapPages) {
      yield { first, end: last + 1 };
      first = -1;
    }
    if (first < 0) first = page;
    last = page;
  }
  if (first >= 0) yield { first, end: last + 1 };
}

function hasBytes(bytes: Uint8Array, start: number, length: number): boolean {
  let at = start;
  const end = Math.min(start + length, bytes.length);
  const first = bytes.byteOffset + start;
  if (first % 8 === 0) {
    const words = new Float64Array(bytes.buffer, first, Math.floor((end - start) / 8));
    // A word that is a number other than 0, or none, has a bit set; of -0 it is the sign.
    for (const word of words) if (!Object.is(word, 0)) return true;
    at += words.length * 8;
  }
  for (; at < end; at++) if (bytes[at] !== 0) return true;
  return false;
}

/** Without zeros at either end; nothing where there is nothing else. */
function* trimmed(address: number, bytes: Uint8Array): Generator<Run> {
  let from = 0;
  let to = bytes.length;
  while (from < to && bytes[from] === 0) from++;
  while (to > from && bytes[to - 1] === 0) to--;
  if (from < to) yield { address: address + from, bytes: bytes.subarray(from, to) };
}

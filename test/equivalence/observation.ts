import { createHash } from "node:crypto";
import { callSitesOf, guestFrames, type Stack } from "../../runtime/guest/call-stack.ts";
import type { Outcome } from "../support/run-plain.ts";

/** What can be seen of a guest's run from outside, as plain data. */
export interface Observation {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` after a trap or when exports were called. */
  readonly exit: number | null;
  readonly results: readonly (number | string | null)[];
  readonly trap: string | null;
  /** Of a trap: its wasm frames, innermost first, at offsets of the original module. */
  readonly frames: readonly Frame[];
  /** Size in bytes and SHA-256 of linear memory at the end, with the signs of canonical NaNs cleared. */
  readonly memory: string;
}

/** A wasm frame: function index and offset in the original module; −1 for an offset that the original has not. */
export type Frame = readonly [func: number, offset: number];

/** Tells frames of the guest from what instrumentation added, and maps their offsets back. */
export interface FrameOrigin {
  /** Functions from this index on are no frames of the guest. */
  readonly functionCount: number;
  originalOffset(offset: number): number | undefined;
}

/** The frames of a module as it was. */
export const unchanged: FrameOrigin = {
  functionCount: Number.POSITIVE_INFINITY,
  originalOffset: (offset) => offset,
};

/** Sums up an outcome. The error's stack must not have been read before. */
export function observe(outcome: Outcome, origin: FrameOrigin): Observation {
  const { stdout, stderr, exit, trap, error, results, memory } = outcome;
  const frames = error ? wasmFrames({ sites: callSitesOf(error), inHostCall: false }, origin) : [];
  return {
    stdout,
    stderr,
    exit: exit ?? null,
    results: results.map((result) => result ?? null),
    trap: trap ?? null,
    frames: trap === "stack-overflow" ? withoutDepth(frames) : frames,
    // How much of the C stack was written when the engine's own stack ended depends on how large its frames are.
    memory: trap === "stack-overflow" ? `${memory.length} bytes` : hashOf(memory),
  };
}

/** The wasm frames of a stack, innermost first. */
export function wasmFrames(stack: Stack, origin: FrameOrigin): readonly Frame[] {
  const frames: Frame[] = [];
  for (const frame of guestFrames(stack, origin.functionCount)) {
    if ("d" in frame) frames.push([frame.f, origin.originalOffset(frame.o) ?? -1]);
  }
  return frames;
}

/**
 * The frames of a stack overflow, less what depends on the size of the engine's frames: the instruction at which
 * the stack ended, and how many equal frames there are in a row.
 */
function withoutDepth(frames: readonly Frame[]): readonly Frame[] {
  return frames.slice(1).filter(([func, offset], index, all) => {
    const [innerFunc, innerOffset] = all[index - 1] ?? [];
    return func !== innerFunc || offset !== innerOffset;
  });
}

const hashOf = (memory: Uint8Array): string =>
  `${memory.length} bytes ${createHash("sha256").update(withPositiveNans(memory)).digest("hex")}`;

/**
 * Memory in which no canonical NaN is negative, of either width and where compilers align numbers.
 *
 * Whether 0/0 is negative is the engine's choice: V8's is what the processor does or, where it computed the result
 * beforehand, what its compiler does, and which of them it was depends on the code around. All other bits count, also those of
 * other NaNs, which engines only make from NaNs that a program has made itself.
 * Source: core specification, "NaN Propagation".
 */
function withPositiveNans(memory: Uint8Array): Uint8Array {
  const words = new Uint32Array(memory.slice(0, memory.length & ~7).buffer);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as number;
    if (word === 0xffc0_0000 || (word === 0xfff8_0000 && at % 2 === 1 && words[at - 1] === 0))
      words[at] = word & 0x7fff_ffff;
  }
  return new Uint8Array(words.buffer);
}

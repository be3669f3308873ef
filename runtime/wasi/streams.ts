import { Errno, WasiError } from "./errno.ts";
import type { WasiOptions } from "./wasi-options.ts";

/** Rights of a descriptor that matter here, as bits. Source: WASI preview 1, `rights`. */
export const Right = {
  fdRead: 1n << 1n,
  fdFdstatSetFlags: 1n << 3n,
  fdWrite: 1n << 6n,
  fdFilestatGet: 1n << 21n,
  pollFdReadwrite: 1n << 27n,
} as const;

/** Flags of a descriptor, as bits. Source: WASI preview 1, `fdflags`. */
export const FdFlag = { nonblock: 1 << 2, all: 0x1f } as const;

/** One of the guest's standard streams: an end of the console, open under some descriptor. */
export interface Stream {
  readonly name: "stdin" | "stdout" | "stderr";
  /** Whether libc is to take it for a terminal. */
  readonly terminal: boolean;
  /** `FdFlag` bits as the guest last set them. */
  flags: number;
  /** `Right` bits it has left: a guest can give some up. */
  rights: bigint;
}

/**
 * The standard streams by descriptor; a descriptor that is not in here is node:wasi's.
 *
 * They begin as 0, 1 and 2. Closing one, or renumbering another descriptor over it, takes it out; renumbering it
 * takes it to its new number.
 */
export type Streams = Map<number, Stream>;

/** The three streams at their places. */
export function standardStreams(terminal: WasiOptions["terminal"]): Streams {
  const common = Right.fdFdstatSetFlags | Right.fdFilestatGet | Right.pollFdReadwrite;
  return new Map<number, Stream>([
    [0, { name: "stdin", terminal: terminal.stdin, flags: 0, rights: common | Right.fdRead }],
    [1, { name: "stdout", terminal: terminal.stdout, flags: 0, rights: common | Right.fdWrite }],
    [2, { name: "stderr", terminal: terminal.stderr, flags: 0, rights: common | Right.fdWrite }],
  ]);
}

/** Throws errno `notcapable` unless the stream has the right left. */
export function requireRight(stream: Stream, right: bigint): void {
  if ((stream.rights & right) === 0n) throw new WasiError(Errno.notcapable);
}

/** Throws unless the guest may read from the stream: errno `badf` for an output, as for a pipe's writing end. */
export function requireInput(stream: Stream): void {
  if (stream.name !== "stdin") throw new WasiError(Errno.badf);
  requireRight(stream, Right.fdRead);
}

/** Which output the stream is. Throws unless the guest may write to it: errno `badf` for stdin. */
export function requireOutput(stream: Stream): "stdout" | "stderr" {
  if (stream.name === "stdin") throw new WasiError(Errno.badf);
  requireRight(stream, Right.fdWrite);
  return stream.name;
}

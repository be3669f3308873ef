/** Bytes of the guest's memory, both numbers unsigned. */
export interface WrittenRange {
  readonly address: number;
  readonly length: number;
}

/** What the host's own answers depend on. */
export interface WrittenSizes {
  /** Number of arguments and of variables of the environment, and the bytes of all of each with their ends. */
  readonly args: { readonly count: number; readonly bytes: number };
  readonly env: { readonly count: number; readonly bytes: number };
}

/** Says what a call that succeeds writes: asked before it is made, answered when it has been, with memory as it is then. */
export type WrittenBy = (
  args: readonly (number | bigint)[],
  memory: DataView,
) => (memory: DataView) => readonly WrittenRange[];

/**
 * What each WASI function writes to the guest's memory, whether it changes anything or not; a function that is missing writes
 * nothing. Calls that fail write nothing.
 *
 * Buffers are read before the call, since what it writes may lie over them.
 *
 * Source: WASI preview 1, results of its functions and the layouts of `fdstat`, `filestat`, `prestat` and `event`; preview 0
 * (`isUnstable`) has a shorter `filestat`.
 */
export function writtenBy(
  sizes: WrittenSizes,
  { isUnstable }: { readonly isUnstable: boolean },
): ReadonlyMap<string, WrittenBy> {
  const filestat = isUnstable ? 56 : 64;
  const lists = ({ count, bytes }: WrittenSizes["args"]): WrittenBy => at([0, count * 4], [1, bytes]);
  const table: Readonly<Record<string, WrittenBy>> = {
    args_get: lists(sizes.args),
    args_sizes_get: at([0, 4], [1, 4]),
    environ_get: lists(sizes.env),
    environ_sizes_get: at([0, 4], [1, 4]),
    clock_res_get: at([1, 8]),
    clock_time_get: at([2, 8]),
    fd_fdstat_get: at([1, 24]),
    fd_filestat_get: at([1, filestat]),
    fd_pread: all(buffersAt(1, 4), at([4, 4])),
    fd_prestat_dir_name: lengthAt(1, 2),
    fd_prestat_get: at([1, 8]),
    fd_pwrite: at([4, 4]),
    fd_read: all(buffersAt(1, 3), at([3, 4])),
    fd_readdir: all(countedAt(1, 4, 1), at([4, 4])),
    fd_seek: at([3, 8]),
    fd_tell: at([1, 8]),
    fd_write: at([3, 4]),
    path_filestat_get: at([4, filestat]),
    path_open: at([8, 4]),
    // With a zero behind the path, which is not counted.
    path_readlink: all(countedAt(3, 5, 1, 1), at([5, 4])),
    poll_oneoff: all(countedAt(1, 3, 32), at([3, 4])),
    random_get: lengthAt(0, 1),
    sock_accept: at([2, 4]),
    sock_recv: all(buffersAt(1, 4), at([4, 4], [5, 2])),
    sock_send: at([4, 4]),
  };
  return new Map(Object.entries(table));
}

/** Results of fixed sizes, at the addresses that arguments are. */
const at =
  (...results: readonly (readonly [argument: number, length: number])[]): WrittenBy =>
  (args) =>
  () =>
    results.map(([argument, length]) => ({ address: address(args, argument), length }));

/** A buffer that is filled as long as it is said to be. */
const lengthAt =
  (buffer: number, length: number): WrittenBy =>
  (args) =>
  () => [{ address: address(args, buffer), length: address(args, length) }];

/** A buffer of which the call says how much of it has been filled, in units of so many bytes, and some bytes behind them. */
const countedAt =
  (buffer: number, count: number, unit: number, more = 0): WrittenBy =>
  (args) =>
  (memory) => [
    { address: address(args, buffer), length: uint32(memory, address(args, count)) * unit + more },
  ];

/** An array of `iovec`, which follows its address, filled from the first on. */
const buffersAt =
  (list: number, count: number): WrittenBy =>
  (args, before) => {
    const buffers: WrittenRange[] = [];
    const first = address(args, list);
    const end = Math.min(first + address(args, list + 1) * 8, before.byteLength - 7);
    for (let entry = first; entry < end && buffers.length < mostBuffers; entry += 8) {
      const length = uint32(before, entry + 4);
      if (length > 0) buffers.push({ address: uint32(before, entry), length });
    }
    return (memory) => {
      let left = uint32(memory, address(args, count));
      return buffers.map((buffer) => {
        const filled = Math.min(buffer.length, left);
        left -= filled;
        return { address: buffer.address, length: filled };
      });
    };
  };

const all =
  (...parts: readonly WrittenBy[]): WrittenBy =>
  (args, before) => {
    const asked = parts.map((part) => part(args, before));
    return (memory) => asked.flatMap((part) => part(memory));
  };

/** Nobody fills more of them in one call. */
const mostBuffers = 1024;

const address = (args: readonly (number | bigint)[], index: number): number => Number(args[index] ?? 0) >>> 0;

/** 0 outside of memory: a call that is given such an address fails. */
const uint32 = (memory: DataView, at: number): number =>
  at + 4 <= memory.byteLength ? memory.getUint32(at, true) : 0;

import type { Calls, WasiImport } from "./calls.ts";
import { Errno } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

/**
 * The calls that `wasi_unstable` (preview 0) passes otherwise than preview 1: seeking counts its origins in another
 * order, and a file's attributes have a 32-bit link count, so that all fields after it lie elsewhere.
 * `poll_oneoff`, the third, has its own layout in `poll-layout.ts`.
 *
 * Source: WASI preview 0, `whence` and `filestat`.
 */
export function unstableCalls(memory: GuestMemory, current: Calls): Calls {
  const seek = current.fd_seek as WasiImport;
  const filestat = current.fd_filestat_get as WasiImport;
  const pathFilestat = current.path_filestat_get as WasiImport;

  /** Runs a call that writes preview 1's 64 bytes, then moves what it wrote into 56 and gives the last 8 back. */
  function narrowed(address: number, call: () => number): number {
    const lastBytes = memory.bytes(address + 56, 8).slice();
    const errno = call();
    if (errno === Errno.success) {
      const linkCount = memory.uint64(address + 24);
      memory.setUint32(address + 20, Number(linkCount > maxUint32 ? maxUint32 : linkCount));
      memory.bytes(address + 24, 32).set(memory.bytes(address + 32, 32).slice());
    }
    memory.bytes(address + 56, 8).set(lastBytes);
    return errno;
  }

  return {
    fd_seek(fd: number, offset: bigint, whence: number, result: number): number {
      const origin = [1, 2, 0][whence];
      return origin === undefined ? Errno.inval : seek(fd, offset, origin, result);
    },
    fd_filestat_get(fd: number, address: number): number {
      return narrowed(address, () => filestat(fd, address));
    },
    path_filestat_get(fd: number, flags: number, path: number, length: number, address: number): number {
      return narrowed(address, () => pathFilestat(fd, flags, path, length, address));
    },
  };
}

const maxUint32 = 0xffff_ffffn;

import { type Calls, callOf, type HostParts } from "./calls.ts";
import { Errno, WasiError } from "./errno.ts";
import { FdFlag, Right, requireRight, type Stream } from "./streams.ts";

/** File types of WASI. Source: WASI preview 1, `filetype`. */
const FileType = { unknown: 0, characterDevice: 2 } as const;

/** What a descriptor is, and where it points: `fd_fdstat_*`, `fd_filestat_get`, `fd_close`, `fd_renumber`. */
export function descriptorCalls({ memory, streams, node }: HostParts): Calls {
  const nodeCall = {
    fdstatGet: callOf(node, "fd_fdstat_get"),
    fdstatSetFlags: callOf(node, "fd_fdstat_set_flags"),
    fdstatSetRights: callOf(node, "fd_fdstat_set_rights"),
    filestatGet: callOf(node, "fd_filestat_get"),
    close: callOf(node, "fd_close"),
    renumber: callOf(node, "fd_renumber"),
  };
  return {
    fd_fdstat_get(fd: number, address: number): number {
      const stream = streams.get(fd);
      if (!stream) return nodeCall.fdstatGet(fd, address);
      memory.bytes(address, 24).fill(0);
      memory.setUint8(address, fileTypeOf(stream));
      memory.setUint16(address + 2, stream.flags);
      memory.setUint64(address + 8, stream.rights);
      return Errno.success;
    },

    fd_fdstat_set_flags(fd: number, flags: number): number {
      const stream = streams.get(fd);
      if (!stream) return nodeCall.fdstatSetFlags(fd, flags);
      requireRight(stream, Right.fdFdstatSetFlags);
      if (flags & ~FdFlag.all) throw new WasiError(Errno.inval);
      stream.flags = flags;
      return Errno.success;
    },

    fd_fdstat_set_rights(fd: number, base: bigint, inheriting: bigint): number {
      const stream = streams.get(fd);
      if (!stream) return nodeCall.fdstatSetRights(fd, base, inheriting);
      const wanted = BigInt.asUintN(64, base);
      if (wanted & ~stream.rights || inheriting) throw new WasiError(Errno.notcapable);
      stream.rights = wanted;
      return Errno.success;
    },

    fd_filestat_get(fd: number, address: number): number {
      const stream = streams.get(fd);
      if (!stream) return nodeCall.filestatGet(fd, address);
      requireRight(stream, Right.fdFilestatGet);
      memory.bytes(address, 64).fill(0);
      memory.setUint8(address + 16, fileTypeOf(stream));
      memory.setUint64(address + 24, 1n);
      return Errno.success;
    },

    fd_close(fd: number): number {
      const errno = nodeCall.close(fd);
      if (errno === Errno.success) streams.delete(fd);
      return errno;
    },

    fd_renumber(fd: number, to: number): number {
      const errno = nodeCall.renumber(fd, to);
      if (errno !== Errno.success || fd === to) return errno;
      const stream = streams.get(fd);
      streams.delete(fd);
      if (stream) streams.set(to, stream);
      else streams.delete(to);
      return errno;
    },
  };
}

/**
 * A character device that can neither seek nor tell is what wasi-libc takes for a terminal; of all the other types
 * only "unknown" claims nothing that a pipe is not.
 */
const fileTypeOf = (stream: Stream): number =>
  stream.terminal ? FileType.characterDevice : FileType.unknown;

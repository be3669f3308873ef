import { type Calls, callOf, type HostParts } from "./calls.ts";
import { Errno, WasiError } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";
import { FdFlag, requireInput, requireOutput, type Stream } from "./streams.ts";

/** Reading and writing: `fd_read`, `fd_write`, and their positioned kin, which streams refuse. */
export function stdioCalls({ memory, streams, console, node }: HostParts): Calls {
  const nodeRead = callOf(node, "fd_read");
  const nodeWrite = callOf(node, "fd_write");

  function read(stream: Stream, buffers: readonly GuestBuffer[]): number {
    if (buffers.length === 0) return 0;
    for (;;) {
      const count = readAvailable(buffers);
      if (count > 0) return count;
      const state = console.stdinState();
      if (state === "closed") return 0;
      if (state === "ready") continue;
      if (stream.flags & FdFlag.nonblock) throw new WasiError(Errno.again);
      console.wait(undefined, () => console.stdinState() !== "open");
    }
  }

  function readAvailable(buffers: readonly GuestBuffer[]): number {
    let total = 0;
    for (const { address, length } of buffers) {
      const count = console.readStdin(memory.bytes(address, length));
      total += count;
      if (count < length) break;
    }
    return total;
  }

  return {
    fd_read(fd: number, list: number, listLength: number, countAddress: number): number {
      const stream = streams.get(fd);
      if (!stream) return nodeRead(fd, list, listLength, countAddress);
      requireInput(stream);
      memory.bytes(countAddress, 4);
      memory.setUint32(countAddress, read(stream, readBuffers(memory, list, listLength)));
      return Errno.success;
    },

    fd_write(fd: number, list: number, listLength: number, countAddress: number): number {
      const stream = streams.get(fd);
      if (!stream) return nodeWrite(fd, list, listLength, countAddress);
      const output = requireOutput(stream);
      memory.bytes(countAddress, 4);
      const buffers = readBuffers(memory, list, listLength);
      const total = sum(buffers);
      for (const bytes of gathered(memory, buffers, total)) console.write(output, bytes);
      memory.setUint32(countAddress, total);
      return Errno.success;
    },
  };
}

/** One of the buffers of a call: never empty, and within memory. */
interface GuestBuffer {
  readonly address: number;
  readonly length: number;
}

/** Linux takes no more buffers in a call, and every caller must expect a short count anyway. */
const maxBuffers = 1024;
/** The largest count a guest's `ssize_t` holds. */
const maxTotalBytes = 0x7fff_ffff;
/** Up to here, the buffers of a call are worth joining into one write; libc makes two of every flush. */
const maxJoinedBytes = 65536;

/**
 * Reads an array of `iovec` or `ciovec` (address, length) and leaves empty ones out.
 *
 * The list ends early at `maxBuffers` and `maxTotalBytes`, so that the guest is answered a short count and a hostile
 * one costs no more than a large one. Throws errno `fault` when the array or a buffer lies outside of memory.
 */
function readBuffers(memory: GuestMemory, list: number, listLength: number): readonly GuestBuffer[] {
  memory.bytes(list, listLength * 8);
  const buffers: GuestBuffer[] = [];
  let room = maxTotalBytes;
  for (let i = 0; i < listLength && buffers.length < maxBuffers && room > 0; i++) {
    const address = memory.uint32(list + i * 8);
    const length = memory.uint32(list + i * 8 + 4);
    if (length === 0) continue;
    memory.bytes(address, length);
    buffers.push({ address, length: Math.min(length, room) });
    room -= length;
  }
  return buffers;
}

/** The bytes to write: joined when there are several and they are few, otherwise as views one by one. */
function* gathered(
  memory: GuestMemory,
  buffers: readonly GuestBuffer[],
  total: number,
): Iterable<Uint8Array> {
  if (buffers.length < 2 || total > maxJoinedBytes) {
    for (const { address, length } of buffers) yield memory.bytes(address, length);
    return;
  }
  const joined = new Uint8Array(total);
  let filled = 0;
  for (const { address, length } of buffers) {
    joined.set(memory.bytes(address, length), filled);
    filled += length;
  }
  yield joined;
}

const sum = (buffers: readonly GuestBuffer[]): number =>
  buffers.reduce((total, { length }) => total + length, 0);

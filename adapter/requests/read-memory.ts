import type { Abort } from "../../src/base/abort.ts";
import { type Place, toAddress, toCodeReference, toMemoryReference } from "../convert/reference.ts";
import { count, integer, optional, string } from "../protocol/arguments.ts";
import { tooMuchMemory } from "../session/errors.ts";
import { findPlace } from "../session/places.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";

/** As much as still fits into one message together with its encoding, with room to spare. */
const mostBytes = 128 * 1024 * 1024;

/** Bytes of a memory, or of the module itself where the reference is one to its code. */
export const readMemory = request("readMemory", {
  needs: "stopped",
  arguments: {
    memoryReference: string,
    offset: optional(integer),
    count,
  },
  cancellable: true,
  progress: "Reading memory",
  capabilities: { supportsReadMemoryRequest: true },
  async run(session, { memoryReference, offset, count }, { signal }) {
    if (count > mostBytes) throw tooMuchMemory(mostBytes);
    const place = findPlace(memoryReference, offset);
    session.memoryReferences.add(memoryReference);
    const { bytes, skipped } = await read(session, place, count, signal);
    const unreadable = skipped > 0 ? skipped : count - bytes.length;
    return {
      address: addressOf(place, skipped),
      ...(bytes.length === 0 ? {} : { data: toBase64(bytes) }),
      ...(unreadable === 0 ? {} : { unreadableBytes: unreadable }),
    };
  },
});

/** Bytes from a place on, fewer where they end; `skipped`: how many there are before the first that there can be. */
async function read(
  session: Session,
  place: Place,
  count: number,
  signal: Abort,
): Promise<{ readonly bytes: Uint8Array; readonly skipped: number }> {
  const before = place.kind === "code" ? -place.offset : Number(-place.address);
  if (before > 0) return { bytes: new Uint8Array(0), skipped: Math.min(before, count) };
  if (place.kind === "code") {
    const { offset } = place;
    return { bytes: session.launched.module.read(offset, count), skipped: 0 };
  }
  const bytes = await session.debugger.readMemory(place.memory, toAddress(place), count, signal);
  return { bytes, skipped: 0 };
}

/** Of the first byte read, or else of the first that can be. */
function addressOf(place: Place, skipped: number): string {
  if (place.kind === "code") return toCodeReference(place.offset + skipped);
  return toMemoryReference(place.memory, place.address + BigInt(skipped)) ?? "0x0";
}

const toBase64 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, length).toString("base64");

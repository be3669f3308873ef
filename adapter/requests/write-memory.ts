import { toMemoryAddress } from "../../src/base/brand.ts";
import { boolean, integer, optional, string } from "../protocol/arguments.ts";
import { codeNotWritable, notBase64 } from "../session/errors.ts";
import { findPlace } from "../session/places.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";

/** Writes bytes into a memory: all of them or none, unless the client takes it in part. */
export const writeMemory = request("writeMemory", {
  needs: "stopped",
  arguments: {
    memoryReference: string,
    offset: optional(integer),
    allowPartial: optional(boolean),
    data: string,
  },
  capabilities: { supportsWriteMemoryRequest: true },
  async run(session, { memoryReference, offset = 0, allowPartial = false, data }) {
    const place = findPlace(memoryReference, offset);
    if (place.kind === "code") throw codeNotWritable(memoryReference);
    const bytes = fromBase64(data);
    session.memoryReferences.add(memoryReference);
    if (!allowPartial) {
      await write(session, place.memory, place.address, bytes);
      return {};
    }
    const size = (await session.debugger.memorySizes())[place.memory] ?? 0n;
    const first = clamp(-place.address, bytes.length);
    const end = clamp(size - place.address, bytes.length);
    if (first < end) {
      await write(session, place.memory, place.address + BigInt(first), bytes.subarray(first, end));
    }
    return { offset: offset + first, bytesWritten: Math.max(0, end - first) };
  },
});

/** Variables that lie there look different afterwards. */
async function write(session: Session, memory: number, address: bigint, bytes: Uint8Array): Promise<void> {
  await session.debugger.writeMemory(memory, toMemoryAddress(address), bytes);
  if (session.facts.supportsInvalidatedEvent) session.client.send("invalidated", { areas: ["variables"] });
}

const clamp = (value: bigint, most: number): number =>
  value < 0n ? 0 : value > BigInt(most) ? most : Number(value);

function fromBase64(data: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw notBase64();
  return Buffer.from(data, "base64");
}

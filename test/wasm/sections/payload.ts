import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../../src/base/bytes.ts";
import { type Bytes, flat } from "../../support/wasm-builder.ts";

/** A cursor over a payload that begins at offset 0. */
export const cursorOf = (section: string, ...payload: Bytes[]): ByteCursor =>
  new ByteCursor(flat(...payload), section);

/** What `write` writes. */
export function written(write: (writer: ByteWriter) => void): number[] {
  const writer = new ByteWriter();
  write(writer);
  return [...writer.view()];
}

/** Reads a payload to its end, writes what was read, and must get the same bytes. Answers what was read. */
export function roundTrip<T>(
  read: (cursor: ByteCursor) => T,
  write: (writer: ByteWriter, value: T, source: Uint8Array) => void,
  ...payload: Bytes[]
): T {
  const cursor = cursorOf("section", ...payload);
  const value = read(cursor);
  assert.ok(cursor.atEnd, `stopped at ${cursor.position} of ${cursor.end}`);
  assert.deepEqual(
    written((writer) => write(writer, value, cursor.bytes)),
    [...cursor.bytes],
  );
  return value;
}

import assert from "node:assert/strict";
import { encodeMessage, MessageReader } from "../../../runtime/suspend/framing.ts";

/** Cuts the messages of a stream into chunks of `size` bytes and answers what comes out. */
function readInChunks(stream: Uint8Array, size: number): (readonly [string, number[]])[] {
  const read: (readonly [string, number[]])[] = [];
  const reader = new MessageReader((header, body) => read.push([header, [...body]]));
  for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size));
  return read;
}

describe("suspend point framing", () => {
  const stream = Buffer.concat([
    ...encodeMessage('{"a":"ü"}', new Uint8Array([1, 2, 3])),
    ...encodeMessage("{}"),
    ...encodeMessage('{"b":2}', new Uint8Array(0)),
  ]);
  const expected = [
    ['{"a":"ü"}', [1, 2, 3]],
    ["{}", []],
    ['{"b":2}', []],
  ];

  for (const size of [1, 2, 3, 7, 64, 4096])
    it(`reads messages whole from chunks of ${size} bytes`, () => {
      assert.deepEqual(readInChunks(stream, size), expected);
    });

  it("reads a body that was written in parts as one", () => {
    const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
    assert.deepEqual(readInChunks(Buffer.concat(encodeMessage("{}", ...parts)), 3), [["{}", [1, 2, 3]]]);
  });

  it("does not copy a long body, and copies a short one behind its header", () => {
    const long = new Uint8Array(100_000).fill(7);
    const [head, first, ...more] = encodeMessage("{}", new Uint8Array(0), long, Uint8Array.of(1));
    assert.equal(first, long);
    assert.deepEqual(more, [Uint8Array.of(1)]);
    const read = readInChunks(Buffer.concat([head as Uint8Array, first as Uint8Array, ...more]), 4096);
    assert.deepEqual(read, [["{}", [...long, 1]]]);
    assert.equal(encodeMessage("{}", Uint8Array.of(1, 2)).length, 1);
  });

  it("refuses a stream whose lengths cannot be", () => {
    const reader = new MessageReader(() => assert.fail("no message was expected"));
    assert.throws(
      () => reader.push(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")),
      /not a message of the suspend point/,
    );
  });

  it("refuses a header that is longer than its message", () => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setUint32(0, 10, true);
    new DataView(bytes.buffer).setUint32(4, 11, true);
    assert.throws(() => new MessageReader(() => {}).push(bytes), /lengths 10 and 11/);
  });
});

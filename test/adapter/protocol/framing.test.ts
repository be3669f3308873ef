import assert from "node:assert/strict";
import { MessageReader, writeMessage } from "../../../adapter/protocol/framing.ts";

/** What a reader makes of some pieces of input. */
function readAll(...pieces: (string | Buffer)[]) {
  const reader = new MessageReader();
  const framed = pieces.flatMap((piece) => [...reader.read(Buffer.from(piece))]);
  return { framed, end: reader.end() };
}

describe("cutting a client's bytes into messages", () => {
  it("writes bytes of memory as any other text", () => {
    const answer = { seq: 1, type: "response", command: "readMemory", success: true };
    for (const body of [
      { address: "0x0", data: "AAEC" },
      { address: "ä", data: "AA==", unreadableBytes: 1 },
      {},
    ]) {
      const message = { ...answer, body };
      const json = JSON.stringify(message);
      assert.equal(writeMessage(message), `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    }
  });

  it("reads back what was written", () => {
    const message = { text: "größer als 💙" };
    assert.deepEqual(readAll(writeMessage(message)), {
      framed: [{ kind: "message", message }],
      end: undefined,
    });
  });

  it("reads the same whatever pieces the bytes come in", () => {
    const bytes = Buffer.from(writeMessage({ a: "ä€" }) + writeMessage({ b: 2 }));
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    assert.deepEqual(
      readAll(...pieces).framed.map((one) => one.kind === "message" && one.message),
      [{ a: "ä€" }, { b: 2 }],
    );
  });

  it("takes other headers, other letter case, bare line feeds and blank lines between messages", () => {
    const { framed } = readAll(
      "content-length:2\nContent-Type: x\n\n{}\r\n\r\nX: y\r\nContent-Length: 4 \r\n\r\nnull",
    );
    assert.deepEqual(framed, [
      { kind: "message", message: {} },
      { kind: "message", message: null },
    ]);
  });

  it("goes on after a message that is not JSON, and says what is wrong with it", () => {
    const { framed } = readAll("Content-Length: 3\r\n\r\n{x}", writeMessage({ a: 1 }));
    assert.match(
      framed[0]?.kind === "unreadable" ? framed[0].problem : "",
      /^The client sent a message that is not valid JSON: /,
    );
    assert.deepEqual(framed[1], { kind: "message", message: { a: 1 } });
  });

  const lost: readonly [string, string, RegExp][] = [
    ["no header at all", "hello there\n", /found "hello there\\n"/],
    ["JSON without a header", '{"seq":1}', /found/],
    ["another protocol", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", /Content-Length: <bytes>.*found "GET/],
    ["a header without a length", "Content-Type: x\r\n\r\n", /found "Content-Type: x"/],
    ["a length that is no number", "Content-Length: five\r\n\r\n", /found "Content-Length: five"/],
    ["a negative length", "Content-Length: -5\r\n\r\n", /found/],
    [
      "a length nobody sends",
      "Content-Length: 99999999999\r\n\r\n",
      /announced a message of 99999999999 bytes/,
    ],
    ["a header without an end", `X: ${"y".repeat(9000)}`, /found "X: y/],
    ["binary", "\u0000\u0001\u0002", /found/],
  ];
  for (const [what, bytes, sentence] of lost) {
    it(`gives up at ${what}, and says what was found`, () => {
      const { framed } = readAll(bytes, writeMessage({ a: 1 }));
      assert.equal(framed.length, 1);
      assert.equal(framed[0]?.kind, "lost");
      assert.match(framed[0]?.kind === "lost" ? framed[0].problem : "", sentence);
    });
  }

  it("says where the input broke off in the middle of a message", () => {
    assert.match(readAll("Content-Length: 10\r\n\r\n{}").end ?? "", /after 2 of 10 bytes/);
    assert.match(readAll("Content-Len").end ?? "", /part of its header/);
  });

  it("reads a long message in pieces in time that grows with its length only", () => {
    const text = writeMessage({ long: "x".repeat(8 * 1024 * 1024) });
    const pieces = Array.from({ length: Math.ceil(text.length / 4096) }, (_, i) =>
      text.slice(i * 4096, (i + 1) * 4096),
    );
    assert.equal(readAll(...pieces).framed.length, 1);
  });
});

import assert from "node:assert/strict";
import { OutputDecoder } from "../../../adapter/session/output-decoder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("decoding what a program prints", () => {
  it("puts a character together that is split over pieces, each stream by itself", () => {
    const decoder = new OutputDecoder();
    const [first, second] = [bytes("ä€").slice(0, 3), bytes("ä€").slice(3)];
    assert.equal(decoder.decode({ stream: "stdout", bytes: first }), "ä");
    assert.equal(decoder.decode({ stream: "stderr", bytes: bytes("x") }), "x");
    assert.equal(decoder.decode({ stream: "stdout", bytes: second }), "€");
    assert.deepEqual(decoder.end(), []);
  });

  it("replaces bytes that are no text, and gives up an unfinished character at the end", () => {
    const decoder = new OutputDecoder();
    assert.equal(decoder.decode({ stream: "stdout", bytes: Uint8Array.of(0xff, 0x61) }), "\ufffda");
    assert.equal(decoder.decode({ stream: "stdout", bytes: Uint8Array.of(0xe2, 0x82) }), "");
    assert.deepEqual(decoder.end(), [{ stream: "stdout", text: "\ufffd" }]);
  });

  it("leaves a byte order mark where the program put it", () => {
    assert.equal(new OutputDecoder().decode({ stream: "stdout", bytes: bytes("\ufeffa") }), "\ufeffa");
  });
});

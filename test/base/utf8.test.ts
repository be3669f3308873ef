import assert from "node:assert/strict";
import { decodeUtf8, decodeUtf8Leniently, encodeUtf8 } from "../../src/base/utf8.ts";

const LONG = "x".repeat(200);

describe("UTF-8", () => {
  for (const text of ["", "main", "größe", "名前", "🜁", "\0", "\uFEFFmark", LONG, `${LONG}é`]) {
    it(`decodes what it encodes: ${JSON.stringify(text.slice(0, 8))}, ${text.length} long`, () => {
      assert.equal(decodeUtf8(encodeUtf8(text)), text);
      assert.equal(decodeUtf8Leniently(encodeUtf8(text)), text);
    });
  }

  it("answers undefined for bytes that are not UTF-8", () => {
    for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      assert.equal(decodeUtf8(Uint8Array.from(bytes)), undefined);
    }
  });

  it("shows U+FFFD for what is not UTF-8 when asked to be lenient", () => {
    assert.equal(decodeUtf8Leniently(Uint8Array.of(0x61, 0xff, 0x62)), "a\uFFFDb");
  });
});

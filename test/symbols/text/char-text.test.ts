import assert from "node:assert/strict";
import { charText, stringText } from "../../../src/symbols/text/char-text.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("charText", () => {
  it("shows what cannot be printed as an escape", () => {
    assert.deepEqual(
      [0x61, 0, 0x0a, 0x27, 0x5c, 0x01, 0x7f, 0x80].map((code) => charText(code, 1)),
      ["'a'", "'\\0'", "'\\n'", "'\\''", "'\\\\'", "'\\x01'", "'\\x7f'", "'\\x80'"],
    );
  });

  it("shows characters of Unicode as themselves, but not those that cannot be seen", () => {
    assert.equal(charText(0xe9, 4), "'é'");
    assert.equal(charText(0x1f600, 4), "'😀'");
    assert.equal(charText(0x200e, 4), "'\\u{200e}'");
    assert.equal(charText(0xd800, 4), "'\\x0000d800'");
    assert.equal(charText(0x110000, 4), "'\\x00110000'");
  });
});

describe("stringText", () => {
  it("ends at the first zero, or with the bytes", () => {
    assert.equal(stringText(utf8("abc\0def"), 1), '"abc"');
    assert.equal(stringText(utf8("abc"), 1), '"abc"');
    assert.equal(stringText(utf8(""), 1), '""');
  });

  it("reads UTF-8, and shows what is not as bytes", () => {
    assert.equal(stringText(utf8("größe €😀"), 1), '"größe €😀"');
    assert.equal(stringText(Uint8Array.of(0x61, 0xff, 0xc3, 0x62), 1), '"a\\xff\\xc3b"');
    // An overlong form and half of a surrogate pair are no characters.
    assert.equal(stringText(Uint8Array.of(0xc0, 0xaf), 1), '"\\xc0\\xaf"');
    assert.equal(stringText(Uint8Array.of(0xed, 0xa0, 0x80), 1), '"\\xed\\xa0\\x80"');
  });

  it("reads UTF-16 and UTF-32", () => {
    assert.equal(stringText(Uint8Array.of(0x3d, 0xd8, 0x00, 0xde, 0x61, 0x00), 2), '"😀a"');
    assert.equal(stringText(Uint8Array.of(0x00, 0xf6, 0x01, 0x00, 0x61, 0, 0, 0), 4), '"😀a"');
    assert.equal(stringText(Uint8Array.of(0x3d, 0xd8, 0x61, 0x00), 2), '"\\xd83da"');
  });

  it("quotes quotes", () => {
    assert.equal(stringText(utf8('say "no"\\'), 1), '"say \\"no\\"\\\\"');
  });

  it("breaks off after 200 characters", () => {
    assert.equal(stringText(utf8("x".repeat(200)), 1), `"${"x".repeat(200)}"`);
    assert.equal(stringText(utf8("x".repeat(201)), 1), `"${"x".repeat(200)}"…`);
  });
});

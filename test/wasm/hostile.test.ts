import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromRoot } from "../support/paths.ts";
import { flat, HEADER } from "../support/wasm-builder.ts";
import { decodeAll } from "./decode-all.ts";
import { everySection } from "./every-section.ts";

/** Numbers from 0 to 2³²−1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

const small = everySection();
const real = new Uint8Array(readFileSync(fromRoot("test", "fixtures", "hello", "hello.names.O0.wasm")));

/** `decodeAll` lets out whatever is not a MalformedError; what the errors say must be of this file. */
function assertOnlyMalformed(bytes: Uint8Array): number {
  const errors = decodeAll(bytes);
  for (const { offset } of errors) assert.ok(offset >= 0 && offset <= bytes.length, `offset ${offset}`);
  return errors.length;
}

describe("hostile bytes", () => {
  it("cut off anywhere are malformed or a shorter module, nothing else", () => {
    for (let length = 0; length < small.length; length++) assertOnlyMalformed(small.subarray(0, length));
    for (let length = 0; length < real.length; length += 97) assertOnlyMalformed(real.subarray(0, length));
  });

  it("with one byte set to anything are malformed or another module, nothing else", () => {
    const bytes = small.slice();
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const original = bytes[at] ?? 0;
      for (const value of [0x00, 0x01, 0x40, 0x7f, 0x80, 0xff, original ^ 1, original + 1, original - 1]) {
        bytes[at] = value;
        refused += assertOnlyMalformed(bytes) > 0 ? 1 : 0;
      }
      bytes[at] = original;
    }
    assert.ok(refused > bytes.length, `${refused} refused`);
  });

  it("with bits flipped are malformed or another module, nothing else", () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 4000; round++) {
      const bytes = small.slice();
      for (let flips = 1 + (random() % 8); flips > 0; flips--) flip(bytes, random());
      assertOnlyMalformed(bytes);
    }
    const bytes = real.slice();
    for (let round = 0; round < 300; round++) {
      const flips = Array.from({ length: 1 + (random() % 4) }, random);
      for (const bit of flips) flip(bytes, bit);
      assertOnlyMalformed(bytes);
      for (const bit of flips) flip(bytes, bit);
    }
    assert.deepEqual(bytes, real);
  });

  it("with bytes inserted, taken out or doubled are malformed or another module, nothing else", () => {
    const random = randomNumbers(2);
    for (let round = 0; round < 3000; round++) {
      const at = random() % small.length;
      const to = Math.min(small.length, at + (random() % 16));
      const middle =
        [small.subarray(at, to), random() & 0xff, small.subarray(at, to), []][random() % 4] ?? [];
      assertOnlyMalformed(flat(small.subarray(0, at), middle, small.subarray(random() % 2 ? at : to)));
    }
  });

  it("that are noise behind a header are malformed or a module, nothing else", () => {
    const random = randomNumbers(3);
    for (let round = 0; round < 3000; round++) {
      const noise = Array.from({ length: random() % 64 }, () => random() & (random() % 2 ? 0xff : 0x0f));
      assertOnlyMalformed(flat(HEADER, noise));
    }
  });
});

function flip(bytes: Uint8Array, random: number): void {
  const bit = random % (bytes.length * 8);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { MalformedError } from "../../src/base/errors.ts";
import { sourceOf } from "../../src/coredump/byte-source.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { findOffsetBase, placeFrames } from "../../src/coredump/place-frames.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { inferStop } from "../../src/coredump/why-stopped.ts";
import { readModule } from "../../src/wasm/module.ts";
import { coredumpFixture, coredumpFixtures } from "../support/coredump-fixtures.ts";
import { fullDump } from "../support/full-dump.ts";

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const { program } = coredumpFixture("steps.standard.core");
const code = new ModuleCode(readModule(program.bytes));

/** Everything that is ever done with a dump's bytes. Answers whether they were good. */
function readAll(bytes: Uint8Array): boolean {
  try {
    const file = new CoredumpFile(sourceOf(bytes));
    const dump = readCoredump(file, { codeOf: () => code });
    for (const memory of dump.memories) {
      memory.sizeBytes();
      const at = memory.firstAddress ?? 0;
      assert.equal(memory.read(at, 100).length, 100);
      assert.equal(memory.read(0, 70_000).length, 70_000);
    }
    const stacks = dump.threads.map(({ frames }) => frames.map((frame) => ({ frame, code })));
    const { base } = findOffsetBase(stacks, dump.dialect.dialect.offsets);
    for (const stack of stacks) {
      const placed = placeFrames(stack, base);
      inferStop(placed, code);
      for (const place of placed) {
        if (place) assert.ok(code.bodyOf(place.function), `function ${place.function}`);
      }
    }
    return true;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    assert.ok(error.offset >= 0 && error.offset <= bytes.length, `${error.message} of ${bytes.length}`);
    return false;
  }
}

/** The smaller of the committed dumps, and one with everything that we write ourselves. */
const seeds: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ...coredumpFixtures()
    .filter(({ file }) => file.startsWith("steps.w") || file.includes("divide"))
    .map(({ file, path }): [string, Uint8Array] => [file, new Uint8Array(readFileSync(path)).slice(0, 9000)]),
  ["a dump of our own", fullDump()],
];

describe("reading hostile coredumps", () => {
  it("the seeds are good, or end where they were cut", () => {
    const good = seeds.filter(([, bytes]) => readAll(bytes)).map(([name]) => name);
    assert.ok(good.includes("a dump of our own") && good.includes("steps.wasmedge.core"), good.join());
  });

  for (const [name, seed] of seeds) {
    it(`ends in an error with a place in the file, at any length of ${name}`, () => {
      const step = Math.max(1, Math.floor(seed.length / 700));
      for (let length = 0; length < seed.length; length += step) readAll(seed.subarray(0, length));
    });

    it(`ends, whatever bytes of ${name} are changed`, () => {
      const next = numbers(seed.length);
      for (let round = 0; round < 1500; round++) {
        const bytes = seed.slice();
        const changes = 1 + Math.floor(next() * 6);
        for (let change = 0; change < changes; change++) {
          // Most of what matters is near the beginning or the end.
          const where = next() < 0.5 ? next() * 400 : bytes.length - next() * 400;
          bytes[Math.floor(Math.min(Math.max(where, 0), bytes.length - 1))] = interesting(next);
        }
        readAll(bytes);
      }
    });
  }
});

/** Bytes at the borders of what formats mean, among others. */
function interesting(next: () => number): number {
  const special = [0, 1, 0x7f, 0x80, 0xff, 0x41, 0x0b, 0x7e, 0x0f];
  return next() < 0.5 ? (special[Math.floor(next() * special.length)] ?? 0) : Math.floor(next() * 256);
}

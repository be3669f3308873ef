import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { joinBytes } from "../../src/base/join-bytes.ts";
import { type InstrumentOptions, instrument, instrumentInPieces } from "../../src/instrument/instrument.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

/** A site at the first byte of each body: what is asked for does not matter here. */
const options = (module: WasmModule): InstrumentOptions => ({
  sites: { offset: module.code.bodyStarts, line: new Uint32Array(module.code.count).fill(1) },
  density: "instructions",
  afterCalls: true,
});

describe("code that is handed out in pieces", () => {
  const modules = [
    ["files", fixture("files", "dwarf5.O0").bytes],
    ["sorthash", new Uint8Array(readFileSync(fromRoot("test/bench/guests/sorthash.O2.wasm")))],
  ] as const;
  for (const [name, bytes] of modules) {
    for (const pieceBytes of [1, 100, 1000]) {
      it(`is the same as in one: ${name}, ${pieceBytes} bytes`, () => {
        const module = readModule(bytes);
        const whole = instrument(module, options(module));
        const pieces = instrumentInPieces(module, options(module), pieceBytes);
        const code: Uint8Array[] = [];
        let last = pieces.next();
        for (; last.done !== true; last = pieces.next()) code.push(last.value.slice());
        const { before, after, offsets, sites } = last.value;
        assert.ok(code.length > 1);
        assert.deepEqual(joinBytes([...before, ...code, ...after]), whole.bytes);
        assert.deepEqual(offsets, whole.offsets);
        assert.deepEqual(sites, whole.sites);
      });
    }
  }
});

import assert from "node:assert/strict";
import { assemble } from "../support/assemble.ts";
import { type InstrumentedGuest, instantiate, instrumentEverywhere } from "../support/instrumented-guest.ts";
import { WasmBuilder } from "../support/wasm-builder.ts";

/** A module of `count` sites that all run, one after the other, when f is called. */
function guestWith(count: number): { guest: InstrumentedGuest; words: number; stops: () => number[] } {
  const bytes = new WasmBuilder()
    .type([])
    .func(0, [], assemble("nop\n".repeat(count - 1)))
    .export("f", "func", 0)
    .build();
  const instrumented = instrumentEverywhere(bytes);
  assert.equal(instrumented.sites.count, count);
  let stopped: number[] = [];
  const guest = instantiate(instrumented, (site) => stopped.push(site));
  const stops = () => {
    stopped = [];
    guest.call("f");
    return stopped;
  };
  return { guest, words: instrumented.names.maskWords, stops };
}

describe("masks", () => {
  it("begin with no bit set", () => {
    assert.deepEqual(guestWith(40).stops(), []);
  });

  it("let exactly the sites fire whose bit is set", () => {
    const { guest, stops, words } = guestWith(70);
    assert.equal(words, 3);
    guest.setMask(0, 0b101);
    guest.setMask(1, 1 << 31);
    guest.setMask(2, -1);
    assert.deepEqual(stops(), [0, 2, 63, 64, 65, 66, 67, 68, 69]);
    guest.setMask(0, 0);
    guest.setMask(2, 1);
    assert.deepEqual(stops(), [63, 64]);
  });

  it("are set one by one in a module of many, each to its own value", () => {
    const { guest, stops, words } = guestWith(32 * 700);
    assert.equal(words, 700);
    const expected: number[] = [];
    for (let word = 0; word < words; word++) {
      const bit = (word * 7) % 32;
      guest.setMask(word, 1 << bit);
      expected.push(word * 32 + bit);
    }
    assert.deepEqual(stops(), expected);
  });

  it("are all set at once", () => {
    const { guest, stops } = guestWith(32 * 260);
    guest.setAll(0b11);
    assert.equal(stops().length, 520);
    guest.setAll(0);
    assert.equal(stops().length, 0);
  });

  it("may be set while the guest is suspended", () => {
    const bytes = new WasmBuilder()
      .type([])
      .func(0, [], assemble("nop\nnop\nnop"))
      .export("f", "func", 0)
      .build();
    const stops: number[] = [];
    const guest = instantiate(instrumentEverywhere(bytes), (site, suspended) => {
      stops.push(site);
      suspended.setMask(0, site === 0 ? 0b1101 : 0b0101);
    });
    guest.setMask(0, 1);
    guest.call("f");
    assert.deepEqual(stops, [0, 2]);
  });
});

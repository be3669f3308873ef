import assert from "node:assert/strict";
import { instrument } from "../../src/instrument/instrument.ts";
import { AFTER_CALL, STATEMENT } from "../../src/instrument/site-table.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { instantiate, instructionOffsets, instrumentEverywhere } from "../support/instrumented-guest.ts";
import { listing } from "../support/listing.ts";
import { I32, WasmBuilder } from "../support/wasm-builder.ts";

/** A function `f`, an i32 in and out, of these instructions; sites at some of them, by number. */
function probed(code: string, ...sites: number[]) {
  const bytes = functionOf(code).build();
  const offsets = instructionOffsets(bytes);
  const requests = {
    offset: Uint32Array.from(sites, (index) => offsets[index] ?? 0),
    line: Uint32Array.from(sites, (_, index) => 100 + index),
  };
  return { offsets, instrumented: instrument(readModule(bytes), { sites: requests, afterCalls: true }) };
}

const functionOf = (code: string): WasmBuilder =>
  new WasmBuilder()
    .type([I32], [I32])
    .memory([0, 1])
    .func(0, [[1, I32]], assemble(code))
    .export("f", "func", 0);

/** Checks of a function that are not within another's `if`: lines of its listing that begin an `and` at its outermost level. */
const checksOf = (bytes: Uint8Array): number =>
  listing(bytes, 0, 1)
    .split("\n")
    .filter((line) => line === "  i32.and").length;

describe("sites of straight code", () => {
  it("are checked at once, and their code is there with probes and without", () => {
    const { instrumented } = probed("local.get 0\nlocal.set 1\nlocal.get 1", 0, 2);
    assert.equal(
      listing(instrumented.bytes, 0, 1),
      `
func 0 (param i32) (result i32) (local i32)
  global.get 1
  i32.const 3
  i32.and
  if (type 3)
    global.get 1
    i32.const 1
    i32.and
    if
      local.get 0
      global.set 0
      i32.const 0
      call 1
      global.get 0
      local.set 0
    end
    local.get 0
    local.set 1
    global.get 1
    i32.const 2
    i32.and
    if
      local.get 1
      global.set 0
      i32.const 1
      call 1
      global.get 0
      local.set 1
    end
  else
    local.get 0
    local.set 1
  end
  local.get 1
end`.slice(1),
    );
  });

  it("pass on the operands that their code takes and leaves, and no others", () => {
    const { instrumented } = probed(
      "i32.const 100\nlocal.get 0\nlocal.tee 1\ni32.const 2\ni32.mul\ni32.const 1\ni32.sub\ni32.add",
      2,
      5,
      6,
    );
    assert.equal(checksOf(instrumented.bytes), 1);
    for (const mask of [0, 1, 2, 4, 7]) {
      const fired: number[] = [];
      const guest = instantiate(instrumented, (site) => fired.push(site));
      guest.setAll(mask);
      assert.equal(guest.call("f", 21), 141);
      assert.deepEqual(
        fired,
        [0, 1, 2].filter((site) => (mask & (1 << site)) !== 0),
      );
    }
  });

  it("pass on what a call has returned, which the first of them shows", () => {
    const code =
      "local.get 0\ni32.eqz\nif (result i32)\ni32.const 5\nelse\ni32.const 0\ncall 0\ni32.const 1\ni32.add\nend";
    const { instrumented } = probed(code, 8);
    assert.deepEqual([...instrumented.sites.kind], [AFTER_CALL, STATEMENT]);
    for (const mask of [0, 1, 2, 3]) {
      let fired = 0;
      const guest = instantiate(instrumented, () => fired++);
      guest.setAll(mask);
      assert.equal(guest.call("f", 7), 6);
      assert.equal(fired, [0, 1, 1, 2][mask]);
    }
  });

  it("give back what is written to their locals, whichever of them is armed", () => {
    const { instrumented } = probed("local.get 0\nlocal.set 1\nnop\nlocal.get 1", 0, 2);
    for (const armed of [0, 1]) {
      const guest = instantiate(instrumented, (site) => guest.write(site, site, 1000 + site));
      guest.setAll(1 << armed);
      assert.equal(guest.call("f", 7), 1000 + armed);
    }
  });

  it("are checked apart where a call, a branch or a block lies between them", () => {
    for (const between of [
      "local.get 0\ncall 0\ndrop",
      "local.get 0\nbr_if 0\nnop",
      "block\nend\nnop",
      "loop\nend\nnop",
    ]) {
      // A site behind a call, which is there besides, goes with the next one.
      const code = `block\nlocal.get 0\ndrop\n${between}\nlocal.get 0\ndrop\nend\nlocal.get 0`;
      const { instrumented } = probed(code, 1, 6);
      assert.equal(checksOf(instrumented.bytes), 0, between);
      assert.equal(listing(instrumented.bytes, 0, 1).match(/^ {4}i32\.and$/gm)?.length, 2, between);
    }
  });

  it("are checked apart from those before an `unreachable`, which are always armed", () => {
    const { instrumented } = probed("nop\nnop\nunreachable", 0, 1, 2);
    assert.equal(checksOf(instrumented.bytes), 2);
  });

  it("are checked apart beyond some bytes, lest much code be there twice", () => {
    const nops = "nop\n".repeat(100);
    const { instrumented } = probed(`${nops}local.get 0`, 0, 99);
    assert.equal(checksOf(instrumented.bytes), 2);
  });

  it("are checked apart where a store in between is checked itself", () => {
    const bytes = functionOf("local.get 0\nlocal.get 0\ni32.store\nnop\nlocal.get 0").build();
    const offsets = instructionOffsets(bytes);
    const sites = {
      offset: Uint32Array.of(offsets[0] ?? 0, offsets[3] ?? 0),
      line: Uint32Array.of(1, 2),
    };
    const first = (options: object) =>
      listing(instrument(readModule(bytes), { sites, ...options }).bytes, 0, 1).split("\n")[2];
    assert.equal(first({}), "  i32.const 3");
    assert.equal(first({ checkStores: {} }), "  i32.const 1");
  });

  it("trap where the original does, armed or not", () => {
    const bytes = functionOf("local.get 0\ni32.const 8\ni32.const 0\ni32.div_u\ni32.add\nnop").build();
    const instrumented = instrumentEverywhere(bytes);
    const division = instructionOffsets(bytes)[3];
    for (const mask of [0, -1]) {
      const guest = instantiate(instrumented, () => {});
      guest.setAll(mask);
      let stack = "";
      try {
        guest.call("f", 1);
      } catch (error) {
        stack = (error as Error).stack ?? "";
      }
      const offset = Number(/wasm-function\[0\]:(0x[0-9a-f]+)/.exec(stack)?.[1]);
      assert.equal(instrumented.originalOffset(offset), division, stack);
    }
  });
});

import assert from "node:assert/strict";
import type { Instrumented } from "../../src/instrument/instrument.ts";
import { isReadOnly } from "../../src/instrument/site-table.ts";
import { assemble } from "../support/assemble.ts";
import {
  findSlot,
  type InstrumentedGuest,
  instantiate,
  instrumentEverywhere,
  spilledAt,
} from "../support/instrumented-guest.ts";
import { EXTERNREF, F32, F64, FUNCREF, I32, I64, V128, WasmBuilder } from "../support/wasm-builder.ts";

/** Site of the nth instruction: every instruction has one. */
const siteOf = (instrumented: Instrumented, instruction: number): number =>
  instrumented.sites.line.indexOf(instruction + 1);

/** Runs export f with every site armed. */
function run(
  instrumented: Instrumented,
  onSuspend: (site: number, guest: InstrumentedGuest) => void,
  ...args: unknown[]
): unknown {
  const guest = instantiate(instrumented, onSuspend);
  guest.setAll(-1);
  return guest.call("f", ...args);
}

/** Sums 0·0 + 1·1 + … in i64, counting in local 1 up to local 0. */
const sums = new WasmBuilder()
  .type([I32], [I64])
  .func(
    0,
    [
      [1, I32],
      [1, I64],
    ],
    assemble(`
      loop
        local.get 2
        local.get 1
        i64.extend_i32_u
        local.get 1
        i64.extend_i32_u
        i64.mul
        i64.add
        local.set 2
        local.get 1
        i32.const 1
        i32.add
        local.tee 1
        local.get 0
        i32.lt_u
        br_if 0
      end
      local.get 2`),
  )
  .export("f", "func", 0)
  .build();

/** Returns its params of all types that can be spilled. */
const types = [I32, I64, F32, F64, V128, FUNCREF, EXTERNREF];
const identity = new WasmBuilder()
  .type([I32, I64, F32, F64, FUNCREF, EXTERNREF], [I32, I64, F32, F64, I64, I64, FUNCREF, EXTERNREF])
  .func(
    0,
    [[1, V128]],
    assemble(`
      v128.const i8x16 1 0 0 0 0 0 0 0 2 0 0 0 0 0 0 0
      local.set 6
      nop
      local.get 0
      local.get 1
      local.get 2
      local.get 3
      local.get 6
      i64x2.extract_lane 0
      local.get 6
      i64x2.extract_lane 1
      local.get 4
      local.get 5`),
  )
  .export("f", "func", 0)
  .build();

describe("spilled locals", () => {
  it("are what the guest's locals are at that moment", () => {
    const instrumented = instrumentEverywhere(sums);
    const atAdd = siteOf(instrumented, 6);
    const seen: unknown[] = [];
    const result = run(
      instrumented,
      (site, guest) => {
        if (site === atAdd) seen.push([guest.read(site, 0), guest.read(site, 1)]);
      },
      4,
    );
    assert.equal(result, 14n);
    assert.deepEqual(seen, [
      [4, 0],
      [4, 1],
      [4, 2],
      [4, 3],
    ]);
  });

  it("reach the guest when they are written", () => {
    const instrumented = instrumentEverywhere(sums);
    const atStart = siteOf(instrumented, 1);
    let round = 0;
    const result = run(
      instrumented,
      (site, guest) => {
        if (site !== atStart || ++round !== 2) return;
        assert.equal(guest.read(site, 2), 0n);
        guest.write(site, 2, 1_000_000_000_000n);
        guest.write(site, 1, 10);
      },
      12,
    );
    assert.equal(result, 1_000_000_000_000n + 100n + 121n);
  });

  it("are read and written in every type that a global can hold for JavaScript", () => {
    const instrumented = instrumentEverywhere(identity, { writeBack: "all" });
    const atNop = siteOf(instrumented, 2);
    const other = instantiate(instrumentEverywhere(identity)).exports.f;
    const object = { any: "object" };
    const read: unknown[] = [];
    const result = run(
      instrumented,
      (site, guest) => {
        if (site !== atNop) return;
        for (let local = 0; local < types.length; local++) read.push(guest.read(site, local));
        const written = [-7, -8n, 0.25, 1e-300, other, object, [3n, -4n]];
        written.forEach((value, local) => {
          guest.write(site, local, value);
        });
      },
      1,
      2n,
      1.5,
      2.5,
      null,
      "text",
    );
    assert.deepEqual(read, [1, 2n, 1.5, 2.5, null, "text", [1n, 2n]]);
    assert.deepEqual(result, [-7, -8n, 0.25, 1e-300, 3n, -4n, other, object]);
  });

  it("are read but not written where there are more than four, unless that is asked for", () => {
    const instrumented = instrumentEverywhere(identity);
    const atNop = siteOf(instrumented, 2);
    const args = [1, 2n, 1.5, 2.5, null, "text"];
    const onSuspend = (site: number, guest: InstrumentedGuest) => {
      if (site !== atNop) return;
      assert.equal(guest.read(site, 0), 1);
      guest.write(site, 0, 99);
    };
    assert.equal((run(instrumented, onSuspend, ...args) as unknown[])[0], 1);
    const readOnly = (each: Instrumented) => isReadOnly(each.sites, siteOf(each, 2));
    assert.equal(readOnly(instrumented), true);
    assert.equal(readOnly(instrumentEverywhere(identity, { writeBack: "all" })), false);
    // At the end only four are left to read: what the last instructions still want.
    assert.equal(isReadOnly(instrumented.sites, siteOf(instrumented, 6)), false);
  });

  it("survive calls that suspend within the statement, in slots of whoever is suspended", () => {
    const bytes = new WasmBuilder()
      .type([I32], [I32])
      .func(0, [], assemble("local.get 0\ni32.const 100\ni32.add\ncall 1\nlocal.get 0\ni32.add"))
      .func(0, [], assemble("local.get 0\ni32.const 1\ni32.shl"))
      .export("f", "func", 0)
      .build();
    const instrumented = instrumentEverywhere(bytes);
    const result = run(
      instrumented,
      (site, guest) => {
        const { spillCount } = instrumented.sites;
        const isInner = instrumented.sites.function[site] === 1;
        if (spillCount[site] !== 0) assert.equal(guest.read(site, 0), isInner ? 105 : 5);
      },
      5,
    );
    assert.equal(result, 215);
  });

  it("share their slots: there are as many as one site needs", () => {
    const instrumented = instrumentEverywhere(identity);
    assert.deepEqual(
      instrumented.names.slots.map(({ type }) => type),
      ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"],
    );
    const nop = siteOf(instrumented, 2);
    assert.deepEqual(
      spilledAt(instrumented.sites, nop).map((local) => findSlot(instrumented.sites, nop, local)),
      [0, 1, 2, 3, 5, 6, 4],
    );
    assert.equal(findSlot(instrumented.sites, siteOf(instrumented, 0), 6), undefined);
  });

  it("leave out references that no global can hold for JavaScript", () => {
    const anyref = 0x6e;
    const bytes = new WasmBuilder().type([anyref]).func(0, [], assemble("local.get 0\ndrop")).build();
    const { sites, bytes: output } = instrumentEverywhere(bytes);
    assert.deepEqual(spilledAt(sites, 0), []);
    assert.equal(WebAssembly.validate(output), WebAssembly.validate(bytes as BufferSource));
  });
});

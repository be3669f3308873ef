import assert from "node:assert/strict";
import { noNamedSlots } from "../../src/instrument/named-slots.ts";
import { planSites } from "../../src/instrument/plan-sites.ts";
import { MOST_GROUP_CHECK_BYTES } from "../../src/instrument/probe-groups.ts";
import { sortRequests } from "../../src/instrument/site-requests.ts";
import { readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import {
  hasSpillsCut,
  instantiate,
  instructionOffsets,
  instrumentEverywhere,
} from "../support/instrumented-guest.ts";
import { END, I32, I64, moduleOf, section, u32, WasmBuilder } from "../support/wasm-builder.ts";

const NOP = 0x01;
const nops = (count: number): Uint8Array => new Uint8Array(count).fill(NOP);

describe("limits of engines", () => {
  it("leave a function without sites that would grow beyond them, and say so", () => {
    const bytes = new WasmBuilder()
      .type([])
      .func(0, [], nops(3))
      .func(0, [], nops(300_000))
      .func(0, [], nops(3))
      .export("f", "func", 1)
      .build();
    const instrumented = instrumentEverywhere(bytes);
    assert.deepEqual(instrumented.refused, [1]);
    assert.deepEqual([...instrumented.sites.function], [0, 0, 0, 0, 2, 2, 2, 2]);
    const guest = instantiate(instrumented, () => assert.fail("no site is in f"));
    guest.setAll(-1);
    guest.call("f");
  });

  it("leave a function without spills that would grow beyond them with, and with its sites", () => {
    const count = 150_000;
    // Three locals are live throughout.
    const bytes = new WasmBuilder()
      .type([I32, I32, I32])
      .func(
        0,
        [],
        nops(count),
        [0, 1, 2].map((local) => [0x20, local, 0x1a]),
      )
      .build();
    const instrumented = instrumentEverywhere(bytes);
    const { sites } = instrumented;
    assert.deepEqual(instrumented.refused, []);
    assert.equal(sites.count, count + 7);
    assert.ok(sites.spillCount.every((spills) => spills === 0));
    assert.equal(hasSpillsCut(sites, 0), true);
    assert.ok(WebAssembly.validate(instrumented.bytes));
  });

  it("leave functions without sites, or without spills, when the module would grow beyond them", () => {
    const builder = new WasmBuilder().type([I32, I32]);
    for (let index = 0; index < 4; index++) builder.func(0, [], nops(9), [0x20, 0, 0x1a, 0x20, 1, 0x1a]);
    const bytes = builder.build();
    const module = readModule(bytes);
    const offset = Uint32Array.from(instructionOffsets(bytes));
    const requests = sortRequests({ offset, line: offset }, module.code);
    // Room for the spills of one function, whose sites can be checked in groups, and for the bare probes of two more: 14 sites each.
    const groups = 17 + 14 * MOST_GROUP_CHECK_BYTES;
    const moduleBytes = bytes.length + 3 * 14 * 28 + 22 * 20 + groups + 60;
    const { columns, refused, ungrouped, slots } = planSites(
      module,
      readIndexSpaces(module),
      requests,
      { locals: () => [], writeBack: "few", named: noNamedSlots, atCalls: false },
      { density: "statements" },
      {
        bodyBytes: 10_000,
        moduleBytes,
      },
    );
    const { spillCount, function: functions } = columns.toTable(slots);
    assert.deepEqual(refused, [3]);
    assert.deepEqual([...ungrouped], [1, 2, 3]);
    assert.equal(functions.length, 3 * 14);
    const spills = (from: number, to: number): number =>
      Array.from(spillCount.subarray(from, to)).reduce((sum, count) => sum + count, 0);
    assert.equal(spills(0, 14), 22);
    assert.equal(spills(14, 42), 0);
  });

  it("leave a function's stores unchecked that has no room for more locals, or bytes, and say so", () => {
    const store = assemble("i32.const 0\ni32.const 1\ni32.store");
    const bytes = new WasmBuilder()
      .type([])
      .memory([0, 1])
      .func(0, [[49_990, I32]], store)
      .func(0, [], store)
      .build();
    const checked = instrumentEverywhere(bytes, { checkStores: {} });
    assert.deepEqual(checked.unchecked, [0]);
    assert.deepEqual([...checked.stores.function], [1]);
    assert.ok(WebAssembly.validate(checked.bytes));
    const module = readModule(bytes);
    const none = sortRequests({ offset: new Uint32Array(0), line: new Uint32Array(0) }, module.code);
    const keeping = { locals: () => [], writeBack: "few", named: noNamedSlots, atCalls: false } as const;
    const wanted = { density: "statements", afterStores: {} } as const;
    const plan = planSites(module, readIndexSpaces(module), none, keeping, wanted, {
      bodyBytes: 100,
      moduleBytes: 1_000_000,
    });
    assert.deepEqual(plan.unchecked, [0, 1]);
    assert.deepEqual(plan.refused, []);
  });

  it("are met by modules with very many globals, most of which are exported", () => {
    const count = 99_999;
    const globals = new Uint8Array(count * 5);
    // Mutable, i64, 5.
    for (let at = 0; at < count; at++) globals.set([I64, 1, 0x42, 5, END], at * 5);
    const { bytes, names } = instrumentEverywhere(moduleOf(section(6, u32(count), globals)));
    assert.equal(names.globals.length, 99_992);
    assert.ok(WebAssembly.validate(bytes));
  });
});

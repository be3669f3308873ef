import assert from "node:assert/strict";
import { instrument } from "../../src/instrument/instrument.ts";
import { siteAt } from "../../src/instrument/site-table.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { instantiate, instructionOffsets } from "../support/instrumented-guest.ts";
import { listing } from "../support/listing.ts";
import { F64, I32, I64, V128, WasmBuilder } from "../support/wasm-builder.ts";

/** Requests a site for the nth instructions of a module, lines counting from 100. */
function sitesAt(bytes: Uint8Array, ...instructions: number[]) {
  const offsets = instructionOffsets(bytes);
  return {
    offset: Uint32Array.from(instructions, (index) => offsets[index] ?? 0),
    line: Uint32Array.from(instructions, (_, index) => 100 + index),
  };
}

describe("instrument", () => {
  it("puts a probe before each site, spilling what is live there", () => {
    const bytes = new WasmBuilder()
      .type([I32, I32], [I32])
      .func(
        0,
        [[1, I32]],
        assemble(`
          local.get 0
          local.get 1
          i32.add
          local.set 2
          block
          end
          local.get 2
          local.get 2
          i32.mul`),
      )
      .build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes, 0, 6) });
    assert.equal(
      listing(instrumented.bytes, 0, 1),
      `
func 0 (param i32 i32) (result i32) (local i32)
  global.get 2
  i32.const 1
  i32.and
  if
    local.get 0
    global.set 0
    local.get 1
    global.set 1
    i32.const 0
    call 1
    global.get 0
    local.set 0
    global.get 1
    local.set 1
  end
  local.get 0
  local.get 1
  i32.add
  local.set 2
  block
  end
  global.get 2
  i32.const 2
  i32.and
  if
    local.get 2
    global.set 0
    i32.const 1
    call 1
    global.get 0
    local.set 2
  end
  local.get 2
  local.get 2
  i32.mul
end`.slice(1),
    );
  });

  it("gives values of each type slots of their own, and a v128 two halves", () => {
    const bytes = new WasmBuilder()
      .type([F64, V128, I64])
      .func(0, [], assemble("local.get 0\ndrop\nlocal.get 1\ndrop\nlocal.get 2\ndrop"))
      .build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes, 0) });
    assert.equal(
      listing(instrumented.bytes, 0, 1).split("\n").slice(4, 27).join("\n"),
      `
  if
    local.get 0
    global.set 1
    local.get 1
    i64x2.extract_lane 0
    global.set 2
    local.get 1
    i64x2.extract_lane 1
    global.set 3
    local.get 2
    global.set 0
    i32.const 0
    call 1
    global.get 1
    local.set 0
    global.get 2
    i64x2.splat
    global.get 3
    i64x2.replace_lane 1
    local.set 1
    global.get 0
    local.set 2
  end`.slice(1),
    );
    assert.deepEqual(instrumented.names.slots, [
      { type: "i64", global: "wasm-dap/slot/0" },
      { type: "f64", global: "wasm-dap/slot/1" },
      { type: "v128", low: "wasm-dap/slot/2/low", high: "wasm-dap/slot/2/high" },
    ]);
  });

  it("appends what reaches the host: $suspend through a table, and setters of the masks", () => {
    const bytes = new WasmBuilder().type([]).func(0, [], assemble("nop\nunreachable")).build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes) });
    assert.equal(
      listing(instrumented.bytes, 1),
      `
func 1 (param i32)
  local.get 0
  i32.const 0
  call_indirect (type 1)
end
func 2 (param i32 i32)
  local.get 1
  global.set 0
end
func 3 (param i32 i32)
  local.get 0
  local.get 1
  call 2
end
func 4 (param i32)
  local.get 0
  global.set 0
end`.slice(1),
    );
  });

  it("puts all functions into a table by their index, so that those without an export can be called", () => {
    const bytes = new WasmBuilder()
      .type([I32], [I32])
      .func(0, [], assemble("local.get 0"))
      .func(0, [], assemble("local.get 0\nlocal.get 0\ni32.mul"))
      .build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes, 0, 2) });
    const { exports } = instantiate(instrumented, () => {});
    const functions = exports[instrumented.names.functionTable];
    assert.ok(functions instanceof WebAssembly.Table);
    assert.equal(functions.length, 2);
    assert.equal(functions.get(1)(7), 49);
  });

  it("tells each site's place, function, line and kind in rising order of offset", () => {
    const bytes = new WasmBuilder()
      .import("host", "f", "func", 0)
      .type([])
      .func(0, [], assemble("call 0\nunreachable"))
      .func(0, [], assemble("call 0\ncall 0"))
      .build();
    const offsets = instructionOffsets(bytes);
    const { sites } = instrument(readModule(bytes), { sites: sitesAt(bytes, 4, 0, 3) });
    assert.deepEqual(
      Array.from({ length: sites.count }, (_, site) => siteAt(sites, site)),
      [
        { offset: offsets[0], function: 1, line: 101, kind: "statement" },
        { offset: offsets[1], function: 1, line: 0, kind: "unreachable" },
        { offset: offsets[3], function: 2, line: 102, kind: "statement" },
        { offset: offsets[4], function: 2, line: 100, kind: "statement" },
      ],
    );
  });

  it("leaves the module's own exports and indexes as they are", () => {
    const bytes = new WasmBuilder()
      .type([], [I32])
      .import("host", "memory", "memory", [0, 1])
      .table(0x70, [0, 2])
      .global(I32, "mutable", assemble("i32.const 7"))
      .export("seven", "func", 0)
      .export("global", "global", 0)
      .elements(0, 0)
      .func(0, [], assemble("global.get 0"))
      .build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes, 0) });
    const before = readModule(bytes);
    const after = readModule(instrumented.bytes);
    assert.deepEqual(after.exports.slice(0, 2), before.exports);
    assert.ok(after.exports.slice(2).every(({ name }) => name.startsWith(instrumented.names.prefix)));
    assert.deepEqual(after.imports, before.imports);
    assert.deepEqual(listing(instrumented.bytes, 0, 1).split("\n").slice(-2), ["  global.get 0", "end"]);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const guest = instantiate(instrumented, () => {}, { host: { memory } });
    assert.equal(guest.call("seven"), 7);
    assert.equal(guest.exports[instrumented.names.memories[0] ?? ""], memory);
    (guest.exports[instrumented.names.globals[0] ?? ""] as WebAssembly.Global).value = 8;
    assert.equal(guest.call("seven"), 8);
    assert.equal((guest.exports[instrumented.names.tables[0] ?? ""] as WebAssembly.Table).length, 2);
  });

  it("takes the start function out and exports it, to be called once masks are set", () => {
    const bytes = new WasmBuilder()
      .type([])
      .import("host", "started", "func", 0)
      .func(0, [], assemble("call 0"))
      .start(1)
      .build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes, 0) });
    const log: string[] = [];
    const started = () => log.push("started");
    const guest = instantiate(instrumented, (site) => log.push(`site ${site}`), { host: { started } });
    assert.deepEqual(log, []);
    guest.setAll(-1);
    guest.call(instrumented.names.start ?? "");
    assert.deepEqual(log, ["site 0", "started"]);
  });

  it("chooses another prefix when the module uses ours", () => {
    const bytes = new WasmBuilder().type([]).func(0, []).export("wasm-dap/x", "func", 0).build();
    const { names } = instrument(readModule(bytes), { sites: sitesAt(bytes, 0) });
    assert.equal(names.prefix, "'wasm-dap/");
    assert.equal(names.setMask, "'wasm-dap/set-mask");
  });

  it("makes a module without any function stoppable all the same", () => {
    const bytes = new WasmBuilder().memory([0, 1]).build();
    const instrumented = instrument(readModule(bytes), { sites: sitesAt(bytes) });
    const guest = instantiate(instrumented);
    guest.setAll(-1);
    guest.setMask(0, 1);
    assert.equal(instrumented.sites.count, 0);
    assert.ok(guest.exports[instrumented.names.memories[0] ?? ""] instanceof WebAssembly.Memory);
  });

  it("leaves out debug sections and names, and keeps other custom sections where they are", () => {
    const bytes = new WasmBuilder()
      .custom("first", [1, 2], 1)
      .type([])
      .func(0, [], assemble("nop"))
      .custom(".debug_info", [3])
      .custom("name", [4])
      .custom(".debug_line", [5])
      .custom("mine", [6])
      .custom("mine", [7])
      .build();
    const after = readModule(instrument(readModule(bytes), { sites: sitesAt(bytes, 0) }).bytes);
    const customs = after.sections.filter(({ kind }) => kind === "custom");
    assert.deepEqual(
      customs.map(({ name, start, end }) => [name, ...after.bytes.subarray(start, end)]),
      [
        ["first", 1, 2],
        ["metadata.code.branch_hint", 1, 0, 1, 6, 1, 0],
        ["mine", 6],
        ["mine", 7],
      ],
    );
    assert.equal(after.sections[0]?.name, "first");
  });
});

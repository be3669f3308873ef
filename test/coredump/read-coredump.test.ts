import assert from "node:assert/strict";
import { MalformedError } from "../../src/base/errors.ts";
import { sourceOf } from "../../src/coredump/byte-source.ts";
import { type Coredump, missingValue } from "../../src/coredump/coredump.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import { findDialect } from "../../src/coredump/dialects.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { type DumpContents, encodeDump, f32, f64, i32, i64, missing } from "../support/coredump-encoders.ts";
import {
  type Bytes,
  custom,
  END,
  i32Const,
  i64Const,
  moduleOf,
  section,
  sized,
  text,
  u32,
  vec,
} from "../support/wasm-builder.ts";

const read = (bytes: Uint8Array): Coredump => readCoredump(new CoredumpFile(sourceOf(bytes)));

/** Every kind of value and more than one of everything. */
const contents: DumpContents = {
  executable: "app.wasm",
  modules: ["app", "lib"],
  instances: [
    { module: 0, memories: [0], globals: [0, 2] },
    { module: 1, memories: [1], globals: [1, 0xffff_ffff] },
  ],
  threads: [
    {
      name: "main",
      frames: [
        {
          instance: 1,
          function: 300,
          codeOffset: 51,
          locals: [i32(-5), i64(-(2n ** 40n)), f32(1.5), f64(-0.25), missing],
          operands: [i32(2)],
        },
        { instance: 0, function: 7, codeOffset: 200, locals: [i32(2 ** 31 - 1), i64(3n)], operands: [] },
      ],
    },
  ],
  memories: [
    { pages: 2, data: [[0x1fff0, Uint8Array.of(1, 2, 3)]] },
    { pages: 1, data: [] },
  ],
  globals: [i32(0x10000), i64(-1n), f64(2.5)],
};

const locals = [
  { type: "i32", value: -5 },
  { type: "i64", value: -(2n ** 40n) },
  { type: "f32", value: 1.5 },
  { type: "f64", value: -0.25 },
  missingValue,
];

describe("a coredump", () => {
  it("of the standard's own words has its process, modules, instances, stacks and globals", () => {
    const dump = read(encodeDump(contents, "standard"));
    assert.equal(dump.dialect.dialect.name, "standard");
    assert.equal(dump.executable, "app.wasm");
    assert.deepEqual(dump.modules, ["app", "lib"]);
    assert.deepEqual(dump.instances, contents.instances);
    assert.deepEqual(dump.threads, [
      {
        name: "main",
        frames: [
          { instance: 1, function: 300, codeOffset: 51, locals, operands: [{ type: "i32", value: 2 }] },
          {
            instance: 0,
            function: 7,
            codeOffset: 200,
            locals: [
              { type: "i32", value: 2 ** 31 - 1 },
              { type: "i64", value: 3n },
            ],
            operands: [],
          },
        ],
      },
    ]);
    assert.deepEqual(dump.globals, [
      { type: "i32", value: 0x10000 },
      { type: "i64", value: -1n },
      { type: "f64", value: 2.5 },
    ]);
  });

  it("written by wasm-edit has integers of fixed width behind both counts", () => {
    const dump = read(encodeDump(contents, "wasm-edit"));
    assert.equal(dump.dialect.dialect.name, "wasm-edit");
    assert.deepEqual(dump.threads[0]?.frames[0], {
      ...{ instance: 1, function: 300, codeOffset: 51, locals, operands: [] },
    });
    assert.match(dump.dialect.reason, /in no other/);
  });

  it("written by early versions of wasm-edit has no instances", () => {
    const dump = read(encodeDump(contents, "wasm-edit-without-instances"));
    assert.equal(dump.dialect.dialect.name, "wasm-edit-without-instances");
    assert.deepEqual(dump.threads[0]?.frames[0], {
      ...{ instance: 0, function: 300, codeOffset: 51, locals, operands: [] },
    });
  });

  it("written by WasmEdge has i32s only, bare names and perhaps fewer frames than it says", () => {
    const dump = read(encodeDump(contents, "wasmedge"));
    assert.equal(dump.dialect.dialect.name, "wasmedge");
    assert.deepEqual(dump.modules, ["app"]);
    assert.equal(dump.threads[0]?.frames.length, 2);
    assert.deepEqual(dump.threads[0]?.frames[0]?.locals[0], { type: "i32", value: -5 });
    assert.deepEqual(dump.threads[0]?.frames[0]?.operands, [{ type: "i32", value: 2 }]);
    assert.deepEqual(dump.globals, [missingValue, missingValue, missingValue]);
    assert.match(dump.problems.join(), /no bytes of memory 0/);
  });

  it("written by WasmEdge for wasmgdb counts operands that are not there", () => {
    const dump = read(encodeDump(contents, "wasmedge-for-wasmgdb"));
    assert.equal(dump.dialect.dialect.name, "wasmedge-for-wasmgdb");
    assert.deepEqual(dump.threads[0]?.frames[0]?.operands, []);
  });

  it("says when nothing tells two dialects apart", () => {
    const bare = { ...contents, threads: [{ name: "main", frames: contents.threads[0]?.frames ?? [] }] };
    const empty = bare.threads[0]?.frames.map((frame) => ({ ...frame, locals: [], operands: [] })) ?? [];
    const dump = read(encodeDump({ ...bare, threads: [{ name: "main", frames: empty }] }, "standard"));
    assert.match(dump.dialect.reason, /without values in them they are the same in wasm-edit/);
  });

  it("is read in the dialect asked for, whatever fits", () => {
    const file = new CoredumpFile(sourceOf(encodeDump(contents, "standard")));
    const dialect = findDialect("wasm-edit");
    assert.throws(() => readCoredump(file, { dialect }), { name: "MalformedError", section: "corestack" });
    const fine = new CoredumpFile(sourceOf(encodeDump(contents, "wasm-edit")));
    assert.equal(readCoredump(fine, { dialect }).dialect.reason, "it was asked for");
  });

  it("has memories whose gaps are zero and whose later bytes win", () => {
    const segment = (memory: number, address: number, ...bytes: number[]) => [
      [memory === 0 ? 0 : [2, u32(memory)], i32Const(address), END, sized(bytes)],
    ];
    const bytes = moduleOf(
      custom("core", 0, text("")),
      section(5, vec([0, u32(1)], [0, u32(1)])),
      section(
        11,
        vec(segment(0, 8, 1, 2, 3, 4), segment(1, 0, 9), segment(0, 4, 5, 6, 7, 8), segment(0, 6, 9, 9, 9)),
      ),
    );
    const [first, second] = read(bytes).memories;
    assert.deepEqual([...(first?.read(3, 10) ?? [])], [0, 5, 6, 9, 9, 9, 2, 3, 4, 0]);
    assert.deepEqual([...(second?.read(0, 2) ?? [])], [9, 0]);
    assert.equal(first?.firstAddress, 4);
  });

  it("has addresses above 2 GiB although they are written as negative numbers", () => {
    const bytes = moduleOf(
      custom("core", 0, text("")),
      section(5, vec([0, u32(65_536)], [4, u32(100_000)])),
      section(11, vec([0, i32Const(-16), END, sized([7])], [2, 1, i64Const(2n ** 32n), END, sized([8])])),
    );
    const [first, second] = read(bytes).memories;
    assert.deepEqual([...(first?.read(2 ** 32 - 17, 3) ?? [])], [0, 7, 0]);
    assert.deepEqual([...(second?.read(2 ** 32, 1) ?? [])], [8]);
  });

  it("may have its sections in any order, and others that nobody knows", () => {
    const bytes = moduleOf(
      section(11, vec([0, i32Const(0), END, sized([1])])),
      custom("who-knows-what-this-section-is-for-and-why-its-name-is-so-very-long-indeed", 1, 2, 3),
      custom("corestack", 0, text("main"), vec()),
      section(5, vec([0, u32(1)])),
    );
    const dump = read(bytes);
    assert.deepEqual([...(dump.memories[0]?.read(0, 1) ?? [])], [1]);
    assert.equal(dump.threads[0]?.name, "main");
  });

  it("has a thread for each stack", () => {
    const stack = (name: string) => custom("corestack", 0, text(name), vec());
    const dump = read(moduleOf(stack("one"), stack("two")));
    assert.deepEqual(
      dump.threads.map(({ name }) => name),
      ["one", "two"],
    );
  });
});

describe("the vectors of the format's own tests", () => {
  it("a name is a record, a length and its text", () => {
    const bytes = moduleOf(custom("core", [0x00, 0x09], new TextEncoder().encode("test.wasm")));
    assert.equal(read(bytes).executable, "test.wasm");
  });

  it("a frame is an instance, a function, an offset and two lists of values", () => {
    const frame = [0x00, 0x04, 0x2a, 0x33, 0x01, 0x7f, 0x01, 0x01, 0x7f, 0x02];
    const bytes = moduleOf(custom("corestack", [0x00, 0x04], new TextEncoder().encode("main"), 0x01, frame));
    assert.deepEqual(read(bytes).threads, [
      {
        name: "main",
        frames: [
          {
            ...{ instance: 4, function: 42, codeOffset: 51 },
            locals: [{ type: "i32", value: 1 }],
            operands: [{ type: "i32", value: 2 }],
          },
        ],
      },
    ]);
  });

  it("a module is a record and a name, an instance a record, its module and two lists of indexes", () => {
    const bytes = moduleOf(
      custom("core", 0, text("")),
      custom("coremodules", [0x02, 0x00, 0x01, 0x61, 0x00, 0x01, 0x62]),
      custom("coreinstances", [0x01, 0x00, 0x01, 0x02, 0x00, 0x01, 0x01, 0x05]),
    );
    const dump = read(bytes);
    assert.deepEqual(dump.modules, ["a", "b"]);
    assert.deepEqual(dump.instances, [{ module: 1, memories: [0, 1], globals: [5] }]);
  });

  it("a value is its type's byte and its encoding in Wasm, or the byte of a missing one", () => {
    const values = [
      [0x01],
      [0x7f, 0x80, 0x7f],
      [0x7e, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00],
      [0x7d, 0x00, 0x00, 0xc0, 0x3f],
      [0x7c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0xbf],
    ];
    const frame = [0x00, 0x00, 0x00, 0x00, vec(...values), 0x00];
    const dump = read(moduleOf(custom("corestack", 0, text("t"), vec(frame))));
    assert.deepEqual(dump.threads[0]?.frames[0]?.locals, [
      missingValue,
      { type: "i32", value: -128 },
      { type: "i64", value: 2n ** 63n - 1n },
      { type: "f32", value: 1.5 },
      { type: "f64", value: -1.5 },
    ]);
  });
});

describe("a file that is no good coredump", () => {
  const bad = (bytes: Uint8Array): Pick<MalformedError, "code" | "section" | "offset"> => {
    try {
      read(bytes);
    } catch (error) {
      assert.ok(error instanceof MalformedError, String(error));
      const { code, section, offset } = error;
      return { code, section, offset };
    }
    return assert.fail("nothing was wrong with it");
  };

  it("says that an ordinary module is none", () => {
    assert.deepEqual(bad(moduleOf(section(5, vec([0, 1])))), {
      code: "not-coredump",
      section: "module",
      offset: 8,
    });
  });

  it("says that other files are none", () => {
    assert.equal(bad(new TextEncoder().encode("ELF or what")).code, "not-wasm");
    assert.equal(bad(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0)).code, "is-component");
    assert.equal(bad(new Uint8Array(0)).code, "not-wasm");
  });

  it("says where it is cut off", () => {
    const before = custom("core", 0, text("app"));
    const whole = moduleOf(before, custom("corestack", 0, text("main"), vec()));
    assert.deepEqual(bad(whole.subarray(0, whole.length - 1)), {
      ...{ code: "bad-section-size", section: "module", offset: moduleOf(before).length },
    });
  });

  it("names the section and the place in the file of what is wrong in a stack", () => {
    const before = custom("core", 0, text("app"));
    const start = moduleOf(before).length;
    const frame = [0x00, 0x00, 0x00, 0x00, 0x01, 0x55, 0x00];
    const error = bad(moduleOf(before, custom("corestack", 0, text("main"), vec(frame))));
    // Id, size, name: 12 bytes; record, name, count: 7; the tag is the frame's sixth byte.
    assert.deepEqual(error, { code: "bad-structure", section: "corestack", offset: start + 12 + 7 + 5 });
  });

  it("refuses a second section where there may be one", () => {
    const core = custom("core", 0, text("app"));
    assert.deepEqual(bad(moduleOf(core, core)), { code: "bad-structure", section: "core", offset: 27 });
  });

  it("refuses counts that its bytes could not hold", () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    assert.equal(bad(moduleOf(custom("corestack", 0, text("t"), huge))).code, "unexpected-end");
    assert.equal(
      bad(moduleOf(custom("corestack", 0, text("t"), 1, [0, 0, 0, 0], huge))).code,
      "unexpected-end",
    );
    const core = custom("core", 0, text(""));
    assert.equal(bad(moduleOf(core, section(11, huge))).section, "data");
  });

  it("refuses data that is at no address, of no memory or longer than the file", () => {
    const core = custom("core", 0, text(""));
    const data = (...segment: Bytes[]) =>
      bad(moduleOf(core, section(5, vec([0, u32(1)])), section(11, vec(...segment))));
    assert.equal(data([1, sized([1])]).code, "bad-structure");
    assert.equal(data([2, 5, i32Const(0), END, sized([1])]).code, "bad-structure");
    assert.equal(data([0, [0x23, 0], END, sized([1])]).code, "bad-structure");
    assert.equal(data([0, i32Const(0), END, u32(99), 1]).code, "unexpected-end");
    assert.equal(data([0, i64Const(-1n), END, sized([1])]).code, "bad-limit");
  });
});

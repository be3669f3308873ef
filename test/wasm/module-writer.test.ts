import assert from "node:assert/strict";
import { readModule } from "../../src/wasm/module.ts";
import {
  appendEntries,
  type ModuleEdits,
  writeEditedModule,
  writeModule,
} from "../../src/wasm/module-writer.ts";
import { assertMalformed } from "../support/malformed.ts";
import {
  type Bytes,
  custom,
  END,
  flat,
  globalGet,
  I32,
  i32Const,
  limits,
  moduleOf,
  section,
  sized,
  text,
  u32,
  vec,
  WasmBuilder,
} from "../support/wasm-builder.ts";
import { everySection } from "./every-section.ts";

const edited = (bytes: Uint8Array, edits: ModuleEdits): number[] => [
  ...writeEditedModule(readModule(bytes), edits),
];
const FUNC: Bytes = [0x60, 0, 0];

describe("module writer", () => {
  it("writes a module without edits byte for byte", () => {
    assert.deepEqual(edited(everySection(), {}), [...everySection()]);
  });

  it("keeps padded sizes of sections it does not touch", () => {
    const bytes = moduleOf(section(1, vec()), [10, 0x81, 0x80, 0x80, 0x80, 0x00, 0], custom("x", 1));
    assert.deepEqual(edited(bytes, {}), [...bytes]);
  });

  it("replaces a section where it stands", () => {
    const bytes = moduleOf(section(1, vec(FUNC)), custom("x"), section(5, vec(limits(1))));
    assert.deepEqual(edited(bytes, { standard: new Map([["type", flat(vec(FUNC, FUNC))]]) }), [
      ...moduleOf(section(1, vec(FUNC, FUNC)), custom("x"), section(5, vec(limits(1)))),
    ]);
  });

  it("takes a section out", () => {
    const bytes = moduleOf(section(1, vec(FUNC)), section(8, 0), section(10, vec()));
    assert.deepEqual(edited(bytes, { standard: new Map([["start", undefined]]) }), [
      ...moduleOf(section(1, vec(FUNC)), section(10, vec())),
    ]);
  });

  it("puts sections that were absent in the standard's order, whatever the order of the edits", () => {
    const bytes = moduleOf(section(1, vec(FUNC)), section(10, vec()));
    const payload = flat(vec());
    assert.deepEqual(
      edited(bytes, {
        standard: new Map([
          ["global", payload],
          ["data", payload],
          ["export", payload],
          ["tag", payload],
          ["import", payload],
          ["data-count", payload],
        ]),
      }),
      [
        ...moduleOf(
          section(1, vec(FUNC)),
          section(2, payload),
          section(13, payload),
          section(6, payload),
          section(7, payload),
          section(12, payload),
          section(10, vec()),
          section(11, payload),
        ),
      ],
    );
  });

  it("leaves custom sections at the front and at the end", () => {
    const bytes = moduleOf(custom("dylink.0", 1), section(5, vec(limits(1))), custom("name", 2));
    assert.deepEqual(
      edited(bytes, {
        standard: new Map([
          ["type", flat(vec(FUNC))],
          ["global", flat(vec())],
        ]),
      }),
      [
        ...moduleOf(
          custom("dylink.0", 1),
          section(1, vec(FUNC)),
          section(5, vec(limits(1))),
          section(6, vec()),
          custom("name", 2),
        ),
      ],
    );
  });

  it("puts a section into a module that has none", () => {
    assert.deepEqual(edited(moduleOf(), { standard: new Map([["type", flat(vec(FUNC))]]) }), [
      ...moduleOf(section(1, vec(FUNC))),
    ]);
  });

  it("adds custom sections before a section, and before the place of one that is absent", () => {
    const bytes = moduleOf(section(1, vec(FUNC)), section(10, vec()), custom("name", 1));
    const hints = { name: "metadata.code.branch_hint", contents: Uint8Array.of(0) };
    assert.deepEqual(
      edited(bytes, {
        custom: [
          { ...hints, before: "code" },
          { name: "late", contents: Uint8Array.of(7), before: "data" },
        ],
      }),
      [
        ...moduleOf(
          section(1, vec(FUNC)),
          custom(hints.name, 0),
          section(10, vec()),
          custom("late", 7),
          custom("name", 1),
        ),
      ],
    );
  });

  it("leaves out custom sections by name, all of them", () => {
    const bytes = moduleOf(custom("a"), section(1, vec(FUNC)), custom("b"), custom("a", 1));
    assert.deepEqual(edited(bytes, { withoutCustom: new Set(["a"]) }), [
      ...moduleOf(section(1, vec(FUNC)), custom("b")),
    ]);
  });

  it("writes sections in exactly the order given", () => {
    const source = moduleOf(custom("a", 1), custom("b", 2));
    const [a, b] = readModule(source).sections;
    assert.ok(a && b);
    const bytes = writeModule(source, [
      { kind: "original", section: b },
      { kind: "custom", name: "größe", contents: Uint8Array.of(3) },
      { kind: "standard", section: "tag", payload: flat(vec()) },
      { kind: "original", section: a },
    ]);
    assert.deepEqual(
      [...bytes],
      [...moduleOf(custom("b", 2), section(0, text("größe"), 3), section(13, vec()), custom("a", 1))],
    );
  });

  it("writes sizes that need several bytes", () => {
    const contents = new Uint8Array(70_000).fill(5);
    assert.deepEqual(edited(moduleOf(), { custom: [{ name: "big", contents, before: "code" }] }), [
      ...moduleOf(custom("big", contents)),
    ]);
  });

  it("writes what an engine accepts", () => {
    const module = readModule(
      new WasmBuilder()
        .type([], [I32])
        .func(0, [], globalGet(0))
        .global(I32, "mutable", i32Const(41))
        .export("get", "func", 0)
        .build(),
    );
    const body = sized(vec(), globalGet(1), END);
    const bytes = writeEditedModule(module, {
      standard: new Map([
        ["function", appendEntries(module, "function", 1, flat(u32(0)))],
        ["memory", appendEntries(module, "memory", 1, flat(limits(1)))],
        ["global", appendEntries(module, "global", 1, flat(I32, 1, i32Const(42), END))],
        ["export", appendEntries(module, "export", 1, flat(text("added"), 0, u32(1)))],
        ["code", appendEntries(module, "code", 1, flat(body))],
      ]),
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { get, added } = exports as Record<string, () => number>;
    assert.deepEqual([get?.(), added?.()], [41, 42]);
  });
});

describe("appending to a section", () => {
  it("copies the entries there are, undecoded, and counts all", () => {
    const module = readModule(moduleOf(section(5, vec([0xee, 0xee], [0xdd, 0xdd]))));
    assert.deepEqual(
      [...appendEntries(module, "memory", 1, flat(limits(3)))],
      [3, 0xee, 0xee, 0xdd, 0xdd, 0, 3],
    );
  });

  it("makes a payload of its own for a section that is absent", () => {
    assert.deepEqual(
      [...appendEntries(readModule(moduleOf()), "memory", 2, flat(limits(3), limits(4)))],
      [2, 0, 3, 0, 4],
    );
  });

  it("lets the count grow by a byte", () => {
    const module = readModule(moduleOf(section(3, vec(...new Array<number>(127).fill(0)))));
    const payload = appendEntries(module, "function", 1, flat(u32(1)));
    assert.deepEqual([...payload.subarray(0, 3), payload.length], [0x80, 0x01, 0, 130]);
  });

  it("refuses a section whose count cannot be read", () => {
    const module = readModule(moduleOf(section(3, 0x80)));
    assertMalformed(() => appendEntries(module, "function", 1, flat(0)), {
      code: "unexpected-end",
      section: "function",
      offset: 10,
    });
  });
});

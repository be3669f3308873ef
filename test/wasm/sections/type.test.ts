import assert from "node:assert/strict";
import {
  type CompositeType,
  plainType,
  readTypeSection,
  writeRecGroup,
  writeTypeSection,
} from "../../../src/wasm/sections/type.ts";
import { F64, FUNCREF, I8, I32, I64, nonNullTypeRef, nullableTypeRef } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip, written } from "./payload.ts";

const FUNC = 0x60;
const STRUCT = 0x5f;
const ARRAY = 0x5e;
const SUB = 0x50;
const SUB_FINAL = 0x4f;
const REC = 0x4e;
const EMPTY_FUNC: Bytes = [FUNC, vec(), vec()];
const read = (...payload: Bytes[]) => readTypeSection(cursorOf("type", ...payload));

describe("type section", () => {
  it("holds function types with any number of params and results", () => {
    const { types } = roundTrip(
      readTypeSection,
      writeTypeSection,
      vec(EMPTY_FUNC, [FUNC, vec(0x7f, 0x7e), vec(0x7c, 0x70)]),
    );
    assert.deepEqual(types, [
      plainType({ kind: "func", params: [], results: [] }),
      plainType({ kind: "func", params: [I32, I64], results: [F64, FUNCREF] }),
    ]);
  });

  it("holds structs and arrays with packed and mutable fields", () => {
    const { types } = roundTrip(
      readTypeSection,
      writeTypeSection,
      vec([STRUCT, vec([0x78, 1], [0x64, 0, 0])], [ARRAY, 0x7f, 1], [STRUCT, vec()]),
    );
    const expected: CompositeType[] = [
      {
        kind: "struct",
        fields: [
          { type: I8, mutable: true },
          { type: nonNullTypeRef(0), mutable: false },
        ],
      },
      { kind: "array", element: { type: I32, mutable: true } },
      { kind: "struct", fields: [] },
    ];
    assert.deepEqual(types, expected.map(plainType));
  });

  it("holds subtypes, final and open", () => {
    const { types } = roundTrip(
      readTypeSection,
      writeTypeSection,
      vec([SUB, vec(), STRUCT, vec()], [SUB, vec(0), STRUCT, vec()], [SUB_FINAL, vec(1), STRUCT, vec()]),
    );
    assert.deepEqual(
      types.map((type) => [type.final, ...type.supertypes]),
      [[false], [false, 0], [true, 1]],
    );
  });

  it("counts types through all recursive groups", () => {
    const list: Bytes = [STRUCT, vec([0x63, 1, 0])];
    const { groups, types } = roundTrip(
      readTypeSection,
      writeTypeSection,
      vec(EMPTY_FUNC, [REC, vec(list, list)], [REC, vec()], EMPTY_FUNC),
    );
    assert.deepEqual(
      groups.map((group) => group.length),
      [1, 2, 0, 1],
    );
    assert.equal(types.length, 4);
    assert.deepEqual(types[1]?.composite, {
      kind: "struct",
      fields: [{ type: nullableTypeRef(1), mutable: false }],
    });
  });

  it("reads the long spellings of a plain type, and writes the short one", () => {
    const long = read(vec([REC, vec(EMPTY_FUNC)], [SUB_FINAL, vec(), EMPTY_FUNC]));
    assert.deepEqual(long, read(vec(EMPTY_FUNC, EMPTY_FUNC)));
    assert.deepEqual(
      written((writer) => writeTypeSection(writer, long)),
      [2, FUNC, 0, 0, FUNC, 0, 0],
    );
  });

  it("writes one entry by itself, for appending", () => {
    const group = [plainType({ kind: "func", params: [I32], results: [] })];
    assert.deepEqual(
      written((writer) => writeRecGroup(writer, group)),
      [FUNC, 1, 0x7f, 0],
    );
  });

  it("refuses an unknown form of type", () => {
    assertMalformed(() => read(vec(EMPTY_FUNC, [0x5d, 0, 0])), {
      code: "bad-structure",
      section: "type",
      offset: 4,
    });
    // A group within a group, and a subtype of a subtype form.
    assertMalformed(() => read(vec([REC, vec([REC, vec()])])), {
      code: "bad-structure",
      section: "type",
      offset: 3,
    });
    assertMalformed(() => read(vec([SUB, vec(), SUB, vec()])), {
      code: "bad-structure",
      section: "type",
      offset: 3,
    });
  });

  it("refuses a mutability that is neither 0 nor 1", () => {
    assertMalformed(() => read(vec([ARRAY, 0x7f, 2])), { code: "bad-structure", section: "type", offset: 3 });
  });

  it("refuses packed params", () => {
    assertMalformed(() => read(vec([FUNC, vec(0x78), vec()])), {
      code: "bad-value-type",
      section: "type",
      offset: 3,
    });
  });

  it("refuses counts that the bytes cannot hold, at the count", () => {
    assertMalformed(() => read(0xff, 0xff, 0xff, 0xff, 0x0f, EMPTY_FUNC), {
      code: "unexpected-end",
      section: "type",
      offset: 0,
    });
    assertMalformed(() => read(1, FUNC, 0x80, 0x80, 0x80, 0x01, 0), {
      code: "unexpected-end",
      section: "type",
      offset: 2,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(EMPTY_FUNC), FUNC), {
      code: "trailing-bytes",
      section: "type",
      offset: 4,
    });
  });
});

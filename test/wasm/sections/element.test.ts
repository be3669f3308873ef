import assert from "node:assert/strict";
import {
  type ElementSegment,
  readElementSection,
  writeElementSection,
} from "../../../src/wasm/sections/element.ts";
import { EXTERNREF, FUNCREF, nonNullRef } from "../../../src/wasm/value-type.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, END, i32Const, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, roundTrip } from "./payload.ts";

const AT_5: Bytes = [i32Const(5), END];
const FUNCTIONS = vec(u32(1), u32(300));
const EXPRESSIONS = vec([0xd2, 1, END], [0xd0, 0x70, END]);
const KIND = 0;
const read = (...payload: Bytes[]) => readElementSection(cursorOf("element", ...payload));
const only = (...segment: Bytes[]): ElementSegment => {
  const [first, ...rest] = roundTrip(readElementSection, writeElementSection, vec(segment));
  assert.ok(first && rest.length === 0);
  return first;
};

describe("element section", () => {
  const functions = { kind: "functions", functions: Uint32Array.of(1, 300) } as const;
  /** Of EXPRESSIONS, when they stand at `at`. */
  const expressions = (at: number) =>
    ({
      kind: "expressions",
      expressions: [
        { start: at + 1, end: at + 4 },
        { start: at + 4, end: at + 7 },
      ],
    }) as const;
  const active = (table: number, start: number) =>
    ({ kind: "active", table, offset: { start, end: start + 3 } }) as const;

  it("form 0: active in table 0, functions", () => {
    const segment = only(0, AT_5, FUNCTIONS);
    assert.deepEqual(segment, { form: 0, mode: active(0, 2), type: nonNullRef("func"), elements: functions });
  });

  it("form 1: passive, functions", () => {
    const segment = only(1, KIND, FUNCTIONS);
    assert.deepEqual(segment, {
      form: 1,
      mode: { kind: "passive" },
      type: nonNullRef("func"),
      elements: functions,
    });
  });

  it("form 2: active in a table named, functions", () => {
    const segment = only(2, u32(3), AT_5, KIND, FUNCTIONS);
    assert.deepEqual(segment, { form: 2, mode: active(3, 3), type: nonNullRef("func"), elements: functions });
  });

  it("form 3: declarative, functions", () => {
    const segment = only(3, KIND, FUNCTIONS);
    assert.deepEqual(segment, {
      form: 3,
      mode: { kind: "declarative" },
      type: nonNullRef("func"),
      elements: functions,
    });
  });

  it("form 4: active in table 0, expressions", () => {
    const segment = only(4, AT_5, EXPRESSIONS);
    assert.deepEqual(segment, { form: 4, mode: active(0, 2), type: FUNCREF, elements: expressions(5) });
  });

  it("form 5: passive, expressions of a type", () => {
    const segment = only(5, 0x6f, EXPRESSIONS);
    assert.deepEqual(segment, {
      form: 5,
      mode: { kind: "passive" },
      type: EXTERNREF,
      elements: expressions(3),
    });
  });

  it("form 6: active in a table named, expressions of a type", () => {
    const segment = only(6, u32(3), AT_5, [0x64, 0x70], EXPRESSIONS);
    assert.deepEqual(segment, {
      form: 6,
      mode: active(3, 3),
      type: nonNullRef("func"),
      elements: expressions(8),
    });
  });

  it("form 7: declarative, expressions of a type", () => {
    const segment = only(7, 0x70, EXPRESSIONS);
    assert.deepEqual(segment, {
      form: 7,
      mode: { kind: "declarative" },
      type: FUNCREF,
      elements: expressions(3),
    });
  });

  it("refuses an unknown form", () => {
    assertMalformed(() => read(vec([8, AT_5, FUNCTIONS])), {
      code: "bad-structure",
      section: "element",
      offset: 1,
    });
  });

  it("refuses an unknown kind of elements", () => {
    assertMalformed(() => read(vec([1, 0x70, FUNCTIONS])), {
      code: "bad-structure",
      section: "element",
      offset: 2,
    });
  });

  it("refuses elements that are no references", () => {
    assertMalformed(() => read(vec([5, 0x7f, EXPRESSIONS])), {
      code: "bad-value-type",
      section: "element",
      offset: 2,
    });
  });

  it("refuses an offset that is not constant", () => {
    assertMalformed(() => read(vec([0, 0x00, END, FUNCTIONS])), {
      code: "unknown-opcode",
      section: "element",
      offset: 2,
    });
  });

  it("refuses bytes behind its last entry", () => {
    assertMalformed(() => read(vec(), 0), { code: "trailing-bytes", section: "element", offset: 1 });
  });
});

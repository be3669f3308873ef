import assert from "node:assert/strict";
import type { CoredumpFrame } from "../../src/coredump/coredump.ts";
import { offsetBases } from "../../src/coredump/dialects.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { findOffsetBase, placeFrames } from "../../src/coredump/place-frames.ts";
import { inferStop } from "../../src/coredump/why-stopped.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { FUNCREF, I32, I64, WasmBuilder } from "../support/wasm-builder.ts";

/** An import, then `outer`, which calls `middle`, which calls `inner` through the table, which traps. */
const module = readModule(
  new WasmBuilder()
    .type([I32], [I32])
    .type([], [])
    .import("host", "log", "func", 1)
    .memory([0, 1])
    .table(FUNCREF, [0, 4])
    .elements(1, 3)
    .func(0, [[2, I64]], assemble("local.get 0\ncall 2\ni32.const 1\ni32.add"))
    .func(0, [[1, I32]], assemble("local.get 0\ni32.const 1\ncall_indirect (type 0)"))
    .func(0, [], assemble("local.get 0\nlocal.get 0\ni32.div_u"))
    .build(),
);
const code = new ModuleCode(module);
const OUTER = 1;
const MIDDLE = 2;
const INNER = 3;

/** Where the instruction of that opcode is in a function, in the module. */
function find(func: number, opcode: number): number {
  const body = code.bodyOf(func);
  for (let offset = body?.instructionsStart ?? 0; offset < (body?.end ?? 0); offset++) {
    if (code.instructionAt(offset)?.opcode === opcode) return offset;
  }
  throw new Error(`no ${opcode} in ${func}`);
}

const points = [
  { function: INNER, offset: find(INNER, 0x6e) },
  { function: MIDDLE, offset: find(MIDDLE, 0x11) },
  { function: OUTER, offset: find(OUTER, 0x10) },
];

/** The stack as a producer that counts from `base` writes it. */
function stackOf(base: (typeof offsetBases)[number]): CoredumpFrame[] {
  return points.map(({ function: func, offset }, index) => {
    const body = code.bodyOf(func);
    const codeOffset = {
      body: offset - (body?.start ?? 0),
      instructions: offset - (body?.instructionsStart ?? 0),
      "code-section": offset - module.code.start,
      file: offset,
      "call-sites": points[index + 1]?.offset ?? 77,
    }[base];
    return { instance: 0, function: func, codeOffset, locals: [], operands: [] };
  });
}

const withCode = (frames: readonly CoredumpFrame[]) => frames.map((frame) => ({ frame, code }));

describe("code offsets of a coredump", () => {
  for (const base of offsetBases) {
    for (const usual of offsetBases) {
      it(`count from ${base} when the code says so, although ${usual} is usual`, () => {
        const stack = withCode(stackOf(base));
        const found = findOffsetBase([stack], usual);
        assert.equal(found.base, base, found.reason);
        assert.match(found.reason, /of (2|3) are those of instructions/);
      });
    }

    it(`from ${base} give the places where the frames stood`, () => {
      const placed = placeFrames(withCode(stackOf(base)), base);
      // Where the innermost stood is not told by the call that led there, and what it called through a table neither.
      const known = base === "call-sites" ? [undefined, ...points.slice(1)] : points;
      assert.deepEqual(placed, known);
    });
  }

  it("count as usual when the code does not tell", () => {
    const unknown = stackOf("body").map((frame) => ({ frame, code: undefined }));
    assert.equal(findOffsetBase([unknown], "file").base, "file");
    assert.match(findOffsetBase([unknown], "file").reason, /the code does not tell/);
    assert.deepEqual(placeFrames(unknown, "file"), [undefined, undefined, undefined]);
  });

  it("that are 0 or beyond their function stand for its beginning", () => {
    const frames = [0, 9999].map((codeOffset) => ({ ...(stackOf("body")[1] as CoredumpFrame), codeOffset }));
    const start = code.bodyOf(MIDDLE)?.start;
    assert.deepEqual(
      placeFrames(withCode(frames), "body").map((place) => place?.offset),
      [start, start],
    );
  });

  it("of functions there are not have no place", () => {
    const [frame] = stackOf("body");
    for (const func of [0, 99]) {
      assert.deepEqual(placeFrames(withCode([{ ...(frame as CoredumpFrame), function: func }]), "body"), [
        undefined,
      ]);
    }
  });
});

describe("why a program stopped", () => {
  it("is told by the instruction that its innermost frame stands at", () => {
    const placed = placeFrames(withCode(stackOf("body")), "body");
    assert.deepEqual(inferStop(placed, code), {
      ...{ kind: "trap", trap: "integer-divide-by-zero" },
      message: "divide by zero (judging by `i32.div_u`, where it stands)",
    });
    assert.equal(inferStop(placed.slice(1), code)?.trap, "indirect-call-type-mismatch");
  });

  it("is not told by an instruction that cannot trap", () => {
    const placed = placeFrames(withCode(stackOf("body")), "body");
    assert.equal(inferStop(placed.slice(2), code), undefined);
    assert.equal(inferStop([], undefined), undefined);
  });

  it("is a stack overflow where the same few functions call each other without end", () => {
    const [, , outer] = placeFrames(withCode(stackOf("body")), "body");
    assert.equal(inferStop(new Array(20).fill(outer), code)?.trap, "stack-overflow");
  });
});

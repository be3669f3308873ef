import assert from "node:assert/strict";
import { toDefinedFuncIndex, toFuncIndex } from "../../src/base/brand.ts";
import {
  findDefinedIndex,
  findFuncType,
  findTypeOfFunction,
  findTypeOfTag,
  funcIndexOf,
  readIndexSpaces,
} from "../../src/wasm/index-spaces.ts";
import { readModule } from "../../src/wasm/module.ts";
import { I32, I64 } from "../../src/wasm/value-type.ts";
import * as build from "../support/wasm-builder.ts";
import { limits, moduleOf, u32, WasmBuilder } from "../support/wasm-builder.ts";

const spaces = readIndexSpaces(
  readModule(
    new WasmBuilder()
      .type([build.I32], [build.I64])
      .type([])
      .rawType(0x5f, 0)
      .import("env", "a", "func", u32(1))
      .import("env", "g", "global", build.I64, 0)
      .import("env", "b", "func", u32(7))
      .import("env", "m", "memory", limits(3))
      .import("env", "t", "table", build.EXTERNREF, limits(4))
      .import("env", "e", "tag", 0, u32(0))
      .func(0, [], build.i64Const(1n))
      .func(2, [])
      .table(build.FUNCREF, limits(5))
      .memory(limits(6))
      .tag(2)
      .global(build.I32, "mutable", build.i32Const(1))
      .build(),
  ),
);

describe("index spaces", () => {
  it("put imports before what the module defines", () => {
    assert.deepEqual([...spaces.functionTypes], [1, 7, 0, 2]);
    assert.deepEqual(
      spaces.globals.map(({ type, mutable }) => [type, mutable]),
      [
        [I64, false],
        [I32, true],
      ],
    );
    assert.deepEqual(
      spaces.memories.map((memory) => memory.minimum),
      [3n, 6n],
    );
    assert.deepEqual(
      spaces.tables.map((table) => table.limits.minimum),
      [4n, 5n],
    );
    assert.deepEqual(
      spaces.tags.map((tag) => tag.typeIndex),
      [0, 2],
    );
    assert.equal(spaces.types.length, 3);
    assert.deepEqual(spaces.imported, { functions: 2, tables: 1, memories: 1, globals: 1, tags: 1 });
  });

  it("find the type of a function", () => {
    const unary = { kind: "func", params: [I32], results: [I64] } as const;
    assert.deepEqual(findTypeOfFunction(spaces, toFuncIndex(2)), unary);
    assert.deepEqual(findTypeOfFunction(spaces, toFuncIndex(0)), { kind: "func", params: [], results: [] });
    assert.deepEqual(findTypeOfTag(spaces, 0), unary);
    assert.deepEqual(findFuncType(spaces, 0), unary);
  });

  it("find nothing for an index out of range or a type that is no function type", () => {
    assert.equal(findTypeOfFunction(spaces, toFuncIndex(1)), undefined);
    assert.equal(findTypeOfFunction(spaces, toFuncIndex(3)), undefined);
    assert.equal(findTypeOfFunction(spaces, toFuncIndex(4)), undefined);
    assert.equal(findTypeOfTag(spaces, 1), undefined);
    assert.equal(findTypeOfTag(spaces, 2), undefined);
    assert.equal(findFuncType(spaces, 2), undefined);
    assert.equal(findFuncType(spaces, 99), undefined);
  });

  it("turn function indexes into positions among the defined ones, and back", () => {
    assert.equal(findDefinedIndex(spaces, toFuncIndex(1)), undefined);
    assert.equal(findDefinedIndex(spaces, toFuncIndex(2)), 0);
    assert.equal(findDefinedIndex(spaces, toFuncIndex(3)), 1);
    assert.equal(findDefinedIndex(spaces, toFuncIndex(4)), undefined);
    assert.equal(funcIndexOf(spaces, toDefinedFuncIndex(1)), 3);
  });

  it("are empty for an empty module", () => {
    const empty = readIndexSpaces(readModule(moduleOf()));
    assert.equal(empty.functionTypes.length, 0);
    assert.deepEqual(empty.imported, { functions: 0, tables: 0, memories: 0, globals: 0, tags: 0 });
  });
});

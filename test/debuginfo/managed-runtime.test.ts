import assert from "node:assert/strict";
import { ManagedRuntime } from "../../src/debuginfo/managed-runtime.ts";
import { flagsOfName } from "../../src/debuginfo/managed-type-info.ts";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";

function runtimeOf(build: string): ManagedRuntime {
  const module = readModule(fixture("as-values", build).bytes);
  const names = module.names;
  return new ManagedRuntime(module, () => names, undefined);
}

/** Collections by what they are, and the size, sign and kind of their elements. */
const collectionBits = 0b1_0111_1111_1_0111_1111_01_1111 | 0;

describe("classes of AssemblyScript's runtime", () => {
  it("are by their names what the program's own table says", () => {
    const runtime = runtimeOf("debug");
    const compared: string[] = [];
    for (let id = 0; runtime.flagsOf(id) !== undefined; id++) {
      const name = runtime.nameOf(id);
      const guessed = flagsOfName(name);
      if (name === undefined || guessed === undefined) continue;
      compared.push(name);
      assert.equal(guessed & collectionBits, (runtime.flagsOf(id) ?? 0) & collectionBits, name);
    }
    for (const wanted of [
      "Array<i32>",
      "Array<f64>",
      "Uint8Array",
      "Map<~lib/string/String,i32>",
      "Set<i32>",
    ])
      assert.ok(
        compared.some((name) => name.endsWith(`/${wanted}`)),
        `${wanted} among ${compared}`,
      );
  });

  it("have the same numbers without a collector, read from the code that makes and uses them", () => {
    for (const build of ["minimal", "stub"]) {
      const runtime = runtimeOf(build);
      const names = Array.from({ length: 20 }, (_, id) => runtime.nameOf(id));
      for (const wanted of ["Array<i32>", "Array<f64>", "Array<~lib/string/String>", "StaticArray<i32>"])
        assert.ok(
          names.some((name) => name?.endsWith(`/${wanted}`)),
          `${wanted} among ${names}`,
        );
    }
  });

  it("have a table that optimisers have made shorter and taken the name of", () => {
    const runtime = runtimeOf("optimised");
    const debug = runtimeOf("debug");
    for (let id = 0; id < 13; id++) assert.equal(runtime.flagsOf(id), debug.flagsOf(id), `${id}`);
    assert.equal(runtime.flagsOf(13), undefined);
  });

  it("know where the heap begins where blocks stand one behind another", () => {
    assert.equal(runtimeOf("debug").heapStart, undefined);
    assert.equal(runtimeOf("minimal").heapStart, undefined);
    assert.ok((runtimeOf("stub").heapStart ?? 0) > 1024);
    assert.ok((runtimeOf("optimised-stub").heapStart ?? 0) > 1024);
  });
});

describe("flags of a class by its name", () => {
  it("tell the elements of a collection, also of one in another", () => {
    assert.equal(flagsOfName("~lib/array/Array<u16>"), (1 << 1) | ((1 << 1) << 6));
    assert.equal(flagsOfName("~lib/array/Array<bool>"), (1 << 1) | (1 << 6));
    const managed = (1 << 2) | (1 << 8);
    assert.equal(flagsOfName("~lib/array/Array<~lib/array/Array<i32>>"), (1 << 1) | (managed << 6));
    assert.equal(
      flagsOfName("~lib/map/Map<~lib/map/Map<i32,i32>,u8>"),
      (1 << 4) | (1 << 6) | (managed << 15),
    );
  });

  it("are nothing for what is no collection", () => {
    assert.equal(flagsOfName("assembly/index/Point"), undefined);
    assert.equal(flagsOfName("assembly/Array<i32>"), undefined);
    assert.equal(flagsOfName(undefined), undefined);
  });
});

import assert from "node:assert/strict";
import { MalformedError } from "../../../src/base/errors.ts";
import {
  type NameSection,
  type Names,
  readNameSection,
  readNamesFrom,
  writeNameSection,
} from "../../../src/wasm/sections/name.ts";
import { readStoredNames } from "../../../src/wasm/sections/stored-names.ts";
import { assertMalformed } from "../../support/malformed.ts";
import { type Bytes, flat, sized, text, u32, vec } from "../../support/wasm-builder.ts";
import { cursorOf, written } from "./payload.ts";

const read = (...payload: Bytes[]): NameSection => readNameSection(cursorOf("name", ...payload));
const subsection = (id: number, ...payload: Bytes[]): Bytes => [id, sized(...payload)];
const named = (index: number, name: string): Bytes => [u32(index), text(name)];

describe("name section", () => {
  const payload = flat(
    subsection(0, text("app")),
    subsection(1, vec(named(0, "main"), named(300, "größe"))),
    subsection(2, vec([u32(0), vec(named(0, "argc"), named(2, "tmp"))], [u32(300), vec()])),
    subsection(3, vec([u32(0), vec(named(0, "loop"))])),
    subsection(4, vec(named(0, "pair"))),
    subsection(5, vec(named(0, "table"))),
    subsection(6, vec(named(0, "memory"))),
    subsection(7, vec(named(0, "__stack_pointer"))),
    subsection(8, vec(named(0, "element"))),
    subsection(9, vec(named(0, ".rodata"))),
    subsection(10, vec([u32(0), vec(named(1, "second"))])),
    subsection(11, vec(named(0, "__cpp_exception"))),
  );

  it("gives the module's own name", () => {
    assert.equal(read(payload).moduleName, "app");
    assert.equal(read().moduleName, undefined);
  });

  it("that is not in memory is read as far as it is asked for", () => {
    const bytes = Uint8Array.from(payload);
    const reads: number[] = [];
    const readInto = (target: Uint8Array, offset: number): void => {
      reads.push(target.length);
      target.set(bytes.subarray(offset, offset + target.length));
    };
    const names = readNamesFrom({ length: bytes.length, readInto });
    assert.ok(reads.every((length) => length <= 6));
    reads.length = 0;
    assert.equal(names.names("global").find(0), "__stack_pointer");
    assert.deepEqual(reads, [flat(vec(named(0, "__stack_pointer"))).length]);
    assert.deepEqual([...names.names("function").entries()], [...read(payload).names("function").entries()]);
    assert.equal(names.namesWithin("local", 0).find(2), "tmp");
  });

  it("that is not in memory is malformed as one that is", () => {
    const bytes = Uint8Array.from(flat(1, u32(20), 0));
    const readInto = (target: Uint8Array, offset: number): void =>
      target.set(bytes.subarray(offset, offset + target.length));
    assertMalformed(() => readNamesFrom({ length: bytes.length, readInto }), {
      code: "unexpected-end",
      section: "name",
      offset: 1,
    });
  });

  it("that is not in memory and has many names is read piece by piece", () => {
    const names = Array.from({ length: 2000 }, (_, index) => named(index * 3, `name${index}`.repeat(20)));
    const bytes = Uint8Array.from(flat(subsection(1, vec(...names))));
    let largest = 0;
    const readInto = (target: Uint8Array, offset: number): void => {
      largest = Math.max(largest, target.length);
      target.set(bytes.subarray(offset, offset + target.length));
    };
    const stored = readNamesFrom({ length: bytes.length, readInto }).names("function");
    assert.deepEqual([...stored.entries()], [...read(bytes).names("function").entries()]);
    assert.equal(stored.find(5997), "name1999".repeat(20));
    assert.equal(stored.find(3), "name1".repeat(20));
    assert.equal(stored.find(4), undefined);
    assert.ok(largest < bytes.length / 3);
  });

  it("that is not in memory and is cut off is malformed in a piece", () => {
    const payload = Uint8Array.from(
      flat(vec(...Array.from({ length: 400 }, (_, at) => named(at, `name${at}`)))),
    );
    for (const length of [0, 1, 2, 3, 30, payload.length - 1]) {
      const part = payload.subarray(0, length);
      const contents = {
        length,
        readInto: (target: Uint8Array, offset: number) =>
          target.set(part.subarray(offset, offset + target.length)),
      };
      assert.throws(
        () => readStoredNames(contents, "name"),
        (error) => error instanceof MalformedError && error.code === "unexpected-end",
      );
    }
  });

  it("gives names by index, and undefined for an index without one", () => {
    const names = read(payload).names("function");
    assert.deepEqual(
      [names.find(0), names.find(1), names.find(300), names.find(301)],
      ["main", undefined, "größe", undefined],
    );
    assert.equal(names.size, 2);
    assert.deepEqual([...names.indexes], [0, 300]);
    assert.deepEqual(
      [...names.entries()],
      [
        [0, "main"],
        [300, "größe"],
      ],
    );
  });

  it("gives names of all index spaces", () => {
    const names = read(payload);
    const kinds = ["type", "table", "memory", "global", "element", "data", "tag"] as const;
    assert.deepEqual(
      kinds.map((kind) => names.names(kind).find(0)),
      ["pair", "table", "memory", "__stack_pointer", "element", ".rodata", "__cpp_exception"],
    );
  });

  it("gives names within a function or a type", () => {
    const names = read(payload);
    assert.deepEqual([...names.indexesWith("local")], [0, 300]);
    assert.deepEqual(
      [...names.namesWithin("local", 0).entries()],
      [
        [0, "argc"],
        [2, "tmp"],
      ],
    );
    assert.equal(names.namesWithin("local", 300).size, 0);
    assert.equal(names.namesWithin("local", 7).size, 0);
    assert.equal(names.namesWithin("label", 0).find(0), "loop");
    assert.equal(names.namesWithin("field", 0).find(1), "second");
  });

  it("is empty where it says nothing", () => {
    const names = read();
    assert.equal(names.names("function").find(0), undefined);
    assert.equal(names.namesWithin("local", 0).size, 0);
    assert.equal(names.indexesWith("local").length, 0);
  });

  it("is written as it was read", () => {
    const section = read(payload);
    const flatKinds = ["function", "type", "table", "memory", "global", "element", "data", "tag"] as const;
    const nestedKinds = ["local", "label", "field"] as const;
    const names: Names = {
      module: section.moduleName ?? "",
      flat: Object.fromEntries(flatKinds.map((kind) => [kind, [...section.names(kind).entries()]])),
      nested: Object.fromEntries(
        nestedKinds.map((kind) => [
          kind,
          [...section.indexesWith(kind)].map((index) => [
            index,
            [...section.namesWithin(kind, index).entries()],
          ]),
        ]),
      ),
    };
    assert.deepEqual(
      written((writer) => writeNameSection(writer, names)),
      [...payload],
    );
  });

  it("takes the first of two subsections, indexes or maps", () => {
    const names = read(
      subsection(1, vec(named(4, "first"), named(4, "second"))),
      subsection(1, vec(named(4, "third"))),
      subsection(2, vec([4, vec(named(0, "a"), named(0, "b"))], [4, vec(named(0, "c"))])),
    );
    assert.equal(names.names("function").find(4), "first");
    assert.equal(names.names("function").size, 1);
    assert.deepEqual([...names.namesWithin("local", 4).entries()], [[0, "a"]]);
  });

  it("finds names whose indexes do not ascend", () => {
    const names = read(
      subsection(1, vec(named(9, "nine"), named(1, "one"), named(300, "many"), named(1, "uno"))),
    );
    assert.deepEqual(
      [...names.names("function").entries()],
      [
        [1, "one"],
        [9, "nine"],
        [300, "many"],
      ],
    );
  });

  it("shows bytes that are not UTF-8 as U+FFFD", () => {
    const names = read(subsection(0, sized(0x61, 0xff)), subsection(1, vec([0, sized(0xff)])));
    assert.equal(names.moduleName, "a\uFFFD");
    assert.equal(names.names("function").find(0), "\uFFFD");
  });

  it("passes over subsections it does not know", () => {
    assert.equal(read(subsection(77, 1, 2, 3), subsection(0, text("app"))).moduleName, "app");
  });

  it("refuses a subsection that reaches beyond the section, at its size", () => {
    assertMalformed(() => read(subsection(0, text("a")), [1, 9, 0]), {
      code: "unexpected-end",
      section: "name",
      offset: 5,
    });
  });

  it("keeps function names when another subsection is broken", () => {
    const names = read(subsection(1, vec(named(0, "main"))), subsection(2, 5, 0, 1, 0, 9, 0x61));
    assert.equal(names.names("function").find(0), "main");
    assertMalformed(() => names.indexesWith("local"), {
      code: "unexpected-end",
      section: "name",
      offset: 11,
    });
    assertMalformed(() => names.namesWithin("local", 0), {
      code: "unexpected-end",
      section: "name",
      offset: 11,
    });
  });

  it("refuses a name that reaches beyond its subsection, at its text", () => {
    const names = read(subsection(1, vec([u32(0), 9, 0x61])), subsection(0, text("application")));
    assertMalformed(() => names.names("function"), { code: "unexpected-end", section: "name", offset: 5 });
  });
});

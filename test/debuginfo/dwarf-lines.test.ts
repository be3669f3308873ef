import assert from "node:assert/strict";
import { toLineKey, toModuleOffset } from "../../src/base/brand.ts";
import { readDwarfLines } from "../../src/debuginfo/dwarf-lines.ts";
import { fakeDwarf, type ProgramSpec, type SequenceSpec } from "../support/fake-dwarf.ts";
import { codeOf } from "../support/line-rows.ts";

/** Code addresses count from here. */
const codeStart = 1000;

/** Rows as `address file:line`, or `address -` where there is no line. */
function read(programs: readonly ProgramSpec[], ...bodies: readonly (readonly [number, number])[]) {
  const code = codeOf(...bodies.map(([start, end]) => [start + codeStart, end + codeStart] as const));
  const problems: string[] = [];
  const { table, foreign } = readDwarfLines(
    fakeDwarf(programs),
    { ...code, start: toModuleOffset(codeStart) },
    (problem) => problems.push(problem),
  );
  const rows = Array.from(table.offset, (offset, row) => {
    const key = toLineKey(table.line[row] ?? 0);
    if (key === 0) return `${offset - codeStart} -`;
    const { source, line } = table.keys.positionOf(key);
    return `${offset - codeStart} ${table.sources[source]?.path}:${line + 1}`;
  });
  return { rows, foreign, problems, paths: table.sources.map(({ path }) => path) };
}

const program = (name: string, ...sequences: readonly SequenceSpec[]): ProgramSpec => ({
  files: [[name, 0]],
  compilationDir: "/b",
  sequences,
});

describe("lines from DWARF", () => {
  it("are in the order of the code, whatever the order of the sequences", () => {
    const spec = program(
      "a.c",
      { rows: [[50, 5]], end: 60 },
      {
        rows: [
          [10, 1],
          [20, 2],
        ],
        end: 30,
      },
    );
    assert.deepEqual(read([spec], [10, 30], [50, 60]).rows, [
      "10 /b/a.c:1",
      "20 /b/a.c:2",
      "30 -",
      "50 /b/a.c:5",
      "60 -",
    ]);
  });

  it("leave out functions that the linker dropped and put at 0, whose later rows would be in others", () => {
    const spec = program(
      "a.c",
      {
        rows: [
          [0, 7],
          [12, 8],
        ],
        end: 90,
      },
      { rows: [[10, 1]], end: 30 },
    );
    const { rows, foreign } = read([spec], [10, 30], [40, 100]);
    assert.deepEqual(rows, ["10 /b/a.c:1", "30 -"]);
    assert.equal(foreign, 0);
  });

  it("leave out sequences that reach beyond the code", () => {
    const spec = program("a.c", { rows: [[10, 1]], end: 31 });
    assert.deepEqual(read([spec], [10, 30]), {
      rows: [],
      foreign: 1,
      problems: [],
      paths: [],
    });
  });

  it("of an inline function are those of the copy that was kept", () => {
    const wrong = program("wrong.h", {
      rows: [
        [10, 1],
        [13, 2],
      ],
      end: 22,
    });
    const right = program("right.h", {
      rows: [
        [10, 1],
        [15, 2],
      ],
      end: 30,
    });
    const same = program("same.h", {
      rows: [
        [10, 1],
        [15, 2],
      ],
      end: 30,
    });
    const expected = ["10 /b/right.h:1", "15 /b/right.h:2", "30 -"];
    assert.deepEqual(read([wrong, right, same], [10, 30]).rows, expected);
    assert.deepEqual(read([right, wrong], [10, 30]).rows, expected);
  });

  it("are those of the first copy when none fits", () => {
    const one = program("one.h", { rows: [[10, 1]], end: 22 });
    const two = program("two.h", { rows: [[10, 2]], end: 24 });
    assert.deepEqual(read([one, two], [10, 30]).rows, ["10 /b/one.h:1", "22 -"]);
  });

  it("are sorted row by row where sequences overlap", () => {
    const one = program("a.c", {
      rows: [
        [10, 1],
        [25, 2],
      ],
      end: 30,
    });
    const two = program("b.c", { rows: [[20, 5]], end: 28 });
    assert.deepEqual(read([one, two], [10, 30]).rows, [
      "10 /b/a.c:1",
      "20 /b/b.c:5",
      "25 /b/a.c:2",
      "28 -",
      "30 -",
    ]);
  });

  it("that no file can have count as no line", () => {
    const spec = program("a.c", {
      rows: [
        [10, 0xffff_ffff],
        [20, 2],
      ],
      end: 30,
    });
    assert.deepEqual(read([spec], [10, 30]).rows, ["10 -", "20 /b/a.c:2", "30 -"]);
  });

  describe("name files", () => {
    const pathsOf = (spec: Omit<ProgramSpec, "sequences">): string[] => {
      const rows = spec.files.map((_, at) => {
        const first = (spec.version ?? 4) >= 5 ? 0 : 1;
        return [10 + at, 1, first + at] as const;
      });
      return read([{ ...spec, sequences: [{ rows, end: 30 }] }], [10, 30]).paths;
    };

    it("by the unit's compilation directory before DWARF 5", () => {
      const paths = pathsOf({
        compilationDir: "/b",
        directories: ["lib", "/usr/include"],
        files: [
          ["a.c", 0],
          ["b.c", 1],
          ["c.h", 2],
          ["/x/d.c", 1],
          ["../e.c", 1],
        ],
      });
      assert.deepEqual(paths, ["/b/a.c", "/b/lib/b.c", "/usr/include/c.h", "/x/d.c", "/b/e.c"]);
    });

    it("by directory 0 from DWARF 5 on", () => {
      const paths = pathsOf({
        version: 5,
        compilationDir: "/ignored",
        directories: ["/b", "lib"],
        files: [
          ["a.c", 0],
          ["b.c", 1],
        ],
      });
      assert.deepEqual(paths, ["/b/a.c", "/b/lib/b.c"]);
    });

    it("by relative paths where the compilation directory is one", () => {
      assert.deepEqual(pathsOf({ compilationDir: "./build", directories: ["./lib"], files: [["a.c", 1]] }), [
        "build/lib/a.c",
      ]);
      assert.deepEqual(pathsOf({ compilationDir: ".", files: [["a.c", 0]] }), ["a.c"]);
    });

    it("once, however many programs have them", () => {
      const spec = (address: number) => program("a.h", { rows: [[address, 1]], end: address + 5 });
      assert.deepEqual(read([spec(10), spec(20)], [10, 15], [20, 25]).paths, ["/b/a.h"]);
    });

    it("that are not in the table as unnamed", () => {
      const spec = { ...program("a.c"), sequences: [{ rows: [[10, 1, 7] as const], end: 30 }] };
      assert.deepEqual(read([spec], [10, 30]).rows, ["10 (unnamed source):1", "30 -"]);
    });

    it("only when they have lines", () => {
      const spec = {
        ...program("a.c", { rows: [[10, 1]], end: 30 }),
        files: [
          ["a.c", 0],
          ["unused.h", 0],
        ] as const,
      };
      assert.deepEqual(read([spec], [10, 30]).paths, ["/b/a.c"]);
    });
  });
});

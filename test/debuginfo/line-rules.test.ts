import assert from "node:assert/strict";
import { collectStatements } from "../../src/debuginfo/statements.ts";
import { breakpointsIn, resolve } from "../support/line-breakpoints.ts";
import { codeOf, lineTable, type RowSpec } from "../support/line-rows.ts";

/** Statements as `offset:line`. */
function statements(rows: readonly RowSpec[], ...bodies: readonly (readonly [number, number])[]): string[] {
  const table = lineTable(rows);
  const { offset, line } = collectStatements(table, codeOf(...bodies));
  return Array.from(offset, (at, index) => `${at}:${line[index]}`);
}

describe("statements", () => {
  it("are the rows that the compiler recommends and that have a line", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2, stmt: false },
      { at: 30, line: 0 },
      { at: 40, line: 3 },
    ];
    assert.deepEqual(statements(rows, [5, 100]), ["10:1", "40:3"]);
  });

  it("begin behind the prologue where its end is marked", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 15, line: 1 },
      { at: 20, line: 2, prologueEnd: true },
      { at: 30, line: 3 },
    ];
    assert.deepEqual(statements(rows, [10, 100]), ["20:2", "30:3"]);
  });

  it("begin with the first row where no end of a prologue is marked", () => {
    assert.deepEqual(
      statements(
        [
          { at: 10, line: 1 },
          { at: 20, line: 2 },
        ],
        [10, 100],
      ),
      ["10:1", "20:2"],
    );
  });

  it("are what the prologue has when the function has nothing else", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 0, prologueEnd: true },
    ];
    assert.deepEqual(statements(rows, [10, 100]), ["10:1"]);
  });

  it("look for the prologue's end in each function by itself", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2, prologueEnd: true },
      { at: 50, line: 5 },
      { at: 60, line: 6, prologueEnd: true },
      { at: 110, line: 9 },
    ];
    assert.deepEqual(statements(rows, [10, 48], [50, 100], [110, 150]), ["20:2", "60:6", "110:9"]);
  });

  it("are one where several rows share an offset, and the last row's line holds", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 10, line: 2 },
      { at: 20, line: 3 },
      { at: 20, line: 3, stmt: false },
    ];
    assert.deepEqual(statements(rows, [10, 100]), ["10:2", "20:3"]);
  });

  it("are none where another line takes the offset over in mid-statement", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2 },
      { at: 20, line: 1, stmt: false },
      { at: 30, line: 3 },
      { at: 30, line: 0 },
    ];
    assert.deepEqual(statements(rows, [10, 100]), ["10:1"]);
  });

  it("are several where a line goes on at other offsets", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 1 },
    ];
    assert.deepEqual(statements(rows, [10, 100]), ["10:1", "20:1"]);
  });

  it("lie in functions only", () => {
    const rows = [
      { at: 4, line: 1 },
      { at: 20, line: 2 },
      { at: 100, line: 3 },
      { at: 120, line: 4 },
    ];
    assert.deepEqual(statements(rows, [10, 100], [110, 120]), ["20:2"]);
  });
});

describe("a line breakpoint", () => {
  it("goes to the first statement of its line", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2 },
      { at: 25, line: 2, column: 9 },
    ];
    assert.deepEqual(resolve(rows, 2), { line: 2, points: [20] });
  });

  it("on the head of a loop stops when the loop begins, not at each turn", () => {
    // for (int i = 0; i < n; i++)
    //   body;
    const rows = [
      { at: 10, line: 1, column: 14 },
      { at: 20, line: 1, column: 21 },
      { at: 30, line: 2 },
      { at: 40, line: 1, column: 28 },
      { at: 50, line: 3 },
    ];
    assert.deepEqual(resolve(rows, 1), { line: 1, points: [10] });
  });

  it("goes to every copy of its statement within a function", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 2 },
      { at: 30, line: 3 },
      { at: 40, line: 2 },
      { at: 50, line: 3 },
    ];
    assert.deepEqual(resolve(rows, 2), { line: 2, points: [20, 40] });
  });

  it("goes to every function that has its line", () => {
    const rows = [
      { at: 10, line: 7 },
      { at: 60, line: 7, column: 9 },
    ];
    assert.deepEqual(
      resolve(rows, 7, [
        [10, 50],
        [60, 100],
      ]),
      { line: 7, points: [10, 60] },
    );
  });

  it("moves to the next line that has code in the function", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 3 },
      { at: 30, line: 6 },
    ];
    assert.deepEqual(resolve(rows, 2), { line: 3, points: [20] });
    assert.deepEqual(resolve(rows, 4), { line: 6, points: [30] });
  });

  it("moves into a function from the declarations behind the line that it opens on", () => {
    const rows = [
      { at: 10, line: 1, column: 0 },
      { at: 20, line: 6, prologueEnd: true },
      { at: 30, line: 8 },
    ];
    assert.deepEqual(resolve(rows, 3), { line: 6, points: [20] });
  });

  it("does not move out of its function", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 3 },
      { at: 60, line: 10 },
    ];
    const bodies = [
      [10, 50],
      [60, 100],
    ] as const;
    assert.equal(resolve(rows, 4, bodies), undefined);
    assert.equal(resolve(rows, 9, bodies), undefined);
    assert.equal(resolve(rows, 11, bodies), undefined);
  });

  it("on the line a function opens on goes behind its prologue", () => {
    const rows = [
      { at: 10, line: 1, column: 0 },
      { at: 20, line: 4, prologueEnd: true },
      { at: 30, line: 3 },
    ];
    assert.deepEqual(resolve(rows, 1), { line: 4, points: [20] });
  });

  it("on the head of a function that begins above its code goes there too", () => {
    const rows = [
      { at: 10, line: 5 },
      { at: 20, line: 6, prologueEnd: true },
      { at: 60, line: 15 },
      { at: 70, line: 16, prologueEnd: true },
    ];
    const bodies = [
      [10, 50],
      [60, 100],
    ] as const;
    const declared = (body: number) => (body === 0 ? 1 : 12);
    assert.deepEqual(resolve(rows, 3, bodies, { declared }), { line: 6, points: [20] });
    assert.deepEqual(resolve(rows, 13, bodies, { declared }), { line: 16, points: [70] });
    assert.equal(resolve(rows, 8, bodies, { declared }), undefined);
  });

  it("between functions nested in one another belongs to the innermost", () => {
    // outer: lines 1 to 20; a closure in it: lines 5 to 8.
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 4 },
      { at: 30, line: 20 },
      { at: 60, line: 5 },
      { at: 70, line: 8 },
    ];
    const bodies = [
      [10, 50],
      [60, 100],
    ] as const;
    assert.deepEqual(resolve(rows, 7, bodies), { line: 8, points: [70] });
    assert.deepEqual(resolve(rows, 12, bodies), { line: 20, points: [30] });
  });

  it("in a header goes to the copies in all functions that include it", () => {
    const rows = [
      { at: 10, line: 1 },
      { at: 20, line: 30, source: 1 },
      { at: 60, line: 2 },
      { at: 70, line: 30, source: 1 },
    ];
    const bodies = [
      [10, 50],
      [60, 100],
    ] as const;
    assert.deepEqual(resolve(rows, 30, bodies, { source: 1 }), { line: 30, points: [20, 70] });
  });

  it("knows no lines beyond the last and before the first", () => {
    assert.equal(resolve([{ at: 10, line: 5 }], 6), undefined);
    assert.equal(resolve([{ at: 10, line: 5 }], 0), undefined);
    assert.equal(resolve([{ at: 10, line: 5 }], 1_000_000), undefined);
  });
});

describe("the first statement of a function whose prologue ends before its parameters are stored", () => {
  // local.get 2; local.get 0; i32.store  (7 bytes), then the same for local 1, then a nop.
  const store = (parameter: number) => [0x20, 2, 0x20, parameter, 0x36, 2, 4];
  const bytes = Uint8Array.of(...store(0), ...store(1), 0x01, 0x01, 0x0b);

  function offsets(rows: readonly RowSpec[], code: Uint8Array = bytes): string[] {
    const { offset, line } = collectStatements(lineTable(rows, ["/app.zig"]), codeOf([0, 17]), code);
    return Array.from(offset, (at, index) => `${at}:${line[index]}`);
  }

  it("begins behind the stores, on the same line", () => {
    assert.deepEqual(
      offsets([
        { at: 0, line: 6 },
        { at: 0, line: 6, prologueEnd: true },
      ]),
      ["14:6"],
    );
  });

  it("is the next one where that begins there", () => {
    const rows = [
      { at: 0, line: 6, prologueEnd: true },
      { at: 14, line: 7 },
      { at: 15, line: 8 },
    ];
    assert.deepEqual(offsets(rows), ["14:7", "15:8"]);
  });

  it("stays where it is on another line than the function's own, and without a mark", () => {
    assert.deepEqual(
      offsets([
        { at: 0, line: 6 },
        { at: 0, line: 7, prologueEnd: true },
        { at: 15, line: 8 },
      ]),
      ["0:7", "15:8"],
    );
    assert.deepEqual(
      offsets([
        { at: 0, line: 6 },
        { at: 15, line: 8 },
      ]),
      ["0:6", "15:8"],
    );
  });

  it("takes no other stores for those of parameters", () => {
    const rows = [
      { at: 0, line: 6, prologueEnd: true },
      { at: 15, line: 8 },
    ];
    // A parameter is no frame; nor is what comes before a local a parameter.
    assert.deepEqual(offsets(rows, Uint8Array.of(0x20, 0, 0x20, 1, 0x36, 2, 4, 0x0b)), ["0:6", "15:8"]);
    assert.deepEqual(offsets(rows, Uint8Array.of(0x20, 2, 0x41, 1, 0x36, 2, 4, 0x0b)), ["0:6", "15:8"]);
    assert.deepEqual(offsets(rows, Uint8Array.of(0x20, 2, 0x20, 1)), ["0:6", "15:8"]);
    const narrow = [0x20, 2, 0x20, 1, 0x41, 1, 0x71, 0x3a, 0, 4];
    assert.deepEqual(offsets(rows, Uint8Array.of(...narrow, 0x0b)), ["10:6", "15:8"]);
  });
});

describe("a breakpoint on a line that holds nothing but an inlined call", () => {
  // Line 11 of /a.c calls what stands in lines 1 and 2 of /b.h.
  const rows = [
    { at: 10, line: 10 },
    { at: 20, line: 1, source: 1 },
    { at: 30, line: 2, source: 1 },
    { at: 40, line: 13 },
  ];

  it("stops where the code of the call begins", () => {
    assert.deepEqual(resolve(rows, 11, [[0, 100]], { calls: [{ line: 11, at: 20 }] }), {
      line: 11,
      points: [20],
    });
  });

  it("stops in every function that the call has been copied to", () => {
    const copies = [...rows, ...rows.map((row) => ({ ...row, at: row.at + 100 }))];
    const bodies = [
      [0, 100],
      [100, 200],
    ] as const;
    const calls = [
      { line: 11, at: 20 },
      { line: 11, at: 120, body: 1 },
    ];
    assert.deepEqual(resolve(copies, 11, bodies, { calls }), { line: 11, points: [20, 120] });
  });

  it("is where one on a line without code moves to, if the function that the line is in makes the call", () => {
    const calls = [{ line: 12, at: 20 }];
    assert.deepEqual(resolve(rows, 11, [[0, 100]], { calls }), { line: 12, points: [20] });
    const within = [{ line: 12, at: 20, within: "another" as const }];
    assert.deepEqual(resolve(rows, 11, [[0, 100]], { calls: within }), { line: 12, points: [20] });
  });

  it("does not move into what was inlined from elsewhere in the file", () => {
    // Lines 50 and 52 are of a function that has no other code.
    const inlined = [
      { at: 10, line: 10 },
      { at: 20, line: 50 },
      { at: 30, line: 52 },
      { at: 40, line: 13 },
    ];
    const calls = [{ line: 11, at: 20 }];
    assert.deepEqual(resolve(inlined, 12, [[0, 100]], { calls }), { line: 13, points: [40] });
    assert.equal(resolve(inlined, 20, [[0, 100]], { calls }), undefined);
    assert.equal(resolve(inlined, 49, [[0, 100]], { calls }), undefined);
    assert.deepEqual(resolve(inlined, 51, [[0, 100]], { calls }), { line: 52, points: [30] });
  });

  it("does not stop there where the line has a statement", () => {
    assert.deepEqual(resolve(rows, 13, [[0, 100]], { calls: [{ line: 13, at: 20 }] }), {
      line: 13,
      points: [40],
    });
  });

  it("is offered among the places that breakpoints can be set at", () => {
    const breakpoints = breakpointsIn(rows, [[0, 100]], { calls: [{ line: 11, at: 20 }] });
    assert.deepEqual(breakpoints.lines(0, 9, 12), [9, 10, 12]);
    assert.deepEqual(breakpoints.positions(0, 10, 10), [{ line: 10, column: 4 }]);
  });
});

import assert from "node:assert/strict";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { AFTER_CALL, STATEMENT } from "../../src/instrument/site-table.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { assemble } from "../support/assemble.ts";
import { instantiate, instructionOffsets } from "../support/instrumented-guest.ts";
import { I32, WasmBuilder } from "../support/wasm-builder.ts";

/** A module of one function `(i32) → ()` that is exported as f. */
const moduleOf = (code: string, locals: [number, number][] = []): Uint8Array =>
  new WasmBuilder().type([I32]).func(0, locals, assemble(code)).export("f", "func", 0).memory([0, 1]).build();

/** Where sites come to be for requests at given offsets, as instruction numbers with their lines. */
function placed(bytes: Uint8Array, requests: readonly (readonly [offset: number, line: number])[]): string[] {
  const offsets = instructionOffsets(bytes);
  const { sites } = instrument(readModule(bytes), {
    sites: {
      offset: Float64Array.from(requests, ([offset]) => offset),
      line: Uint32Array.from(requests, ([, line]) => line),
    },
  });
  return Array.from(sites.offset, (offset, site) => `${offsets.indexOf(offset)}: line ${sites.line[site]}`);
}

/** As `placed`, with a request at each of the numbered instructions, whose number is its line. */
function placedAt(code: string, ...instructions: number[]): string[] {
  const bytes = moduleOf(code);
  const offsets = instructionOffsets(bytes);
  return placed(
    bytes,
    instructions.map((index) => [offsets[index] ?? 0, index]),
  );
}

describe("finding sites", () => {
  it("means the first instruction by a place among the local declarations", () => {
    const bytes = moduleOf("nop\nnop", [
      [1, I32],
      [3, I32],
    ]);
    const { start } = readFunctionBody(bytes, readModule(bytes).code, toDefinedFuncIndex(0));
    assert.deepEqual(placed(bytes, [[start, 7]]), ["0: line 7"]);
    assert.deepEqual(placed(bytes, [[start + 3, 7]]), ["0: line 7"]);
  });

  it("means the next instruction by a place within one", () => {
    const bytes = moduleOf("i32.const 100000\ndrop");
    const [first = 0] = instructionOffsets(bytes);
    assert.deepEqual(placed(bytes, [[first + 2, 7]]), ["1: line 7"]);
  });

  it("makes one site of several requests for one place: the nearest counts, and the last of equals", () => {
    const bytes = moduleOf("i32.const 1\ndrop");
    const [first = 0] = instructionOffsets(bytes);
    const requests: [number, number][] = [
      [first, 3],
      [first, 4],
      [first - 1, 5],
      [first, 6],
      [first - 1, 7],
    ];
    assert.deepEqual(placed(bytes, requests), ["0: line 6"]);
  });

  it("sorts requests, however large their offsets", () => {
    const bytes = moduleOf("nop\nnop\nnop");
    const [a = 0, b = 0, c = 0] = instructionOffsets(bytes);
    const far = 2 ** 40;
    assert.deepEqual(
      placed(bytes, [
        [c, 3],
        [far, 9],
        [a, 1],
        [far, 8],
        [b, 2],
      ]),
      ["0: line 1", "1: line 2", "2: line 3"],
    );
  });

  it("drops requests outside of function bodies and counts them", () => {
    const bytes = moduleOf("nop");
    const [first = 0] = instructionOffsets(bytes);
    const offset = Float64Array.of(0, first - 2, first + 2, 2 ** 32 - 1, Number.NaN, first);
    const { sites, dropped } = instrument(readModule(bytes), { sites: { offset, line: new Uint32Array(6) } });
    assert.deepEqual([...sites.offset], [first]);
    assert.deepEqual(dropped, { outside: 5, unreachable: 0 });
  });

  it("stands behind the start of a loop, where every round passes", () => {
    const code = "loop\nlocal.get 0\nbr_if 0\nend";
    assert.deepEqual(placedAt(code, 0), ["1: line 0"]);
    const bytes = moduleOf("loop\nlocal.get 0\ni32.const 1\ni32.sub\nlocal.tee 0\nbr_if 0\nend");
    const offset = Uint32Array.of(instructionOffsets(bytes)[0] ?? 0);
    let stops = 0;
    const guest = instantiate(
      instrument(readModule(bytes), { sites: { offset, line: offset } }),
      () => stops++,
    );
    guest.setAll(-1);
    guest.call("f", 5);
    assert.equal(stops, 5);
  });

  it("stands behind the end of a block, where branches to it arrive as well", () => {
    const code = "block\nlocal.get 0\nbr_if 0\nnop\nend\nnop";
    assert.deepEqual(placedAt(code, 4), ["5: line 4"]);
    assert.deepEqual(placedAt("block\nblock\nbr 1\nend\nend\nnop", 3), ["5: line 3"]);
  });

  it("stays before an instruction that opens or closes a block when the next has a request of its own", () => {
    assert.deepEqual(placedAt("block\nnop\nend\nnop", 2, 3), ["2: line 2", "3: line 3"]);
    assert.deepEqual(placedAt("loop\nnop\nend", 0, 1), ["0: line 0", "1: line 1"]);
  });

  it("stands before the end of the function, which is its last place", () => {
    assert.deepEqual(placedAt("block\nend", 1), ["2: line 1"]);
    assert.deepEqual(placedAt("nop", 1), ["1: line 1"]);
  });

  it("stands before nop and if, which do something or take something", () => {
    assert.deepEqual(placedAt("nop\nlocal.get 0\nif\nnop\nend", 0, 2), ["0: line 0", "2: line 2"]);
  });

  it("makes a site before every reachable unreachable, with the line if one begins there", () => {
    const code =
      "local.get 0\nif\nunreachable\nelse\nunreachable\nunreachable\nend\nunreachable\ndrop\nunreachable";
    // Both arms end in a trap: what follows the end is reachable only as validation sees it.
    assert.deepEqual(placedAt(code, 4), ["2: line 0", "4: line 4", "7: line 0"]);
  });

  it("makes no sites in code that cannot be reached, and counts the requests", () => {
    const code = "block\nbr 0\nnop\nblock\nnop\nend\nend\nreturn\nnop";
    const bytes = moduleOf(code);
    const offset = Uint32Array.from(instructionOffsets(bytes));
    const { sites, dropped } = instrument(readModule(bytes), { sites: { offset, line: offset } });
    const numbers = Array.from(sites.offset, (each) => offset.indexOf(each));
    assert.deepEqual(numbers, [0, 1, 7]);
    assert.equal(dropped.unreachable, 7);
  });

  it("carries a request at an end that cannot be reached to what comes behind it", () => {
    assert.deepEqual(placedAt("block\nbr 0\nend\nnop", 2), ["3: line 2"]);
  });

  it("goes on where handlers and else begin, whatever came before", () => {
    assert.deepEqual(placedAt("try\nunreachable\ncatch_all\nnop\nend\nnop", 3), ["1: line 0", "3: line 3"]);
    assert.deepEqual(placedAt("local.get 0\nif\nreturn\nelse\nnop\nend", 4), ["4: line 4"]);
  });

  it("refuses code whose blocks do not match, naming the place", () => {
    const body = (code: string) => () => instrument(readModule(moduleOf(code)), { sites: none });
    const none = { offset: new Uint32Array(0), line: new Uint32Array(0) };
    assert.throws(body("end"), isMalformed("bad-structure"));
    assert.throws(body("block"), isMalformed("bad-structure"));
    assert.throws(body("br 1"), isMalformed("bad-index"));
    assert.throws(body("br_table 0 7 0"), isMalformed("bad-index"));
    assert.throws(body("local.get 1"), isMalformed("bad-index"));
  });

  it("finds where calls return to, at whatever comes next, if it is asked to", () => {
    const code = "call 0\nblock\ncall 0\nend\ncall 0\nlocal.get 0\ndrop";
    const bytes = new WasmBuilder()
      .type([I32])
      .func(0, [], assemble(code.replaceAll("call 0", "local.get 0\ncall 0")))
      .memory([0, 1])
      .build();
    const offsets = instructionOffsets(bytes);
    const sites = {
      offset: Float64Array.from([offsets[0] ?? 0, offsets[8] ?? 0]),
      line: Uint32Array.from([1, 2]),
    };
    const found = (afterCalls: boolean) => {
      const { sites: table } = instrument(readModule(bytes), { sites, afterCalls });
      return Array.from(table.offset, (offset, site) => [
        offsets.indexOf(offset),
        table.line[site],
        table.kind[site],
      ]);
    };
    assert.deepEqual(found(false), [
      [0, 1, STATEMENT],
      [8, 2, STATEMENT],
    ]);
    // The last call returns to where a statement begins.
    assert.deepEqual(found(true), [
      [0, 1, STATEMENT],
      [2, 0, AFTER_CALL],
      [5, 0, AFTER_CALL],
      [8, 2, STATEMENT],
    ]);
    const without = { offset: new Float64Array(0), line: new Uint32Array(0) };
    assert.equal(instrument(readModule(bytes), { sites: without, afterCalls: true }).sites.count, 0);
  });
});

const isMalformed = (code: string) => (error: unknown) =>
  error instanceof MalformedError && error.code === code;

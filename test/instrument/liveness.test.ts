import assert from "node:assert/strict";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { BEFORE_THROW } from "../../src/instrument/site-table.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { assemble } from "../support/assemble.ts";
import { hasSpillsCut, instrumentEverywhere, spilledAt } from "../support/instrumented-guest.ts";
import { RANDOM_LOCALS, randomBody } from "../support/random-function.ts";
import { I32, WasmBuilder } from "../support/wasm-builder.ts";
import { naiveLiveness } from "./naive-liveness.ts";

/** A function with `RANDOM_LOCALS` locals of type i32. */
const moduleOf = (code: string): Uint8Array =>
  new WasmBuilder()
    .type([I32])
    .type([I32, I32])
    .type([])
    .import("host", "log", "func", 0)
    .func(1, [[RANDOM_LOCALS - 2, I32]], assemble(code))
    .global(I32, "mutable", assemble("i32.const 100"))
    .tag(2)
    .build();

/** Each instruction that has a site, with the locals spilled there. */
function liveLocals(code: string): string[] {
  const bytes = moduleOf(code);
  const { sites } = instrumentEverywhere(bytes);
  const names = code
    .trim()
    .split("\n")
    .map((line) => line.trim());
  return Array.from(
    sites.line,
    (line, site) => `${names[line - 1] ?? "end"}: ${spilledAt(sites, site).join(" ")}`,
  );
}

/** As `liveLocals`, by the naive computation. */
function naivelyLive(bytes: Uint8Array): Map<number, number[]> {
  const { start: _, ...body } = readFunctionBody(bytes, readModule(bytes).code, toDefinedFuncIndex(0));
  return naiveLiveness(new CodeReader(bytes, body.instructionsStart, body.end));
}

describe("liveness", () => {
  it("counts a local as live from where it is written to where it is last read", () => {
    assert.deepEqual(
      liveLocals(`
        local.get 0
        local.set 2
        local.get 1
        local.get 2
        i32.add
        local.tee 2
        drop`),
      [
        "local.get 0: 0 1",
        "local.set 2: 1",
        "local.get 1: 1 2",
        "local.get 2: 2",
        "i32.add: ",
        "local.tee 2: ",
        "drop: ",
        "end: ",
      ],
    );
  });

  it("keeps a local alive around a loop that reads it in the next round", () => {
    assert.deepEqual(
      liveLocals(`
        loop
          local.get 2
          drop
          local.get 0
          local.set 2
          local.get 1
          br_if 0
        end`).map((line) => line.replace(/.*: /, "")),
      ["0 1 2", "0 1 2", "0 1", "0 1", "0 1", "0 1 2", "0 1 2", "", ""],
    );
  });

  it("joins what both arms of an if need, and what is behind it when there is no else", () => {
    const both = "local.get 0\nif\nlocal.get 1\ndrop\nelse\nlocal.get 2\ndrop\nend";
    assert.deepEqual(liveLocals(both).slice(0, 5), [
      "local.get 0: 0 1 2",
      "if: 1 2",
      "local.get 1: 1",
      "drop: ",
      "else: ",
    ]);
    const single = "local.get 0\nif\ni32.const 1\nlocal.set 1\nend\nlocal.get 1\ndrop";
    assert.deepEqual(liveLocals(single).slice(1, 5), ["if: 1", "i32.const 1: ", "local.set 1: ", "end: 1"]);
  });

  it("keeps what a handler reads alive throughout the body it guards, though it is written there", () => {
    const code = "try\ni32.const 1\nlocal.set 3\nnop\nunreachable\ncatch_all\nlocal.get 3\ndrop\nend";
    assert.deepEqual(
      liveLocals(code).map((line) => line.replace(/.*: /, "")),
      ["3", "3", "3", "3", "3", "3", "", "", ""],
    );
  });

  it("keeps what the handlers of try_table read alive throughout its body", () => {
    const code = `
      block
        try_table (catch_all 0)
          i32.const 1
          local.set 3
          return
        end
      end
      local.get 3
      drop`;
    assert.deepEqual(
      liveLocals(code).map((line) => line.replace(/.*: /, "")),
      ["3", "3", "3", "3", "3", "3", "3", "", ""],
    );
  });

  it("agrees with the naive computation on any control flow", () => {
    let compared = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const bytes = moduleOf(randomBody(seed));
      assert.ok(WebAssembly.validate(bytes as BufferSource), `seed ${seed}`);
      const { sites } = instrumentEverywhere(bytes);
      const naive = naivelyLive(bytes);
      for (let site = 0; site < sites.count; site++) {
        const offset = sites.offset[site] ?? 0;
        const live = naive.get(offset) ?? [];
        // What is thrown is one of the parameters, in runtimes that are known.
        const kept = sites.kind[site] === BEFORE_THROW ? [0, 1, ...live.filter((local) => local > 1)] : live;
        assert.deepEqual(spilledAt(sites, site), kept, `seed ${seed}, offset ${offset}`);
        compared++;
      }
    }
    assert.ok(compared > 8_000);
  });

  it("spills kept locals everywhere, live or not, and ignores ones there are not", () => {
    const { sites } = instrumentEverywhere(moduleOf("local.get 0\ndrop"), { keepLocals: () => [4, 99] });
    assert.deepEqual(spilledAt(sites, 0), [0, 4]);
    assert.deepEqual(spilledAt(sites, 2), [4]);
  });

  it("asks for the kept locals of each function that has sites, by its index", () => {
    const asked: number[] = [];
    instrumentEverywhere(moduleOf("nop"), {
      keepLocals: (func) => {
        asked.push(func);
        return [];
      },
    });
    assert.deepEqual(asked, [1]);
  });

  it("spills so many locals at one site and no more, and says where some were left out", () => {
    const reads = Array.from({ length: 300 }, (_, local) => `local.get ${local}\ndrop`).join("\n");
    const bytes = new WasmBuilder()
      .type([])
      .func(0, [[300, I32]], assemble(reads))
      .build();
    const { sites, names } = instrumentEverywhere(bytes, { keepLocals: () => [299] });
    assert.equal(spilledAt(sites, 0).length, 200);
    assert.ok(spilledAt(sites, 0).includes(299));
    assert.equal(hasSpillsCut(sites, 0), true);
    assert.equal(hasSpillsCut(sites, 300), false);
    assert.equal(names.slots.length, 200);
  });

  it("takes time in proportion to the code, however many locals and branches a function has", () => {
    const locals = 40_000;
    const branches = Array.from({ length: 20_000 }, (_, at) => `block\nlocal.get ${at}\nbr_if 0\nend`).join(
      "\n",
    );
    const bytes = new WasmBuilder()
      .type([])
      .func(0, [[locals, I32]], assemble(branches))
      .build();
    const { sites } = instrumentEverywhere(bytes, { keepLocals: () => [7] });
    // Too much to track: only what was asked for is spilled.
    assert.deepEqual(spilledAt(sites, 5), [7]);
    assert.equal(hasSpillsCut(sites, 5), true);
  });
});

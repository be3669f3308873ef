import assert from "node:assert/strict";
import { SiteIndex } from "../../runtime/embedded/site-index.ts";
import { toModuleOffset } from "../../src/base/brand.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { I32, WasmBuilder } from "../support/wasm-builder.ts";

/** One function whose instructions, one byte or two each, begin behind its declarations. */
const code = [
  "loop",
  "nop",
  "local.get 0",
  "br_if 0",
  "end",
  "block",
  "i32.const 7",
  "drop",
  "end",
  "unreachable",
  "nop",
];

describe("sites at every instruction", () => {
  const bytes = new WasmBuilder()
    .type([I32])
    .func(0, [], assemble(code.join("\n")))
    .build();
  const module = readModule(bytes);
  const offsets: number[] = [];
  let next = (module.code.bodyStarts[0] ?? 0) + 1;
  for (const text of code) {
    offsets.push(next);
    next += assemble(text).length;
  }
  const at = (text: string, from = 0) => offsets[code.indexOf(text, from)] ?? 0;
  /** A statement at the loop, as compilers put them, and one at the constant. */
  const sites = { offset: Uint32Array.of(at("loop"), at("i32.const 7")), line: Uint32Array.of(3, 4) };
  const dense = instrument(module, { sites, density: "instructions" }).sites;
  const sparse = instrument(module, { sites }).sites;
  const shown = ({ count, offset, line, kind }: typeof dense) =>
    Array.from({ length: count }, (_, site) => {
      const text = code[offsets.indexOf(offset[site] ?? 0)];
      return `${text}${line[site] ? ` line ${line[site]}` : ""}${kind[site] === 1 ? " trap" : ""}`;
    });

  it("are where statements begin, in the same places as without, and at what does something besides", () => {
    assert.deepEqual(shown(sparse), ["nop line 3", "i32.const 7 line 4", "unreachable trap"]);
    assert.deepEqual(shown(dense), [
      "nop line 3",
      "local.get 0",
      "br_if 0",
      "i32.const 7 line 4",
      "drop",
      "unreachable trap",
    ]);
  });

  it("take breakpoints on lines to statements, and those on instructions exactly", () => {
    const index = new SiteIndex(dense, module.code, "instructions");
    const placed = (found: ReturnType<SiteIndex["place"]>) =>
      "site" in found && found.placed.kind === "placed" ? code[offsets.indexOf(found.placed.point)] : found;
    const point = (text: string, from = 0) => toModuleOffset(at(text, from));
    assert.equal(placed(index.place(point("loop"))), "nop");
    assert.equal(placed(index.place(point("local.get 0"))), "i32.const 7");
    assert.equal(placed(index.placeExactly(point("local.get 0"))), "local.get 0");
    for (const text of ["block", "loop", "end"]) {
      const refused = index.placeExactly(point(text));
      assert.match("reason" in refused ? refused.reason : "", /only begins or ends a block/);
    }
  });

  it("are a valid module", () => {
    assert.ok(WebAssembly.validate(instrument(module, { sites, density: "instructions" }).bytes));
  });
});

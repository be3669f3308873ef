import assert from "node:assert/strict";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { readCodeBlocks } from "../../src/debuginfo/code-blocks.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { assemble } from "../support/assemble.ts";
import { allFixtures } from "../support/fixtures.ts";
import { END, I32, moduleOf, section, sized, u32, vec } from "../support/wasm-builder.ts";

const body0 = toDefinedFuncIndex(0);

/** The blocks of a function of one parameter: each by the mnemonics of its bytes' first instruction, and where it goes. */
function blocksOf(text: string): string[] {
  const code = assemble(text);
  const bytes = moduleOf(
    section(1, vec([0x60, vec(I32), vec()], [0x60, vec(), vec()])),
    section(3, vec(u32(0))),
    section(10, vec(sized([vec(), code, END]))),
  );
  const module = readModule(bytes);
  const { instructionsStart } = readFunctionBody(bytes, module.code, body0);
  const blocks = readCodeBlocks(module, body0);
  return blocks.from.map((from, block) => {
    const own = `${Math.max(0, from - instructionsStart)}-${(blocks.to[block] ?? 0) - instructionsStart}`;
    return `${own} → ${(blocks.next[block] ?? []).join()}`;
  });
}

describe("blocks of code", () => {
  it("are one where execution goes straight", () => {
    assert.deepEqual(blocksOf("nop\nnop"), ["0-3 → "]);
  });

  it("of an if lead to either side, and both to what is behind", () => {
    assert.deepEqual(blocksOf("local.get 0\nif\nnop\nelse\nnop\nnop\nend\nnop"), [
      "0-4 → 1,2",
      "4-6 → 3",
      "6-9 → 3",
      "9-11 → ",
    ]);
  });

  it("of a loop lead back to its beginning", () => {
    assert.deepEqual(blocksOf("nop\nloop\nnop\nlocal.get 0\nbr_if 0\nend\nnop"), [
      "0-3 → 1",
      "3-8 → 1,2",
      "8-11 → ",
    ]);
  });

  it("lead out of blocks, and from behind a branch nowhere comes but what leads there", () => {
    assert.deepEqual(blocksOf("block\nbr 0\nnop\nend\nnop"), ["0-4 → 2", "4-6 → 2", "6-8 → "]);
  });

  it("lead to handlers from calls that may throw", () => {
    const text = "try\ncall 0\nnop\ncatch_all\nnop\nend\nnop";
    const found = blocksOf(text);
    const handler = found.findIndex((block) => block.startsWith("6-"));
    assert.ok(handler > 0, found.join(" | "));
    const thrown = found.findIndex((block) => block.endsWith(`→ ${handler}`));
    assert.ok(found.some((block) => block.includes(`→ ${thrown},`) || block.includes(`,${thrown}`)));
  });

  it("cover every function of every fixture, in order", () => {
    for (const { bytes, name, build } of allFixtures()) {
      const module = readModule(bytes);
      for (let body = 0; body < module.code.count; body++) {
        const { from, to, next } = readCodeBlocks(module, toDefinedFuncIndex(body));
        assert.equal(from[0], module.code.bodyStarts[body]);
        assert.equal(to.at(-1), module.code.bodyEnds[body], `${name} ${build}`);
        for (let block = 1; block < from.length; block++) assert.equal(from[block], to[block - 1]);
        assert.ok(next.every((of) => of.every((block) => block < from.length)));
      }
    }
  });
});

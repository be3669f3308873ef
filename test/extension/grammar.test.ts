import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { allInstructions } from "../../src/wasm/instructions.ts";
import { fromRoot } from "../support/paths.ts";

interface Rule {
  readonly name?: string;
  readonly match?: string;
}

const read = (file: string) => JSON.parse(readFileSync(fromRoot("extension", file), "utf8"));

describe("the extension's grammar of the text format", () => {
  const grammar = read("syntaxes/wat.tmLanguage.json");
  const words: readonly Rule[] = grammar.repository.words.patterns;

  /** What a rule colours a word of code as, if it colours all of it. */
  const scopeOf = (word: string) =>
    words.find(({ match = "" }) => new RegExp(match).exec(`  ${word} `)?.[0] === word)?.name;

  it("knows every instruction there is", () => {
    const unknown = [...allInstructions()]
      .map(({ mnemonic }) => mnemonic)
      .filter((mnemonic) => !scopeOf(mnemonic)?.startsWith("keyword"));
    assert.deepEqual(unknown, []);
  });

  it("tells types, instructions and other words apart", () => {
    assert.equal(scopeOf("i32"), "storage.type.wat");
    assert.equal(scopeOf("i32.add"), "keyword.operator.wat");
    assert.equal(scopeOf("call_indirect"), "keyword.control.wat");
    assert.equal(scopeOf("func"), "storage.modifier.wat");
    assert.equal(scopeOf("funny"), undefined);
  });

  it("is contributed with files that are there and packaged", () => {
    const { contributes } = read("package.json");
    const ignored = readFileSync(fromRoot("extension/.vscodeignore"), "utf8");
    const files = [contributes.grammars[0].path, contributes.languages[0].configuration];
    for (const file of files.map((path: string) => path.replace("./", ""))) {
      assert.ok(existsSync(fromRoot("extension", file)), file);
      assert.ok(ignored.includes(`!${file}`) || ignored.includes(`!${file.split("/")[0]}/**`), file);
    }
  });
});

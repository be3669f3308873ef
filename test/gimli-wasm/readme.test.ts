import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Dwarf, Gimli } from "gimli-wasm";
import { fromRoot } from "../support/paths.ts";

describe("gimli-wasm's README", () => {
  const readme = readFileSync(fromRoot("gimli-wasm/README.md"), "utf8").replaceAll("\r\n", "\n");
  const block = (language: string): string => readme.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";

  it("has an example that prints what it says", () => {
    const module = fromRoot("test/gimli-wasm/fixtures/v5.O2.wasm");
    const args = ["--input-type=module", "--eval", block("js"), "--", module];
    const printed = execFileSync(process.execPath, args, { cwd: fromRoot(), encoding: "utf8" });
    assert.equal(printed, block("text"));
  });

  it("lists every method", () => {
    const methods = (type: { readonly prototype: object }): readonly string[] =>
      Object.getOwnPropertyNames(type.prototype).filter((name) => name !== "constructor");
    const statics = Object.getOwnPropertyNames(Gimli).filter((name) => name.startsWith("from"));
    for (const name of methods(Dwarf)) assert.match(readme, new RegExp(`^\\| \`dwarf\\.${name}\\(`, "m"));
    for (const name of methods(Gimli)) assert.match(readme, new RegExp(`^\\| \`gimli\\.${name}\\(`, "m"));
    for (const name of statics) assert.match(readme, new RegExp(`^\\| \`Gimli\\.${name}\\(`, "m"));
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { fromRoot } from "../support/paths.ts";

interface Generator {
  readonly files: readonly string[];
  generate(file: string): string;
}

describe("generated parts of the documentation", () => {
  it("are as `npm run docs` writes them", async () => {
    const { files, generate }: Generator = await import(pathToFileURL(fromRoot("scripts/docs.mjs")).href);
    for (const file of files) {
      assert.equal(readFileSync(fromRoot(file), "utf8"), generate(file), `${file}: run \`npm run docs\``);
    }
  });
});

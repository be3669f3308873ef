import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { toModuleOffset } from "../../src/base/brand.ts";
import { sourceFramesAt } from "../../src/debugger/source-frames.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

const golden = fromRoot("test/debuginfo/golden");
const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));

/** A name without what it is declared in and without template arguments. */
function ownName(name: string): string {
  let depth = 0;
  let text = "";
  for (const letter of name) {
    if (letter === "<") depth++;
    if (depth === 0) text += letter;
    if (letter === ">") depth--;
  }
  return text.split("::").at(-1) ?? text;
}

describe("frames of inlined calls against llvm-symbolizer", () => {
  const files = readdirSync(golden).filter((name) => name.endsWith(".frames"));

  it("are compared for every build of the optimised guests", () => {
    assert.ok(files.length >= 16, files.join(", "));
  });

  for (const file of files) {
    it(`agree at every statement of ${file.replace(".frames", "")}`, () => {
      const [guest = "", ...build] = file.replace(".frames", "").split(".");
      const { bytes } = fixture(guest, build.join("."));
      const [head, ...expected] = readFileSync(`${golden}/${file}`, "utf8").trimEnd().split("\n");
      const hash = createHash("sha256").update(bytes).digest("hex");
      assert.equal(
        head,
        `module ${hash}`,
        "the fixture was rebuilt: run test/debuginfo/golden/build-frames.mjs",
      );
      const module = readModule(bytes);
      const { info } = openDebugInfo(module, gimli);
      const found = expected.map((line) => {
        const [address = ""] = line.split(" ", 1);
        const frames = sourceFramesAt(
          info,
          toModuleOffset(module.code.start + Number.parseInt(address, 16)),
          "",
        );
        const texts = frames.map(({ name, position, isInlined }) => {
          const place = position && `${position.line + 1}:${(position.column ?? -1) + 1}`;
          const source = position?.source.path.split("/").at(-1);
          return `${isInlined ? ownName(name) : "-"} ${place ?? "0:0"} ${source ?? ""}`;
        });
        return `${address} ${texts.join(" < ")}`;
      });
      assert.deepEqual(found, expected);
    });
  }
});

// Writes what llvm-symbolizer says about the inlined calls of our optimised guests: `node test/debuginfo/golden/build-frames.mjs`.
//
// One file a module, `<guest>.<build>.frames`: the module's SHA-256, then a line for each address at which a statement begins by
// its line table: the address and the frames there, innermost first, each as `name line:column file`. The function itself, which the
// tool names by its symbol, is `-`; template arguments are left out. Needs llvm-22 (LLVM_DWARFDUMP, LLVM_SYMBOLIZER name others).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, "../../fixtures");
const dwarfdump = process.env.LLVM_DWARFDUMP ?? "llvm-dwarfdump-22";
const symbolizer = process.env.LLVM_SYMBOLIZER ?? "llvm-symbolizer-22";
const run = (tool, args, input) => execFileSync(tool, args, { encoding: "utf8", maxBuffer: 1 << 28, input });

function statementsOf(path) {
  const rows = run(dwarfdump, ["--debug-line", path]).matchAll(
    /^0x([0-9a-f]{16}) +(\d+) +\d+ +\d+ +\d+ +\d+ +\d+ (.*)$/gm,
  );
  const addresses = new Set();
  for (const [, address, line, flags] of rows) {
    const at = Number.parseInt(address, 16);
    const begins = line !== "0" && /is_stmt/.test(flags) && !/end_sequence/.test(flags);
    if (begins && at > 0 && at < 0xffff_fffe) addresses.add(at);
  }
  return [...addresses].sort((a, b) => a - b);
}

function withoutArguments(name) {
  let depth = 0;
  let text = "";
  for (const letter of name) {
    if (letter === "<") depth++;
    if (depth === 0) text += letter;
    if (letter === ">") depth--;
  }
  return text;
}

for (const guest of ["optimised", "rust-optimised"]) {
  const manifest = JSON.parse(readFileSync(join(fixtures, guest, "manifest.json"), "utf8"));
  for (const [build, { file }] of Object.entries(manifest.builds)) {
    const path = join(fixtures, guest, file);
    const addresses = statementsOf(path);
    const asked = addresses.map((at) => `0x${at.toString(16)}`).join("\n");
    const options = ["--inlines", "--functions=short", "--output-style=JSON", `--obj=${path}`];
    const answers = run(symbolizer, options, `${asked}\n`)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const lines = answers.map(({ Symbol: frames }, index) => {
      const texts = frames.map(({ FunctionName, Line, Column, FileName }, at) => {
        const name = at === frames.length - 1 ? "-" : withoutArguments(FunctionName);
        return `${name} ${Line}:${Column} ${FileName.split("/").at(-1)}`;
      });
      return `${addresses[index].toString(16)} ${texts.join(" < ")}`;
    });
    const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    writeFileSync(join(here, `${guest}.${build}.frames`), `module ${hash}\n${lines.join("\n")}\n`);
  }
}

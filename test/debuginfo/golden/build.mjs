// Writes what llvm-dwarfdump says about the lines of our fixtures: `node test/debuginfo/golden/build.mjs`.
//
// One file a module, `<guest>.<build>.lines`: the module's SHA-256, then its line sequences in the order of their
// addresses. A row is `address line:column flags file`, flags being s for is_stmt and p for prologue_end; one with line 0, or
// that ends a sequence, is `address none`. Sequences of libraries are a line: number of rows, SHA-256 over their text.
// Sequences that the linker dropped (address 0xffffffff) are left out.
//
// `all-rows.json` has for each module of every guest how many rows its line programs have, and a SHA-256 over them: see
// `allRows`. Needs llvm-22 (LLVM_DWARFDUMP names another).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = join(here, "../../fixtures");
const dwarfdump = process.env.LLVM_DWARFDUMP ?? "llvm-dwarfdump-22";
const guests = ["ctors", "list", "multi", "steps", "types"];

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** Line programs as dwarfdump prints them: files by number, and rows. */
function readPrograms(dump) {
  return dump
    .split(/^debug_line\[/m)
    .slice(1)
    .map((text) => {
      const files = new Map();
      for (const [, number, name] of text.matchAll(/file_names\[ *(\d+)\]:\s+name: "((?:[^"\\]|\\.)*)"/g)) {
        files.set(Number(number), JSON.parse(`"${name}"`).split(/[\\/]/).at(-1));
      }
      const rows = [...text.matchAll(/^0x([0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +\d+ +\d+ +\d+ (.*)$/gm)].map(
        ([, address, line, column, file, flags]) => ({
          address: Number.parseInt(address, 16),
          ends: /end_sequence/.test(flags),
          text:
            /end_sequence/.test(flags) || line === "0"
              ? "none"
              : `${line}:${column} ${/is_stmt/.test(flags) ? "s" : "-"}${/prologue_end/.test(flags) ? "p" : "-"} ${files.get(Number(file))}`,
        }),
      );
      return { files: [...files.values()], rows };
    });
}

function readSequences(dump, isOurs) {
  const sequences = [];
  for (const { files, rows } of readPrograms(dump)) {
    let from = 0;
    rows.forEach((row, at) => {
      if (!row.ends) return;
      sequences.push({ rows: rows.slice(from, at + 1), ours: files.some(isOurs) });
      from = at + 1;
    });
  }
  const alive = sequences.filter(({ rows }) => rows[0].address < 0xffff_fffe && rows.length > 1);
  return alive.sort((a, b) => a.rows[0].address - b.rows[0].address);
}

for (const guest of guests) {
  const manifest = JSON.parse(readFileSync(join(fixtures, guest, "manifest.json"), "utf8"));
  const ours = new Set(Object.keys(manifest.sources).map((path) => path.split("/").at(-1)));
  for (const [build, { file }] of Object.entries(manifest.builds)) {
    const path = join(fixtures, guest, file);
    const dump = execFileSync(dwarfdump, ["--debug-line", path], { encoding: "utf8", maxBuffer: 1 << 28 });
    const lines = [`module ${sha256(readFileSync(path))}`];
    for (const { rows, ours: isOurs } of readSequences(dump, (name) => ours.has(name))) {
      const texts = rows.map(({ address, text }) => `${address.toString(16)} ${text}`);
      if (isOurs) lines.push(...texts);
      else lines.push(`library ${rows.length} ${sha256(texts.join("\n"))}`);
    }
    if (lines.length > 1) writeFileSync(join(here, `${guest}.${build}.lines`), `${lines.join("\n")}\n`);
  }
}
/**
 * Every row of every program in the order printed, as `address line column file flags discriminator`, but for sequences that
 * were dropped: those that begin at 0 or at one of the two largest addresses.
 */
function allRows(dump) {
  const kept = [];
  let sequence = [];
  const pattern = /^0x([0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +\d+ +(\d+) +\d+ ?(.*)$/gm;
  for (const [, address, line, column, file, discriminator, words] of dump.matchAll(pattern)) {
    const at = BigInt(`0x${address}`);
    const flags = ["is_stmt", "basic_block", "end_sequence", "prologue_end", "epilogue_begin"]
      .map((flag) => (words.split(/ +/).includes(flag) ? "1" : "0"))
      .join("");
    sequence.push({ at, text: `${at.toString(16)} ${line} ${column} ${file} ${flags} ${discriminator}` });
    if (flags[2] !== "1") continue;
    const [{ at: start }] = sequence;
    const isDead =
      start === 0n || start === 0xffff_ffffn || start === 0xffff_fffen || start >= 2n ** 64n - 2n;
    if (!isDead) kept.push(...sequence.map(({ text }) => text));
    sequence = [];
  }
  return { rows: kept.length, sha256: sha256(kept.join("\n")) };
}

const every = {};
for (const guest of readdirSync(fixtures).sort()) {
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(join(fixtures, guest, "manifest.json"), "utf8"));
  } catch {
    continue;
  }
  for (const { file } of Object.values(manifest.builds)) {
    const path = join(fixtures, guest, file);
    const options = { encoding: "utf8", maxBuffer: 1 << 29, stdio: ["ignore", "pipe", "ignore"] };
    const facts = allRows(execFileSync(dwarfdump, ["--debug-line", path], options));
    if (facts.rows > 0) every[`${guest}/${file}`] = { module: sha256(readFileSync(path)), ...facts };
  }
}
writeFileSync(join(here, "all-rows.json"), `${JSON.stringify(every, undefined, 1)}\n`);
for (const name of readdirSync(here)) if (name.endsWith(".lines")) console.log(name);

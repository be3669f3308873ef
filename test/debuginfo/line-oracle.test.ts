import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { toLineKey } from "../../src/base/brand.ts";
import { readDwarfLines } from "../../src/debuginfo/dwarf-lines.ts";
import { type LineTable, RowFlag } from "../../src/debuginfo/line-table.ts";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

const golden = fromRoot("test/debuginfo/golden");
const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** The lines of a module as we read them, in the words of the golden files. */
function readRows(bytes: Uint8Array): string[] {
  const module = readModule(bytes);
  const dwarf = gimli.open((name) => module.sectionBytes(name));
  const problems: string[] = [];
  const { table } = readDwarfLines(dwarf, module.code, (problem) => problems.push(problem));
  dwarf.close();
  assert.deepEqual(problems, []);
  return Array.from(
    table.offset,
    (offset, row) => `${(offset - module.code.start).toString(16)} ${rowText(table, row)}`,
  );
}

function rowText({ line, column, flags, keys, sources }: LineTable, row: number): string {
  const key = toLineKey(line[row] ?? 0);
  if (key === 0) return "none";
  const position = keys.positionOf(key);
  const bits = flags[row] ?? 0;
  const name = sources[position.source]?.path.split(/[\\/]/).at(-1);
  const marks = `${bits & RowFlag.isStmt ? "s" : "-"}${bits & RowFlag.prologueEnd ? "p" : "-"}`;
  return `${position.line + 1}:${column[row]} ${marks} ${name}`;
}

describe("line tables against llvm-dwarfdump", () => {
  const files = readdirSync(golden).filter((name) => name.endsWith(".lines"));

  it("are compared for the fixtures that steps and breakpoints are tested on", () => {
    assert.ok(files.length >= 12, files.join(", "));
  });

  for (const file of files) {
    it(`agree in every row of ${file.replace(".lines", "")}`, () => {
      const [guest = "", ...build] = file.replace(".lines", "").split(".");
      const { bytes } = fixture(guest, build.join("."));
      const [head, ...expected] = readFileSync(`${golden}/${file}`, "utf8").trimEnd().split("\n");
      assert.equal(
        head,
        `module ${sha256(bytes)}`,
        "the fixture was rebuilt: run test/debuginfo/golden/build.mjs",
      );
      const rows = readRows(bytes);
      let at = 0;
      for (const line of expected) {
        const library = /^library (\d+) (\w+)$/.exec(line);
        if (!library) {
          assert.equal(rows[at++], line);
          continue;
        }
        const count = Number(library[1]);
        const text = rows.slice(at, at + count).join("\n");
        assert.equal(sha256(text), library[2], `the ${count} rows from ${rows[at]} on`);
        at += count;
      }
      assert.equal(at, rows.length);
    });
  }
});

describe("every row of every fixture against llvm-dwarfdump", () => {
  const every = JSON.parse(readFileSync(`${golden}/all-rows.json`, "utf8")) as Record<
    string,
    { readonly module: string; readonly rows: number; readonly sha256: string }
  >;

  it("is compared for every language and optimisation there is", () => {
    const guests = new Set(Object.keys(every).map((path) => path.split("/")[0]));
    for (const guest of ["types", "cpp-values", "rust-values", "optimised", "rust-optimised", "forms"])
      assert.ok(guests.has(guest), guest);
    assert.ok(Object.keys(every).length >= 80, `${Object.keys(every).length}`);
  });

  for (const [path, expected] of Object.entries(every)) {
    it(`is what llvm-dwarfdump prints: ${path}`, () => {
      const bytes = new Uint8Array(readFileSync(fromRoot(`test/fixtures/${path}`)));
      const rebuilt = "the fixture was rebuilt: run test/debuginfo/golden/build.mjs";
      assert.equal(sha256(bytes), expected.module, rebuilt);
      const module = readModule(bytes);
      const dwarf = gimli.open((name) => module.sectionBytes(name));
      const rows = [...dwarf.linePrograms()].flatMap((program) => {
        const { address, line, column, file, flags, discriminator } = dwarf.lineRows(program);
        return Array.from(address, (at, row) => {
          const bits = [0, 1, 2, 3, 4].map((bit) => ((flags[row] ?? 0) >> bit) & 1).join("");
          return `${at.toString(16)} ${line[row]} ${column[row]} ${file[row]} ${bits} ${discriminator[row]}`;
        });
      });
      dwarf.close();
      assert.equal(rows.length, expected.rows);
      assert.equal(sha256(rows.join("\n")), expected.sha256);
    });
  }
});

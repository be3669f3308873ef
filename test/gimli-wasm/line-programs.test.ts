import assert from "node:assert/strict";
import { type Dwarf, type LineColumns, LineFlag, NONE, type StringColumn } from "gimli-wasm";
import { type DumpedRow, parsePrograms } from "./dwarfdump.ts";
import { gimli, moduleNamed, moduleNames } from "./modules.ts";

const flagNames = new Map<number, string>([
  [LineFlag.isStmt, "is_stmt"],
  [LineFlag.basicBlock, "basic_block"],
  [LineFlag.endSequence, "end_sequence"],
  [LineFlag.prologueEnd, "prologue_end"],
  [LineFlag.epilogueBegin, "epilogue_begin"],
]);

function showRow(rows: LineColumns, row: number): DumpedRow {
  const flags = rows.flags[row] ?? 0;
  return {
    address: BigInt(rows.address[row] ?? -1),
    line: rows.line[row] ?? NONE,
    column: rows.column[row] ?? NONE,
    file: rows.file[row] ?? NONE,
    discriminator: rows.discriminator[row] ?? NONE,
    flags: [...flagNames].filter(([bit]) => flags & bit).map(([, name]) => name),
  };
}

/** The rows of a dump without the sequences that the linker dropped. */
function liveRows(rows: readonly DumpedRow[], addressSize: bigint): readonly DumpedRow[] {
  const smallestTombstone = (1n << (8n * addressSize)) - 2n;
  const live: DumpedRow[] = [];
  let isDead: boolean | undefined;
  for (const row of rows) {
    isDead ??= row.address >= smallestTombstone;
    if (!isDead) live.push(row);
    if (row.flags.includes("end_sequence")) isDead = undefined;
  }
  return live;
}

const texts = (dwarf: Dwarf, strings: StringColumn): string[] =>
  Array.from(strings.offset, (offset, row) => dwarf.string(strings.section[row] ?? 0, offset));

describe("line programs", () => {
  for (const name of moduleNames) {
    const { dwarf, dump } = moduleNamed(name);
    const programs = parsePrograms(dump);
    const addressSize = name.startsWith("wasm64") ? 8n : 4n;

    it(`of ${name} are found by walking the section`, () => {
      assert.deepEqual(
        [...dwarf.linePrograms()],
        programs.map(({ offset }) => offset),
      );
      assert.ok(programs.length > 0);
    });

    it(`of ${name} have the rows that llvm-dwarfdump shows, but for sequences the linker dropped`, () => {
      for (const { offset, rows } of programs) {
        const read = dwarf.lineRows(offset);
        const shown = Array.from(read.line, (_, row) => showRow(read, row));
        assert.deepEqual(shown, liveRows(rows, addressSize));
      }
    });

    it(`of ${name} have the files and directories that llvm-dwarfdump shows`, () => {
      for (const { offset, facts, directories, files } of programs) {
        const header = dwarf.lineHeader(offset);
        const shown = (key: string): string[] => files.map((file) => file.get(key) ?? "");
        assert.equal(header.offset, offset);
        assert.equal(header.version, Number(facts.get("version")));
        assert.equal(header.end, offset + 4 + Number(facts.get("total_length")));
        assert.equal(header.firstFile, header.version < 5 ? 1 : 0);
        assert.equal(header.firstDirectory, header.version < 5 ? 1 : 0);
        assert.deepEqual(texts(dwarf, header.directories), directories);
        assert.deepEqual(
          texts(dwarf, header.fileName).map((file) => `"${file}"`),
          shown("name"),
        );
        assert.deepEqual([...header.fileDirectory], shown("dir_index").map(Number));
        assert.equal(header.hasMd5, files[0]?.has("md5_checksum") ?? false);
        assert.equal(Buffer.from(header.md5).toString("hex"), shown("md5_checksum").join(""));
        assert.deepEqual(
          texts(dwarf, header.source).map((text) => (text === "" ? "" : JSON.stringify(text))),
          shown("source"),
        );
      }
    });
  }

  it("end every sequence and rise within it", () => {
    for (const name of moduleNames) {
      const { dwarf } = moduleNamed(name);
      for (const offset of dwarf.linePrograms()) {
        const { address, flags } = dwarf.lineRows(offset);
        for (let row = 1; row < address.length; row++) {
          const starts = (flags[row - 1] ?? 0) & LineFlag.endSequence;
          assert.ok(starts || (address[row] ?? 0) >= (address[row - 1] ?? 0));
        }
        if (flags.length > 0) assert.ok((flags.at(-1) ?? 0) & LineFlag.endSequence);
      }
    }
  });

  it("need no section but .debug_line", () => {
    const { sections } = moduleNamed("v5.O2");
    const asked: string[] = [];
    const dwarf = openOnly(sections, asked);
    for (const offset of dwarf.linePrograms()) {
      dwarf.lineHeader(offset);
      dwarf.lineRows(offset);
    }
    assert.deepEqual(asked, [".debug_line"]);
    dwarf.close();
  });
});

function openOnly(sections: ReadonlyMap<string, Uint8Array>, asked: string[]): Dwarf {
  return gimli.open((name) => {
    asked.push(name);
    return sections.get(name);
  });
}

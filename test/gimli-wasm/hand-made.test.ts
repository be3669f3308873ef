import assert from "node:assert/strict";
import { LineFlag, NONE } from "gimli-wasm";
import {
  abbreviation,
  concat,
  type LineProgramOptions,
  lineProgram,
  sized,
  u16,
  u32,
  uleb,
  unit,
} from "./bytes.ts";
import { gimli } from "./modules.ts";

/** Rows as [address, line, column, flags, file, discriminator], the last three only where they are not as usual. */
function rowsOf(instructions: readonly (readonly number[])[], options?: LineProgramOptions): number[][] {
  const dwarf = gimli.open((name) =>
    name === ".debug_line" ? lineProgram(instructions, options) : undefined,
  );
  const { address, line, column, flags, file, discriminator } = dwarf.lineRows(0);
  dwarf.close();
  return Array.from(address, (at, row) => {
    const shown = [at, line[row], column[row], flags[row], file[row], discriminator[row]].map(
      (value) => value ?? NONE,
    );
    const usual = [LineFlag.isStmt, 1, 0];
    while (shown.length > 3 && shown.at(-1) === usual[shown.length - 4]) shown.pop();
    return shown;
  });
}

const setAddress = (address: number): number[] => [0, 5, 2, ...u32(address)];
const endSequence = [0, 1, 1];
const copy = [1];
const end = LineFlag.isStmt | LineFlag.endSequence;
/** The special opcode that adds so much, by the usual header. */
const special = (address: number, line: number): number[] => [line + 5 + 14 * address + 13];

describe("hand-made line programs", () => {
  it("execute every standard opcode", () => {
    const rows = rowsOf([
      setAddress(100),
      [3, 9],
      [5, 7],
      copy,
      [2, ...uleb(300)],
      [3, 0x7d],
      [4, 2],
      copy,
      [6],
      [7],
      copy,
      [8],
      [10],
      copy,
      [9, 1, 1],
      [11],
      [12, 5],
      copy,
      special(3, -2),
      endSequence,
    ]);
    assert.deepEqual(rows, [
      [100, 10, 7],
      [400, 7, 7, LineFlag.isStmt, 2],
      [400, 7, 7, LineFlag.basicBlock, 2],
      [417, 7, 7, LineFlag.prologueEnd, 2],
      [674, 7, 7, LineFlag.epilogueBegin, 2],
      [677, 5, 7, 0, 2],
      [677, 5, 7, LineFlag.endSequence, 2],
    ]);
  });

  it("execute extended opcodes, and skip those they do not know", () => {
    const discriminator = [0, 3, 4, ...uleb(200)];
    const unknown = [0, 4, 0x80, 1, 2, 3];
    const rows = rowsOf([setAddress(8), discriminator, unknown, copy, copy, endSequence]);
    assert.deepEqual(rows, [
      [8, 1, 0, LineFlag.isStmt, 1, 200],
      [8, 1, 0],
      [8, 1, 0, end],
    ]);
  });

  it("skip standard opcodes they do not know by the operands the header says they have", () => {
    const opcodeLengths = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2, 0];
    const rows = rowsOf([setAddress(8), [13, ...uleb(1e6), 1], [14], copy, endSequence], { opcodeLengths });
    assert.deepEqual(rows, [
      [8, 1, 0],
      [8, 1, 0, end],
    ]);
  });

  it("start each sequence afresh", () => {
    const first = [setAddress(8), [3, 50], [4, 3], [5, 9], [6], endSequence];
    const rows = rowsOf([...first, setAddress(2), copy, endSequence]);
    assert.deepEqual(rows, [
      [8, 51, 9, LineFlag.endSequence, 3],
      [2, 1, 0],
      [2, 1, 0, end],
    ]);
  });

  it("count in instructions, and in operations of long ones", () => {
    assert.deepEqual(rowsOf([setAddress(8), [2, 3], endSequence], { minimumInstructionLength: 4 }), [
      [20, 1, 0, end],
    ]);
    const options = { minimumInstructionLength: 8, maximumOperations: 3 };
    assert.deepEqual(rowsOf([setAddress(8), [2, 2], copy, [2, 2], copy, [2, 5], endSequence], options), [
      [8, 1, 0],
      [16, 1, 0],
      [32, 1, 0, end],
    ]);
  });

  it("leave out whole sequences whose address is a tombstone, though their rows wrap to small addresses", () => {
    const live = [setAddress(64), copy, special(2, 1), endSequence];
    for (const tombstone of [0xffff_ffff, 0xffff_fffe, 0]) {
      const dead = [setAddress(tombstone), copy, special(8, 1), [2, 40], copy, endSequence];
      assert.deepEqual(rowsOf([...dead, ...live, ...dead]), [
        [64, 1, 0],
        [66, 2, 0],
        [66, 2, 0, end],
      ]);
    }
  });

  it("end a sequence that turns dead half way where it was", () => {
    const rows = rowsOf([setAddress(64), copy, setAddress(0xffff_ffff), special(2, 3), endSequence]);
    assert.deepEqual(rows, [
      [64, 1, 0],
      [64, 4, 0, end],
    ]);
  });

  it("take an address below the row before for a tombstone", () => {
    const rows = rowsOf([setAddress(64), copy, setAddress(32), copy, setAddress(96), copy, endSequence]);
    assert.deepEqual(rows, [
      [64, 1, 0],
      [96, 1, 0],
      [96, 1, 0, end],
    ]);
  });

  it("keep lines from falling below 0", () => {
    assert.deepEqual(rowsOf([setAddress(8), [3, 0x76], copy, [3, 5], endSequence]), [
      [8, 0, 0],
      [8, 5, 0, end],
    ]);
  });

  it("read addresses of the size they are written in, up to version 4", () => {
    const wide = [0, 9, 2, ...u32(64), ...u32(1)];
    const dead = [0, 9, 2, ...u32(0xffff_ffff), ...u32(0xffff_ffff)];
    const rows = rowsOf([[8], wide, copy, endSequence, dead, copy, special(4, 0), endSequence], {
      version: 2,
    });
    assert.deepEqual(rows, [
      [2 ** 32 + 64, 1, 0],
      [2 ** 32 + 64, 1, 0, end],
    ]);
  });

  it("fail where an address overflows, saying at which instruction", () => {
    const program = [setAddress(0xffff_fff0), copy, [2, 0x20], endSequence];
    const start = lineProgram([]).length;
    assert.throws(() => rowsOf(program), {
      name: "DwarfError",
      section: ".debug_line",
      offset: start + 8,
      reason: "address overflow",
    });
  });
});

describe("hand-made units", () => {
  it("may be written with lengths and offsets of 64 bits", () => {
    const wide = (value: number): readonly number[] => [...u32(value), ...u32(0)];
    const die = [1, ...wide(3), ...wide(0)];
    const sections = new Map([
      [".debug_abbrev", concat(abbreviation(1, 0x11, 0, 0x03, 0x0e, 0x10, 0x17, 0, 0).subarray(0, -2), [0])],
      [
        ".debug_info",
        concat(u32(0xffff_ffff), wide(2 + 1 + 1 + 8 + die.length), u16(5), [1, 4], wide(0), die),
      ],
      [".debug_str", new TextEncoder().encode("no\0wide.c\0")],
      [".debug_line", concat(u32(0xffff_ffff), wide(2 + 8), u16(4), wide(1000))],
    ]);
    const dwarf = gimli.open((name) => sections.get(name));
    const { offset, length, root, name, lineProgram } = dwarf.units();
    assert.deepEqual([offset[0], length[0], root[0], lineProgram[0]], [0, 24 + die.length, 24, 0]);
    assert.equal(dwarf.string(name.section[0] ?? 0, name.offset[0] ?? 0), "wide.c");
    assert.deepEqual([...dwarf.linePrograms()], [0]);
    assert.throws(() => dwarf.lineHeader(0), { section: ".debug_line", reason: "unexpected end of input" });
    dwarf.close();
  });

  it("may have no root, or nothing at all", () => {
    const sections = new Map([
      [".debug_abbrev", Uint8Array.of(0)],
      [".debug_info", concat(unit(), unit([0]))],
    ]);
    const dwarf = gimli.open((name) => sections.get(name));
    assert.deepEqual([...dwarf.units().rootTag], [0, 0]);
    for (const unit of [0, 1]) {
      assert.equal(dwarf.dies(unit).offset.length, 0);
      assert.deepEqual([...dwarf.dies(unit).attrStart], [0]);
      assert.equal(dwarf.functions(unit).die.length, 0);
      assert.deepEqual([...dwarf.functions(unit).rangeStart], [0]);
      assert.equal(dwarf.unitRanges(unit).begin.length, 0);
    }
    dwarf.close();
  });

  it("may lack the null entries at their end", () => {
    const sections = new Map([
      [".debug_abbrev", concat(abbreviation(1, 0x11, 1), abbreviation(2, 0x39, 1), [0])],
      [".debug_info", concat(unit([1, 2, 2]))],
    ]);
    const dwarf = gimli.open((name) => sections.get(name));
    const { parent, next } = dwarf.dies(0);
    assert.deepEqual([...parent], [NONE, 0, 1]);
    assert.deepEqual([...next], [3, 3, 3]);
    dwarf.close();
  });

  it("have default locations, and say so by addresses of -1", () => {
    const list = concat([5, 1, 0x30], [8, ...u32(16), 4, 2, 0x31, 0x9f], [0]);
    const sections = new Map([
      [".debug_abbrev", concat(abbreviation(1, 0x11, 0), [0])],
      [".debug_info", sized(u16(5), [1, 4], u32(0), [1])],
      [".debug_loclists", list],
    ]);
    const dwarf = gimli.open((name) => sections.get(name));
    const { begin, end, start, bytes } = dwarf.locationList(0, 0);
    assert.deepEqual([...begin], [-1, 16]);
    assert.deepEqual([...end], [-1, 20]);
    assert.deepEqual([...start], [0, 1, 3]);
    assert.deepEqual([...bytes], [0x30, 0x31, 0x9f]);
    dwarf.close();
  });
});

import assert from "node:assert/strict";
import { DwarfError, Gimli } from "gimli-wasm";
import { abbreviation, concat, lineProgram, repeat, sized, u16, u32, uleb, unit } from "./bytes.ts";
import { exercise } from "./exercise.ts";
import { gimli, moduleNamed, moduleNames } from "./modules.ts";

/** Numbers below 2 to the 32nd, the same for the same seed: xorshift. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const debugSections = (sections: ReadonlyMap<string, Uint8Array>): readonly string[] =>
  [...sections.keys()].filter((name) => name.startsWith(".debug_"));

/** A module of nothing but .debug_info and .debug_abbrev. */
const openUnits = (abbrev: Uint8Array, info: Uint8Array, more: readonly [string, Uint8Array][] = []) => {
  const sections = new Map([[".debug_abbrev", abbrev], [".debug_info", info], ...more]);
  return gimli.open((name) => sections.get(name));
};

const flagPresent = 0x19;
const external = 0x3f;

describe("malformed DWARF", () => {
  it("is not found in modules that are well formed", () => {
    for (const name of moduleNames) {
      const { answers, failures } = exercise(moduleNamed(name).sections);
      assert.deepEqual(failures, [], name);
      assert.ok(answers > 10);
    }
  });

  for (const name of ["v4.O2", "v5.O2", "types.v4.O2", "lto"]) {
    it(`is reported with its place when a section of ${name} is cut short`, () => {
      const { sections } = moduleNamed(name);
      let failed = 0;
      for (const section of debugSections(sections)) {
        const bytes = sections.get(section) ?? new Uint8Array();
        for (let length = 0; length < bytes.length; length += 23) {
          const cut = new Map(sections).set(section, bytes.subarray(0, length));
          if (exercise(cut).failures.length > 0) failed++;
        }
      }
      assert.ok(failed > 100);
    });

    it(`is reported with its place when bits of ${name} are flipped`, () => {
      const { sections } = moduleNamed(name);
      const names = debugSections(sections);
      const random = randomNumbers(0x2545_f491);
      let failed = 0;
      for (let round = 0; round < 400; round++) {
        const broken = new Map(sections);
        for (let flips = 1 + (random() % 4); flips > 0; flips--) {
          const section = names[random() % names.length] ?? "";
          const bytes = Uint8Array.from(broken.get(section) ?? []);
          const at = random() % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() % 8));
          broken.set(section, bytes);
        }
        if (exercise(broken).failures.length > 0) failed++;
      }
      assert.ok(failed > 100);
    });
  }

  it("does not keep the rest of a module from being read", () => {
    const { sections } = moduleNamed("v4.O2");
    const line = Uint8Array.from(sections.get(".debug_line") ?? []);
    line.fill(0xff, 4, 6);
    const dwarf = gimli.open((name) => (name === ".debug_line" ? line : sections.get(name)));
    const [first = 0, second = 0] = dwarf.linePrograms();
    assert.throws(() => dwarf.lineRows(first), { section: ".debug_line", offset: 0 });
    assert.ok(dwarf.lineRows(second).line.length > 0);
    assert.equal(dwarf.units().offset.length, 2);
    assert.ok(dwarf.functions(0).die.length > 0);
    dwarf.close();
  });

  it("ends the walk of line programs at one whose length is wrong", () => {
    const good = lineProgram([[1]]);
    for (const bad of [u32(1000), u32(0xffff_fff0), [...u32(0xffff_ffff), ...u32(0), ...u32(1)], [1, 2]]) {
      const dwarf = gimli.open((name) => (name === ".debug_line" ? concat(good, good, bad) : undefined));
      assert.deepEqual([...dwarf.linePrograms()], [0, good.length, 2 * good.length]);
      assert.throws(() => dwarf.lineHeader(2 * good.length), { name: "DwarfError", section: ".debug_line" });
      dwarf.close();
    }
  });

  it("says what is wrong in gimli's words, and all facts in the message", () => {
    const dwarf = openUnits(Uint8Array.of(0), sized(u16(9), u32(0), [4]));
    assert.throws(
      () => dwarf.units(),
      (error) => {
        assert.ok(error instanceof DwarfError);
        const { section, offset, reason, message } = error;
        assert.deepEqual(
          { section, offset, reason },
          { section: ".debug_info", offset: 0, reason: "unknown DWARF version: 9" },
        );
        assert.equal(message, ".debug_info at 0x0: unknown DWARF version: 9");
        return true;
      },
    );
    dwarf.close();
  });
});

describe("hostile DWARF", () => {
  it("cannot ask for more attributes than its bytes can mean, though flags take none", () => {
    const flags = repeat([external, flagPresent], 50_000);
    const abbrev = concat(abbreviation(1, 0x11, 1), uleb(2), [0x34, 0], flags, [0, 0, 0]);
    const dwarf = openUnits(abbrev, unit([1], repeat([2], 50_000)));
    for (const question of [() => dwarf.dies(0), () => dwarf.functions(0)]) {
      assert.throws(question, { name: "DwarfError", section: ".debug_info", reason: /too much/ });
    }
    dwarf.close();
  });

  it("cannot do so with the roots of many units either", () => {
    const abbrev = concat(uleb(1), [0x11, 0], repeat([external, flagPresent], 50_000), [0, 0, 0]);
    const one = unit([1]);
    const dwarf = openUnits(abbrev, repeat([...one], 20_000));
    assert.throws(() => dwarf.units(), { name: "DwarfError", reason: /too much/ });
    dwarf.close();
  });

  it("cannot hide each root's abbreviation at the end of a long table", () => {
    const table = repeat([1, 0x34, 0, 0, 0], 100_000);
    const units = Array.from({ length: 500 }, (_, row) => sized(u16(4), u32(5 * row), [4], [2]));
    const abbrev = concat(table, abbreviation(2, 0x11, 0), [0]);
    const dwarf = openUnits(abbrev, concat(...units));
    assert.throws(() => dwarf.units(), { name: "DwarfError", section: ".debug_abbrev", reason: /too much/ });
    dwarf.close();
  });

  it("cannot have every function name one long list", () => {
    const abbrev = concat(abbreviation(1, 0x11, 1), abbreviation(2, 0x2e, 0, 0x55, 0x17), [0]);
    const list = concat(repeat([...u32(16), ...u32(32)], 20_000), u32(0), u32(0));
    const dwarf = openUnits(abbrev, unit([1], repeat([2, 0, 0, 0, 0], 20_000)), [[".debug_ranges", list]]);
    assert.throws(() => dwarf.functions(0), {
      name: "DwarfError",
      section: ".debug_ranges",
      reason: /too much/,
    });
    assert.equal(dwarf.ranges(0, 0).begin.length, 20_000);
    dwarf.close();
  });

  it("cannot lead names in a circle", () => {
    const abbrev = concat(
      abbreviation(1, 0x11, 1),
      abbreviation(2, 0x2e, 0, 0x11, 0x01, 0x12, 0x0b, 0x31, 0x13),
      [0],
    );
    const circle = unit([1], [2, ...u32(8), 4, ...u32(12)], [2, ...u32(16), 4, ...u32(22)], [0]);
    const dwarf = openUnits(abbrev, circle);
    const { die, origin, name } = dwarf.functions(0);
    assert.deepEqual([...die], [12, 22]);
    assert.deepEqual([...origin], [12, 22]);
    assert.deepEqual([...name.section], [0, 0]);
    dwarf.close();
  });

  it("cannot point names outside its units: the fault is the DIE's that does", () => {
    const abbrev = concat(
      abbreviation(1, 0x11, 1),
      abbreviation(2, 0x2e, 0, 0x11, 0x01, 0x12, 0x0b, 0x31, 0x13),
      [0],
    );
    for (const target of [0, 5, 100, 0xffff_ffff]) {
      const dwarf = openUnits(abbrev, unit([1], [2, ...u32(8), 4, ...u32(target)], [0]));
      assert.throws(() => dwarf.functions(0), {
        section: ".debug_info",
        offset: 12,
        reason: "a reference to no DIE",
      });
      dwarf.close();
    }
  });

  it("may nest as deep as it likes", () => {
    const depth = 100_000;
    const abbrev = concat(abbreviation(1, 0x11, 1), abbreviation(2, 0x0b, 1), [0]);
    const dwarf = openUnits(abbrev, unit([1], repeat([2], depth), repeat([0], depth + 1)));
    const { parent, next } = dwarf.dies(0);
    assert.equal(parent.at(-1), depth - 1);
    assert.equal(next[0], depth + 1);
    assert.ok(next.every((end) => end === depth + 1));
    assert.equal(dwarf.functions(0).die.length, 0);
    dwarf.close();
  });

  it("cannot claim more files than it has bytes for", () => {
    const start = concat([1, 1, 1, 0xfb, 14, 13], [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
    const header = concat(start, [1, 1, 0x08], uleb(2n ** 63n), [0x61, 0]);
    const line = sized(u16(5), [4, 0], u32(header.length), header);
    const dwarf = gimli.open((name) => (name === ".debug_line" ? line : undefined));
    assert.throws(() => dwarf.lineHeader(0), { section: ".debug_line", reason: "unexpected end of input" });
    dwarf.close();
  });

  it("that brings the core down is an error too, and the core starts again", () => {
    // A core that does nothing but trap when asked for units: what running out of memory looks like.
    const text = (name: string): readonly number[] => [name.length, ...new TextEncoder().encode(name)];
    const section = (id: number, ...parts: readonly (readonly number[])[]): readonly number[] => {
      const body = parts.flat();
      return [id, ...uleb(body.length), ...body];
    };
    const trap = [3, 0, 0x00, 0x0b];
    const give = [5, 0, 0x41, ...[0x80, 0x08], 0x0b];
    const core = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [2], [0x60, 0, 1, 0x7f], [0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
      ...section(3, [2, 0, 1]),
      ...section(5, [1, 0, 1]),
      ...section(7, [3], text("memory"), [2, 0], text("units"), [0, 0], text("section"), [0, 1]),
      ...section(10, [2], trap, give),
    ]);
    const asked: string[] = [];
    const dwarf = Gimli.fromBytes(core).open((name) => {
      asked.push(name);
      return Uint8Array.of(1, 2, 3);
    });
    for (let time = 0; time < 2; time++) {
      assert.throws(() => dwarf.units(), { name: "DwarfError", section: ".debug_info", reason: /memory/ });
    }
    assert.equal(asked.length, new Set(asked).size);
    dwarf.close();
  });
});

import assert from "node:assert/strict";
import { type Dwarf, type SectionSource, StringSection } from "gimli-wasm";
import { readModule } from "../../src/wasm/module.ts";
import { fixture } from "../support/fixtures.ts";
import { gimli, moduleNamed, moduleNames } from "./modules.ts";

/** Sections of a fixture with large units. */
function sectionsOf(name: string, build: string): ReadonlyMap<string, Uint8Array> {
  const { bytes } = fixture(name, build);
  const custom = readModule(bytes).sections.filter(({ kind }) => kind === "custom");
  return new Map(custom.map((section) => [section.name, bytes.subarray(section.start, section.end)]));
}

/** A section that is read from somewhere, and a note of each reading. */
interface StoredSection extends SectionSource {
  readonly reads: { readonly offset: number; readonly length: number }[];
}

function stored(bytes: Uint8Array): StoredSection {
  const reads: StoredSection["reads"] = [];
  return {
    length: bytes.length,
    reads,
    readInto: (target, offset) => {
      reads.push({ offset, length: target.length });
      target.set(bytes.subarray(offset, offset + target.length));
    },
  };
}

/** Opens sections that are read where they are needed. */
function openStored(sections: ReadonlyMap<string, Uint8Array>) {
  const sources = new Map([...sections].map(([name, bytes]) => [name, stored(bytes)]));
  return { dwarf: gimli.open((name) => sources.get(name)), sources };
}

/** Everything that is asked of units, from the last to the first. */
function answers(dwarf: Dwarf): unknown {
  const units = dwarf.units();
  const rows = [...units.offset.keys()].reverse();
  return {
    units,
    claims: dwarf.claims(),
    ofUnits: rows.map((unit) => [
      dwarf.functions(unit),
      dwarf.names(unit),
      dwarf.slots(unit),
      dwarf.dies(unit),
      dwarf.unitRanges(unit),
    ]),
  };
}

/** Some with references from unit to unit. */
const largeUnits = [
  ["cpp-values", "dwarf5.O0"],
  ["optimised", "lto5.O2"],
  ["rust-optimised", "dwarf4.O3"],
  ["rust-values", "rust163.O0"],
] as const;

describe("sections that are read where they are needed", () => {
  const modules = [
    ...moduleNames.map((name) => [name, () => moduleNamed(name).sections] as const),
    ...largeUnits.map(([of, build]) => [`${of} ${build}`, () => sectionsOf(of, build)] as const),
  ];
  for (const [name, read] of modules) {
    it(`give the same answers: ${name}`, () => {
      const sections = read();
      const { dwarf } = openStored(sections);
      assert.deepEqual(answers(dwarf), answers(gimli.open((section) => sections.get(section))));
    });
  }

  it("are read no further than a question is about", () => {
    const { dwarf, sources } = openStored(sectionsOf("cpp-values", "dwarf5.O0"));
    const { offset, length } = dwarf.units();
    const reads = sources.get(".debug_info")?.reads ?? [];
    reads.length = 0;
    const largest = length.indexOf(Math.max(...length));
    assert.ok(dwarf.dies(largest).tag.length > 0);
    assert.deepEqual(reads, [{ offset: offset[largest], length: length[largest] }]);
    assert.ok(dwarf.dies(largest).tag.length > 0);
    assert.equal(reads.length, 1);
  });

  it("are read of line programs no further than their headers, where only those are asked for", () => {
    const sections = sectionsOf("cpp-values", "dwarf5.O0");
    const whole = gimli.open((section) => sections.get(section));
    const programs = [...whole.linePrograms()];
    const { dwarf, sources } = openStored(sections);
    const { length = 0, reads = [] } = sources.get(".debug_line") ?? {};
    const readBytes = (): number => reads.reduce((sum, read) => sum + read.length, 0);
    assert.deepEqual(
      programs.map((program) => dwarf.lineHeader(program)),
      programs.map((program) => whole.lineHeader(program)),
    );
    assert.ok(readBytes() < length / 2, `${readBytes()} of ${length} bytes`);
    // Rows then need the rest of each program, and many questions no more than the section twice.
    for (let turn = 0; turn < 3; turn++) {
      for (const program of programs) assert.deepEqual(dwarf.lineRows(program), whole.lineRows(program));
    }
    assert.deepEqual(dwarf.linePrograms(), whole.linePrograms());
    assert.ok(readBytes() <= length * 3, `${readBytes()} of ${length} bytes`);
  });

  it("leave nothing of a line table behind: it is made where nothing else is kept", () => {
    const memories: WebAssembly.Memory[] = [];
    const { Instance } = WebAssembly;
    class Watched extends Instance {
      constructor(...args: ConstructorParameters<typeof Instance>) {
        super(...args);
        memories.push(this.exports.memory as WebAssembly.Memory);
      }
    }
    Object.assign(WebAssembly, { Instance: Watched });
    try {
      const sections = sectionsOf("cpp-values", "dwarf5.O0");
      const { dwarf } = openStored(sections);
      dwarf.lineTable(Uint32Array.of(0, 0x7fff_ffff));
      dwarf.units();
      dwarf.dies(0);
      const [ofTable, ofRest] = memories.map(({ buffer }) => buffer.byteLength);
      assert.equal(memories.length, 2);
      const lines = sections.get(".debug_line")?.length ?? 0;
      assert.ok((ofTable ?? 0) > lines);
      const needed = [".debug_info", ".debug_abbrev", ".debug_str_offsets", ".debug_addr", ".debug_loclists"];
      const rest = needed.reduce((sum, name) => sum + (sections.get(name)?.length ?? 0), 0);
      // The core itself has 1.1 MB, and grows by an eighth at least.
      assert.ok((ofRest ?? 0) < 1.3 * (rest + 1.2 * 2 ** 20) + 65_536, `${ofRest} for ${rest}`);
    } finally {
      Object.assign(WebAssembly, { Instance });
    }
  });

  it("whose units do not follow one another to the end are malformed as others are", () => {
    const { sections } = moduleNamed("v5.O0");
    const info = (sections.get(".debug_info") as Uint8Array).slice();
    new DataView(info.buffer).setUint32(0, 0x7fff_ffff, true);
    const broken = new Map([...sections, [".debug_info", info]]);
    const messageOf = (dwarf: Dwarf): string => {
      let message = "";
      assert.throws(
        () => dwarf.units(),
        (error: Error) => {
          message = error.message;
          return error.name === "DwarfError";
        },
      );
      return message;
    };
    assert.equal(messageOf(openStored(broken).dwarf), messageOf(gimli.open((name) => broken.get(name))));
  });

  it("are looked through for a string, piece by piece", () => {
    const text = new TextEncoder();
    const section = new Uint8Array(2_500_000).fill(0x61);
    const put = (at: number, what: string): void => section.set(text.encode(what), at);
    put(0, "name\0");
    // Where two pieces meet, and as the end of a longer one.
    put((1 << 20) - 3, "\0name\0");
    put(2_000_000, "my name\0names\0");
    put(section.length - 5, "name\0");
    const expected = [0, (1 << 20) - 2, 2_000_003, section.length - 5];
    for (const source of [section, stored(section)]) {
      const dwarf = gimli.open((name) => (name === ".debug_str" ? source : undefined));
      assert.deepEqual([...dwarf.stringOffsets("name")], expected);
      for (const offset of expected) assert.equal(dwarf.string(StringSection.debugStr, offset), "name");
      assert.deepEqual([...dwarf.stringOffsets("nam")], []);
    }
  });
});

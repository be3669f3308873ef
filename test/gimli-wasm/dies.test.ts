import assert from "node:assert/strict";
import { type Dwarf, NONE } from "gimli-wasm";
import { type DumpedAttribute, type DumpedDie, type DumpedUnit, parseUnits } from "./dwarfdump.ts";
import { gimli, moduleNamed, moduleNames, readDump, readSections } from "./modules.ts";
import { tags } from "./names.ts";
import { AttributeWriter, hex } from "./show-attribute.ts";

/** A unit's DIEs written as llvm-dwarfdump does. `base` is what its section's offsets are counted on from. */
function showDies(dwarf: Dwarf, unit: number, base: number): readonly DumpedDie[] {
  const dies = dwarf.dies(unit);
  const writer = new AttributeWriter(dwarf, unit, dies);
  const depths: number[] = [];
  return Array.from(dies.offset, (offset, row) => {
    const parent = dies.parent[row] ?? NONE;
    depths[row] = parent === NONE ? 0 : (depths[parent] ?? 0) + 1;
    return {
      offset: offset - base,
      depth: depths[row],
      tag: tags.get(dies.tag[row] ?? 0) ?? `unknown ${dies.tag[row]}`,
      attributes: writer.writeAll(row),
    };
  });
}

/**
 * What a dump shows, in the words used here.
 *
 * Left out of it: names of types after references; how an index was resolved; entries of lists that are
 * empty or for code the linker dropped, which llvm-dwarfdump shows as they are.
 */
function expectedDies({ dies, facts }: DumpedUnit, base: number): readonly DumpedDie[] {
  const tombstone = (1n << (8n * BigInt(facts.get("addr_size") ?? 0))) - 2n;
  /** Depth of the function the linker dropped that the DIE in hand is in. */
  let deadDepth = Number.POSITIVE_INFINITY;
  return dies.map((die) => {
    if (die.depth <= deadDepth) deadDepth = Number.POSITIVE_INFINITY;
    if (die.attributes.some(({ text }) => text === "dead code")) deadDepth = Math.min(deadDepth, die.depth);
    const isDead = die.depth > deadDepth;
    return {
      ...die,
      attributes: die.attributes.map((attribute) => expected(attribute, { base, tombstone, isDead })),
    };
  });
}

interface Context {
  readonly base: number;
  readonly tombstone: bigint;
  readonly isDead: boolean;
}

function expected(
  { name, form, text, more }: DumpedAttribute,
  { base, tombstone, isDead }: Context,
): DumpedAttribute {
  const isLive = (entry: string): boolean => {
    const [begin = 0n, end = 0n] = (entry.match(/0x[0-9a-f]+/g) ?? []).map(BigInt);
    return begin < end && begin < tombstone && !(isDead && form !== "DW_FORM_exprloc");
  };
  const plain = text
    .replace(/^(0x[0-9a-f]+) ".*"$/, "$1")
    .replace(/^indexed \(0x[0-9a-f]+\) (?:range|loc)list = /, "")
    .replace(/^indexed \([0-9a-f]+\) address = <unresolved>$/, "unavailable")
    .trim();
  const reference = (from: number): string => hex(Number(plain) + from, 4);
  const shown =
    form === "DW_FORM_ref_addr" ? reference(0) : form === "DW_FORM_ref4" ? reference(base) : plain;
  return { name, form, text: shown, more: more.filter(isLive) };
}

describe("DIEs", () => {
  for (const name of moduleNames) {
    it(`of ${name} are those that llvm-dwarfdump shows, with every attribute`, () => {
      const { dwarf, dump, sections } = moduleNamed(name);
      const typesBase = sections.get(".debug_info")?.length ?? 0;
      const units = parseUnits(dump);
      assert.ok(units.length > 0);
      units.forEach((dumped, unit) => {
        const base = dumped.section === ".debug_types" ? typesBase : 0;
        assert.deepEqual(showDies(dwarf, unit, base), expectedDies(dumped, base));
      });
    });
  }

  it("of a split unit are readable from its own file, but for addresses, which are in the other", () => {
    const sections = readSections("split.v5.O2.dwo");
    const dwarf = gimli.open((name) => sections.get(`${name}.dwo`));
    const [dumped] = parseUnits(readDump("split.v5.O2.dwo"));
    assert.ok(dumped);
    const readable = ({ attributes, ...die }: DumpedDie): unknown => ({
      ...die,
      attributes: attributes.map((attribute) => ({ ...attribute, more: [] })),
    });
    assert.deepEqual(showDies(dwarf, 0, 0).map(readable), expectedDies(dumped, 0).map(readable));
    dwarf.close();
  });

  it("know the row after their last descendant", () => {
    for (const name of moduleNames) {
      const { dwarf } = moduleNamed(name);
      for (let unit = 0; unit < dwarf.units().offset.length; unit++) {
        const { parent, next } = dwarf.dies(unit);
        assert.equal(next[0], parent.length);
        for (let row = 1; row < parent.length; row++) {
          const above = parent[row] ?? NONE;
          assert.ok(above < row && row < (next[above] ?? 0) && (next[row] ?? 0) <= (next[above] ?? 0));
        }
      }
    }
  });
});

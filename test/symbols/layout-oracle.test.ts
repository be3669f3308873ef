import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as dw from "../../src/dwarf/constants.ts";
import type { Die } from "../../src/dwarf/die.ts";
import type { DwarfModule } from "../../src/dwarf/dwarf-module.ts";
import { NameIndex } from "../../src/symbols/name-index.ts";
import { plainType, type RecordType, sizeOf, type Type } from "../../src/symbols/types/type.ts";
import { TypeTable } from "../../src/symbols/types/type-table.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

/** What LLDB says of a type. Offsets of fields are in bits, sizes in bytes; a size of 0 bits is no bit-field. */
interface Described {
  readonly name: string;
  readonly size: number;
  readonly bases?: readonly (readonly [name: string, offset: number])[];
  readonly fields?: readonly (readonly [name: string | null, offset: number, bits: number, size: number])[];
  readonly enumerators?: readonly (readonly [name: string, value: string])[];
}

const folder = fromRoot("test/symbols/golden");

describe("layouts of types", () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".layouts.gz"))) {
    const [, guest = "", build = ""] = /^([\w-]+)\.(.+)\.layouts\.gz$/.exec(file) ?? [];
    const [first = "", ...rest] = gunzipSync(readFileSync(`${folder}/${file}`))
      .toString()
      .trimEnd()
      .split("\n");
    const facts = JSON.parse(first);
    const open = () => {
      const { dwarf } = openInfo(fixture(guest, build).bytes);
      assert.ok(dwarf);
      const names = new NameIndex(dwarf);
      return { dwarf, names, types: new TypeTable((declaration) => names.findDefinition(declaration)) };
    };

    it(`are those that llvm-dwarfdump prints, in ${guest} as ${build}`, () => {
      assert.equal(
        sha256(fixture(guest, build).bytes),
        facts.module,
        "run test/symbols/golden/build.mjs again",
      );
      const { dwarf, types } = open();
      const lines = [...allDies(dwarf)].flatMap((die) => typeLine(die, types) ?? []);
      assert.equal(lines.length, facts.types);
      assert.equal(sha256(lines.join("\n")), facts.sha256);
    });

    it(`are those that LLDB makes, in ${guest} as ${build}`, () => {
      const { names, types } = open();
      const differing: string[] = [];
      let compared = 0;
      for (const line of rest) {
        const described: Described = JSON.parse(line);
        const candidates = [...names.find("type", described.name)]
          .filter((die) => !die.flag(dw.DW_AT_declaration))
          .map((die) => plainType(types.fromDie(die)))
          .filter((type) => type.kind === "record" || type.kind === "enumeration");
        if (candidates.length === 0) continue;
        compared++;
        // Several types may have one name, in several units or functions.
        const found = candidates.map((type) => differenceFrom(type, described));
        if (!found.includes(undefined)) differing.push(`${described.name}: ${found[0]}`);
      }
      assert.deepEqual(differing, []);
      // Most of those that are not found by name are made up by LLDB: variants of Rust's enums, and what is around them.
      assert.ok(compared > rest.length / 3, `${compared} of ${rest.length} were compared`);
    });
  }
});

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function* allDies(dwarf: DwarfModule): Generator<Die, void, undefined> {
  for (const unit of dwarf.units) {
    for (let row = 0; row < unit.columns.tag.length; row++) yield unit.dieAtRow(row);
  }
}

/** A type as `build.mjs` writes those that llvm-dwarfdump prints; `undefined` for what has no layout. */
function typeLine(die: Die, types: TypeTable): string | undefined {
  const layoutTags = [
    dw.DW_TAG_structure_type,
    dw.DW_TAG_class_type,
    dw.DW_TAG_union_type,
    dw.DW_TAG_enumeration_type,
    dw.DW_TAG_base_type,
    dw.DW_TAG_array_type,
  ];
  if (!layoutTags.includes(die.tag) || die.flag(dw.DW_AT_declaration)) return undefined;
  const type = types.fromDie(die);
  const start = `${die.offset.toString(16)} `;
  switch (type.kind) {
    case "record": {
      const members = type.members.map(({ kind, name = "", offset, bits }) => {
        const place = bits
          ? `${bits.offset}:${bits.size}`
          : offset.kind === "bytes"
            ? offset.bytes
            : "expression";
        return `${kind} ${name} ${place}`;
      });
      return `${start}${type.form} ${die.name ?? ""} ${type.sizeBytes ?? "?"} {${members.join(", ")}}`;
    }
    case "enumeration": {
      // Rust writes negative enumerators as the unsigned numbers of the same bits.
      const unsigned = (value: bigint) => BigInt.asUintN(type.sizeBytes * 8, value);
      const values = type.enumerators.map(({ name, value }) => `${name}=${unsigned(value)}`);
      return `${start}enum ${die.name ?? ""} ${type.sizeBytes} {${values.join(", ")}}`;
    }
    case "base":
      return `${start}base ${type.name} ${type.sizeBytes}`;
    case "array":
      return `${start}array ${dimensions(type).join(" ")}`;
    default:
      return `${start}${type.kind}`;
  }
}

function dimensions(type: Type): readonly (number | "?")[] {
  return type.kind === "array"
    ? [type.count ?? "?", ...(isSameArray(type) ? dimensions(type.element) : [])]
    : [];
}

/** An array of arrays is one DIE with several dimensions, each but the last an array without a stride of its own. */
function isSameArray(type: Extract<Type, { kind: "array" }>): boolean {
  return type.element.kind === "array" && Object.getOwnPropertyDescriptor(type, "element")?.get === undefined;
}

/** How a type differs from what LLDB says of it; `undefined` where it does not. */
function differenceFrom(type: Type, described: Described): string | undefined {
  const size = sizeOf(type);
  if (size !== described.size) return `${size} bytes, not ${described.size}`;
  if (type.kind === "enumeration") {
    // It is asked for signed numbers.
    const signed = (value: bigint) => BigInt.asIntN(type.sizeBytes * 8, value);
    const ours = type.enumerators.map(({ name, value }) => `${name} = ${signed(value)}`);
    const theirs = (described.enumerators ?? []).map(([name, value]) => `${name} = ${signed(BigInt(value))}`);
    return ours.join() === theirs.join() ? undefined : `${ours}, not ${theirs}`;
  }
  return type.kind === "record" ? recordDifference(type, described) : `a ${type.kind}`;
}

function recordDifference(type: RecordType, { fields = [], bases = [] }: Described): string | undefined {
  // LLDB leaves out the pointer to the table of virtual functions.
  const members = type.members.filter(({ name }) => !name?.startsWith("_vptr"));
  const ours = members
    .filter(({ kind }) => kind === "field")
    .map(({ name, offset, bits, type: of }) => {
      const place = bits?.offset ?? (offset.kind === "bytes" ? offset.bytes * 8 : -1);
      return `${name ?? ""} at ${place}:${bits?.size ?? 0} of ${sizeOf(of) ?? flexibleSize(of)}`;
    });
  // Bit-fields without a name are padding, which LLDB makes up where it finds a gap; variants are a field of its own making.
  const named = fields.filter(([name, , bits]) => (name !== null || bits === 0) && name !== "$variants$");
  const theirs = named.map(([name, offset, bits, size]) => `${name ?? ""} at ${offset}:${bits} of ${size}`);
  // Of Rust it leaves out fields of a type it has no word for, `()`, and pointers to that; llvm-dwarfdump has them.
  const isSame =
    type.language === "rust" ? theirs.every((field) => ours.includes(field)) : ours.join() === theirs.join();
  if (!isSame) return `${ours.join("; ")}, not ${theirs.join("; ")}`;
  const ourBases = members.flatMap(({ kind, offset }) =>
    kind === "base" && offset.kind === "bytes" ? [offset.bytes] : [],
  );
  const theirBases = bases.map(([, offset]) => offset);
  return ourBases.join() === theirBases.join() ? undefined : `bases at ${ourBases}, not ${theirBases}`;
}

/** LLDB counts an array without a length as one element. */
function flexibleSize(type: Type): number {
  const plain = plainType(type);
  return plain.kind === "array" ? (sizeOf(plain.element) ?? 0) : 0;
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toModuleOffset } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import type { Die } from "../../src/dwarf/die.ts";
import type { DwarfModule } from "../../src/dwarf/dwarf-module.ts";
import type { SplitFile } from "../../src/dwarf/split-units.ts";
import { readSourceMap } from "../../src/sourcemap/read-source-map.ts";
import { typeName } from "../../src/symbols/types/type-name.ts";
import { TypeTable } from "../../src/symbols/types/type-table.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { readBuildId } from "../../src/wasm/sections/build-id.ts";
import { openInfo } from "../support/debug-info.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { generator } from "../support/generator.ts";
import { mutate, type Random, rounds } from "./mutate.ts";

/** A module with damage done to one of the custom sections whose name `isMeant`, the rest as it was. */
function damaged(module: WasmModule, random: Random, isMeant: (name: string) => boolean): Uint8Array {
  const targets = module.sections.filter(
    ({ kind, name, start, end }) => kind === "custom" && end > start && isMeant(name),
  );
  const target = targets[random(targets.length)];
  const bytes = Uint8Array.from(module.bytes);
  if (!target) return bytes;
  const content = bytes.subarray(target.start, target.end);
  // Sections keep their size: damage to that is a malformed module, which others look at.
  content.set(mutate(content, random, { keepsLength: true }));
  return bytes;
}

/** Asks all that a session asks; every problem must be a sentence. */
function askEverything(bytes: Uint8Array, findSplit?: () => readonly SplitFile[]): number {
  const module = readModule(bytes);
  const { info, dwarf } = openInfo(module, findSplit ? { findSplit } : {});
  try {
    const { offset } = info.statements();
    for (const start of module.code.bodyStarts) {
      const found = info.functionAt(toModuleOffset(start));
      assert.equal(typeof found?.name, "string");
      assert.notEqual(found?.linkerName, "");
      info.inlinedCalls?.(toModuleOffset(start));
    }
    for (const source of info.sources()) info.resolveLine(source, 20);
    for (const at of offset) assert.ok(info.locate(toModuleOffset(at)));
    info.namedSlots?.();
    if (dwarf) readTypes(dwarf);
    for (const problem of info.problems) assert.match(problem, /^\S.*\.$/s);
    return info.problems.length;
  } finally {
    dwarf?.close();
  }
}

/** Names every type there is, as variables' types are named when they are looked at. */
function readTypes(dwarf: DwarfModule): void {
  const table = new TypeTable(() => undefined);
  const visit = (die: Die, depth: number): void => {
    const type = table.typeOf(die);
    assert.equal(typeof typeName(type), "string");
    if (type.kind === "record") assert.ok(type.members.length >= 0 && type.variants !== null);
    if (depth < 6) for (const child of die.children()) visit(child, depth + 1);
  };
  unlessMalformed(() => {
    for (const unit of dwarf.units) unlessMalformed(() => unit.root && visit(unit.root, 0));
  });
}

function unlessMalformed(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
}

const beside = ({ path }: Fixture, file: string): Uint8Array => readFileSync(join(path, "..", file));

describe("whatever is done to the debug info of", () => {
  const isDebug = (name: string): boolean => name.startsWith(".debug_");
  const guests: readonly (readonly [name: string, build: string])[] = [
    ...["dwarf2", "dwarf3", "dwarf4", "dwarf5", "mixed", "single5"].map(
      (of) => ["forms", `${of}.O0`] as const,
    ),
    ...["types4", "types5", "indexed", "pubnames", "macros", "embedded"].map(
      (of) => ["forms", `${of}.O0`] as const,
    ),
    ...[["d-values", "dwarf5.O0"] as const, ["d-values", "dwarf4.O2"] as const],
    ...[["zig-values", "debug"] as const, ["zig-values", "safe"] as const],
    ["optimised", "dwarf5.O2"],
  ];
  for (const [name, build] of guests) {
    it(`${name} as ${build}, what can be read is, and the rest is said`, () => {
      const module = readModule(fixture(name, build).bytes);
      const random = generator(0xd1e5);
      let told = 0;
      for (let round = 0; round < rounds(25); round++)
        if (askEverything(damaged(module, random, isDebug)) > 0) told++;
      assert.ok(told > 0, "no damage was noticed");
    });
  }

  for (const [build, file] of [
    ["split5.O0", "forms.split5.O0.forms.dwo"],
    ["split4.O0", "forms.split4.O0.forms.dwo"],
    ["package4.O0", "forms.package4.O0.wasm.dwp"],
    ["package5.O0", "forms.package5.O0.wasm.dwp"],
  ] as const) {
    it(`forms as ${build} in another file, its index and its module, what can be read is`, () => {
      const guest = fixture("forms", build);
      const module = readModule(guest.bytes);
      const other = readModule(beside(guest, file));
      const random = generator(0x5b117);
      for (let round = 0; round < rounds(25); round++) {
        const isOther = random(3) > 0;
        const split = readModule(isOther ? damaged(other, random, isDebug) : other.bytes);
        const bytes = isOther ? guest.bytes : damaged(module, random, isDebug);
        const found: SplitFile = { path: file, load: (name) => split.sectionBytes(name) };
        askEverything(bytes, () => [found]);
      }
    });
  }
});

describe("whatever is done to", () => {
  it("the name section, functions have names", () => {
    for (const [name, build] of [
      ["hello", "names.O0"],
      ["wat-names", "names"],
      ["d-values", "names.O0"],
    ] as const) {
      const module = readModule(fixture(name, build).bytes);
      const random = generator(0x0a3e);
      for (let round = 0; round < rounds(60); round++)
        askEverything(damaged(module, random, (section) => section === "name"));
    }
  });

  it("names of other files and build IDs, the module opens", () => {
    const random = generator(0xe8);
    for (const build of ["external.O0", "missing.O0", "stripped.O0"]) {
      const module = readModule(fixture("forms", build).bytes);
      for (let round = 0; round < rounds(60); round++) {
        const bytes = damaged(module, random, (section) => !section.startsWith("name"));
        askEverything(bytes);
        const cursor = readModule(bytes).customCursor("build_id");
        if (cursor) unlessMalformed(() => readBuildId(cursor));
      }
    }
  });

  it("a source map, it is read or malformed", async () => {
    const guest = fixture("as-values", "debug");
    const whole = Buffer.from(beside(guest, "as-values.debug.wasm.map")).toString("latin1");
    const map = JSON.parse(whole) as { mappings: string; sources: string[]; names: string[] };
    const random = generator(0x3a9);
    let malformed = 0;
    for (let round = 0; round < rounds(150); round++) {
      const text =
        round % 2 === 0
          ? Buffer.from(mutate(Buffer.from(whole, "latin1"), random)).toString("latin1")
          : JSON.stringify({
              ...map,
              sourcesContent: undefined,
              mappings: Buffer.from(mutate(Buffer.from(map.mappings), random)).toString("latin1"),
            });
      try {
        const read = await readSourceMap(text, "/somewhere/app.wasm.map");
        for (const source of read.source) assert.ok(source < read.sources.length);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        malformed++;
      }
    }
    assert.ok(malformed > 0);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { toCodeOffset, toModuleOffset } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import * as dw from "../../src/dwarf/constants.ts";
import { DwarfModule } from "../../src/dwarf/dwarf-module.ts";
import { LazyUnit } from "../../src/dwarf/lazy-unit.ts";
import { locationAt } from "../../src/dwarf/location.ts";
import { findSubprogramAt, scopeChainsAt } from "../../src/dwarf/scopes.ts";
import { codeOffsetOf } from "../../src/wasm/code-offsets.ts";
import { readModule } from "../../src/wasm/module.ts";
import { buildDwarf, type DieSpec } from "../support/dwarf-builder.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

const code = (low: number, size: number) => ({
  [dw.DW_AT_low_pc]: { address: low },
  [dw.DW_AT_high_pc]: size,
});

function moduleOf(...roots: readonly DieSpec[]): DwarfModule {
  return new DwarfModule(
    buildDwarf(roots.map((root, index) => ({ root, lowPc: index * 0x100, highPc: index * 0x100 + 0x100 }))),
  );
}

describe("a DIE", () => {
  const module = moduleOf(
    {
      tag: dw.DW_TAG_compile_unit,
      children: [
        {
          tag: dw.DW_TAG_subprogram,
          attributes: { [dw.DW_AT_abstract_origin]: { ref: "abstract" }, ...code(0x10, 0x20) },
          children: [
            { tag: dw.DW_TAG_variable, children: [{ tag: dw.DW_TAG_member }] },
            { tag: dw.DW_TAG_lexical_block },
          ],
        },
        { tag: dw.DW_TAG_variable, attributes: { [dw.DW_AT_const_value]: -3, [dw.DW_AT_external]: true } },
      ],
    },
    {
      tag: dw.DW_TAG_compile_unit,
      children: [
        {
          tag: dw.DW_TAG_subprogram,
          label: "abstract",
          attributes: { [dw.DW_AT_specification]: { ref: "declared" } },
        },
        { tag: dw.DW_TAG_subprogram, label: "declared", attributes: { [dw.DW_AT_name]: "f" } },
      ],
    },
  );
  const root = module.units[0]?.root ?? assert.fail();
  const [body = assert.fail(), variable = assert.fail()] = [...root.children()];

  it("knows its children, and they their parent", () => {
    assert.deepEqual(
      [...body.children()].map(({ tag }) => tag),
      [dw.DW_TAG_variable, dw.DW_TAG_lexical_block],
    );
    assert.equal([...body.children()][1]?.parent?.offset, body.offset);
    assert.equal(root.parent, undefined);
  });

  it("is named through its origin and that one's declaration, in whichever unit", () => {
    assert.equal(body.name, "f");
    assert.equal(root.name, undefined);
  });

  it("gives attributes only as the class they have", () => {
    assert.equal(variable.constant(dw.DW_AT_const_value), -3n);
    assert.equal(variable.flag(dw.DW_AT_external), true);
    assert.equal(variable.flag(dw.DW_AT_declaration), false);
    assert.equal(variable.string(dw.DW_AT_const_value), undefined);
    assert.equal(variable.reference(dw.DW_AT_const_value), undefined);
    assert.equal(variable.expression(dw.DW_AT_const_value), undefined);
  });

  it("knows its code, and has none when the linker dropped it", () => {
    assert.deepEqual(body.ranges(), [{ begin: 0x10, end: 0x30 }]);
    assert.ok(body.contains(toCodeOffset(0x2f)) && !body.contains(toCodeOffset(0x30)));
    const dead = { tag: dw.DW_TAG_subprogram, attributes: code(0xffff_ffff, 0x20) };
    const [die] =
      moduleOf({ tag: dw.DW_TAG_compile_unit, children: [dead] }).units[0]?.root?.children() ?? [];
    assert.deepEqual(die?.ranges(), []);
  });

  it("is found by its offset, and nothing is found between DIEs", () => {
    assert.equal(module.dieAt(body.offset)?.row, body.row);
    assert.equal(module.dieAt(body.offset + 1), undefined);
    assert.equal(module.dieAt(0x7fff_0000), undefined);
  });

  it("outlives its unit's columns", () => {
    const { name } = body;
    const [unit] = module.units;
    assert.ok(unit instanceof LazyUnit);
    unit.forget();
    assert.equal(body.name, name);
  });
});

describe("a module's DWARF", () => {
  it("finds the unit that holds an address", () => {
    const unit = { tag: dw.DW_TAG_compile_unit };
    const module = moduleOf(unit, unit, unit);
    const found = [0, 0xff, 0x100, 0x2ff, 0x300].map(
      (address) => module.unitsAt(toCodeOffset(address))[0]?.index,
    );
    assert.deepEqual(found, [0, 0, 1, 2, undefined]);
  });

  it("drops the units decoded first when it holds too many DIEs", () => {
    let decoded = 0;
    const columns = buildDwarf([
      { root: { tag: dw.DW_TAG_compile_unit } },
      { root: { tag: dw.DW_TAG_compile_unit } },
    ]);
    const many = new Uint16Array(600_000);
    const module = new DwarfModule({
      ...columns,
      dies: (unit) => {
        decoded++;
        return { ...columns.dies(unit), tag: many };
      },
    } as typeof columns);
    const [first, second] = module.units;
    for (const unit of [first, first, second, first, second]) assert.equal(unit?.columns.tag.length, 600_000);
    assert.equal(decoded, 4);
  });

  it("reports what cannot be decoded with section and offset", () => {
    const failure = Object.assign(new Error("cut off"), {
      section: ".debug_info",
      offset: 12,
      reason: "unexpected end",
    });
    const module = new DwarfModule(buildDwarf([{ root: { tag: dw.DW_TAG_compile_unit }, failure }]));
    assert.throws(
      () => module.units[0]?.root,
      (error) =>
        error instanceof MalformedError &&
        error.code === "dwarf" &&
        error.section === ".debug_info" &&
        error.offset === 12,
    );
  });

  it("chooses the location list's entry for the address, else its default", () => {
    const list = [
      { begin: 0x10, end: 0x20, bytes: [1] },
      { begin: 0x20, end: 0x30, bytes: [2] },
    ];
    const entries = [...list, { begin: -1, end: -1, bytes: [3] }];
    const variables = [list, entries].map((of) => ({
      tag: dw.DW_TAG_variable,
      attributes: { [dw.DW_AT_location]: { list: of } },
    }));
    const [root] = moduleOf({ tag: dw.DW_TAG_compile_unit, children: variables }).units;
    const [plain = assert.fail(), withDefault = assert.fail()] = root?.root?.children() ?? [];
    const at = (die: typeof plain, address: number) => {
      const source = locationAt(die, toCodeOffset(address));
      return source.kind === "expression"
        ? [...source.bytes]
        : source.kind === "none"
          ? source.reason
          : source.kind;
    };
    assert.deepEqual([at(plain, 0x1f), at(plain, 0x20), at(plain, 0x30)], [[1], [2], "optimised out here"]);
    assert.deepEqual([at(withDefault, 0x10), at(withDefault, 0x30)], [[1], [3]]);
  });

  it("says of the plainest locations what they come to", () => {
    const [fbreg, slot, value, deref] = [dw.DW_OP_fbreg, dw.DW_OP_WASM_location, dw.DW_OP_stack_value, 0x06];
    const expressions = [
      [fbreg, 0x70],
      [fbreg, 0x90, 0x01],
      [fbreg, 0x70, deref],
      [fbreg, 0x90],
      [slot, 0, 5, value],
      [slot, 0, 5],
      [slot, 1, 5, value],
      [slot, 0, 5, value, value],
    ];
    const variables = expressions.map((bytes) => ({
      tag: dw.DW_TAG_variable,
      attributes: { [dw.DW_AT_location]: bytes },
    }));
    const [unit] = moduleOf({ tag: dw.DW_TAG_compile_unit, children: variables }).units;
    const plain = [...(unit?.root?.children() ?? [])].map((die) => {
      const source = locationAt(die, toCodeOffset(0));
      return source.kind === "expression" ? (source.frameOffset ?? source.local) : source.kind;
    });
    const none = undefined;
    assert.deepEqual(plain, [-16n, 144n, none, none, 5, none, none, none]);
  });
});

describe("scopes at an address", () => {
  it("are the inlined calls of optimised code, innermost first", () => {
    const guest = fixture("steps", "dwarf5.O2");
    const module = readModule(guest.bytes);
    const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
    const { info, dwarf } = openDebugInfo(module, gimli);
    const units = dwarf ?? assert.fail();
    const chains = new Set<string>();
    for (const offset of info.statements().offset) {
      const address = codeOffsetOf(module.code, toModuleOffset(offset));
      const subprogram = findSubprogramAt(units, address) ?? assert.fail(`no subprogram at ${address}`);
      assert.equal(subprogram.offset, info.functionAt(toModuleOffset(offset))?.die?.offset);
      chains.add(
        scopeChainsAt(subprogram, address)
          .map((chain) => chain.function.name)
          .join(" < "),
      );
    }
    // Read off llvm-dwarfdump's DW_TAG_inlined_subroutine entries.
    for (const chain of [
      "is_odd < is_even < main",
      "square < apply < callbacks < main",
      "loops < main",
      "fib",
    ]) {
      assert.ok(chains.has(chain), `${chain} is not among ${[...chains].join(", ")}`);
    }
  });
});

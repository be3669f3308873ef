import assert from "node:assert/strict";
import { MalformedError } from "../../src/base/errors.ts";
import * as dw from "../../src/dwarf/constants.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import type { DieSpec } from "../support/dwarf-builder.ts";
import {
  baseType,
  derivedType,
  functionUnit,
  member,
  named,
  type SymbolGuest,
  symbolGuest,
  variableAt,
} from "../support/symbol-guest.ts";

const int = baseType("int", dw.DW_ATE_signed, 4);
const sane = variableAt(60, "sane", "int");

function guestWith(types: readonly DieSpec[], ...locals: readonly DieSpec[]): SymbolGuest {
  return symbolGuest({
    units: [functionUnit([...locals, sane], [int, ...types])],
    memory: new Uint8Array(64),
  });
}

/** The locals as text, after looking into each as deep as a patient user would. */
async function look(guest: SymbolGuest): Promise<string[]> {
  const [scope = assert.fail("no scopes")] = await guest.symbols.scopes(guest.frame);
  const variables = await scope.variables.children("named", 0, 100);
  for (const variable of variables) await descend(variable, 4);
  return variables.map(({ name, type, value }) => `${name}: ${type} = ${value}`);
}

async function descend(variable: Variable, depth: number): Promise<void> {
  if (depth === 0) return;
  const named = await variable.children("named", 0, 3);
  const indexed = await variable.children("indexed", 0, 3);
  for (const child of [...named, ...indexed]) await descend(child, depth - 1);
}

describe("malformed debug info", () => {
  it("costs a variable with a typedef of itself its value, and no other", async () => {
    const loop = derivedType(dw.DW_TAG_typedef, "loop", "loop", "loop");
    assert.deepEqual(await look(guestWith([loop], variableAt(0, "x", "loop"))), [
      "x: loop = <its type refers to itself>",
      "sane: int = 0",
    ]);
  });

  it("ends at a const of itself, a pointer to itself and an array of itself", async () => {
    const types = [
      derivedType(dw.DW_TAG_const_type, "qualified", "qualified"),
      derivedType(dw.DW_TAG_pointer_type, "pointer", "pointer"),
      {
        ...derivedType(dw.DW_TAG_array_type, "array", "array"),
        children: [{ tag: dw.DW_TAG_subrange_type, attributes: { [dw.DW_AT_count]: 2 } }],
      },
    ];
    const locals = ["qualified", "pointer", "array"].map((type, index) => variableAt(index * 8, type, type));
    const [qualified, pointer, array, last] = await look(guestWith(types, ...locals));
    assert.match(qualified ?? "", /const .*… = <its type refers to itself>/);
    assert.match(pointer ?? "", /= 0x00000000$/);
    assert.match(array ?? "", /= \{…\}$/);
    assert.equal(last, "sane: int = 0");
  });

  it("ends at a struct that contains itself, by name and anonymously", async () => {
    const types = [
      named(dw.DW_TAG_structure_type, "s", { [dw.DW_AT_byte_size]: 8 }, [
        member("s", "s", 0),
        member("i", "int", 4),
      ]),
      named(dw.DW_TAG_structure_type, "t", { [dw.DW_AT_byte_size]: 8 }, [
        ...Array.from({ length: 20 }, () => member(undefined, "t", 0)),
        member("i", "int", 4),
      ]),
      named(dw.DW_TAG_class_type, "u", { [dw.DW_AT_byte_size]: 8 }, [
        ...Array.from({ length: 20 }, () => ({
          tag: dw.DW_TAG_inheritance,
          attributes: { [dw.DW_AT_type]: { ref: "u" } },
        })),
      ]),
    ];
    const guest = guestWith(
      types,
      variableAt(0, "a", "s"),
      variableAt(8, "b", "t"),
      variableAt(16, "c", "u"),
    );
    const [a, b, c, last] = await look(guest);
    assert.match(a ?? "", /^a: struct s = \{s = \{s = \{s = \{…\}/);
    assert.match(b ?? "", /^b: struct t = \{i = 0, i = 0/);
    assert.match(c ?? "", /^c: class u = \{u = /);
    assert.equal(last, "sane: int = 0");
    await assert.rejects(guest.symbols.evaluate(guest.frame, "c.nothing"), /no member/);
  });

  it("shows an array of absurd length without reading it", async () => {
    const array = (label: string, count: number | bigint): DieSpec => ({
      tag: dw.DW_TAG_array_type,
      label,
      attributes: { [dw.DW_AT_type]: { ref: "int" } },
      children: [{ tag: dw.DW_TAG_subrange_type, attributes: { [dw.DW_AT_count]: count } }],
    });
    const types = [array("huge", Number.MAX_SAFE_INTEGER), array("more", 1n << 63n), array("negative", -1)];
    const locals = types.map((type, index) => variableAt(index * 4, `a${index}`, type.label ?? ""));
    const guest = guestWith(types, ...locals);
    const [huge, more, negative] = await look(guest);
    assert.match(huge ?? "", /^a0: int\[9007199254740991\] = \{0, 0, 0/);
    assert.match(more ?? "", /^a1: int\[\] = \{…\}$/);
    assert.match(negative ?? "", /^a2: int\[\] = \{…\}$/);
    assert.ok(guest.reads.every(([, length]) => length <= 8192));
  });

  it("says what is wrong with types that lack what they need", async () => {
    const types: DieSpec[] = [
      { tag: dw.DW_TAG_base_type, label: "bare" },
      {
        tag: dw.DW_TAG_structure_type,
        label: "struct",
        attributes: { [dw.DW_AT_name]: "opaque", [dw.DW_AT_declaration]: true },
      },
      { tag: dw.DW_TAG_enumeration_type, label: "enum", children: [{ tag: dw.DW_TAG_enumerator }] },
      { tag: 0x7777, label: "strange" },
      { tag: dw.DW_TAG_array_type, label: "untyped" },
    ];
    const locals = types.map((type, index) => variableAt(index * 4, `v${index}`, type.label ?? ""));
    const dangling = variableAt(0, "dangling", "nowhere");
    const wide = variableAt(0, "wide", "wide");
    const wideType = baseType("wide", dw.DW_ATE_float, 7);
    assert.deepEqual(await look(guestWith([...types, wideType], ...locals, dangling, wide)), [
      "v0: (unnamed) = 0x",
      "v1: struct opaque = <its type is incomplete>",
      "v2: enum {...} = (unnamed)",
      "v3: ? = <its type has the unsupported tag 0x7777>",
      "v4: void[] = {…}",
      "dangling: ? = <its type is not in this file>",
      "wide: wide = 0x00000000000000",
      "sane: int = 0",
    ]);
  });

  it("ends at a variable that is its own origin", async () => {
    const circle: DieSpec = {
      tag: dw.DW_TAG_variable,
      label: "v",
      attributes: { [dw.DW_AT_abstract_origin]: { ref: "v" } },
    };
    const named_: DieSpec = {
      tag: dw.DW_TAG_variable,
      label: "w",
      attributes: { [dw.DW_AT_name]: "w", [dw.DW_AT_specification]: { ref: "w" } },
    };
    assert.deepEqual(await look(guestWith([], circle, named_)), [
      "w: void = <optimised out>",
      "sane: int = 0",
    ]);
  });

  it("ends at a frame base that is counted from itself", async () => {
    const unit = functionUnit(
      [
        named(dw.DW_TAG_variable, "x", {
          [dw.DW_AT_type]: { ref: "int" },
          [dw.DW_AT_location]: [dw.DW_OP_fbreg, 0],
        }),
      ],
      [int],
    );
    const [body] = unit.root.children ?? [];
    const broken = {
      ...body,
      tag: dw.DW_TAG_subprogram,
      attributes: { ...body?.attributes, [dw.DW_AT_frame_base]: [dw.DW_OP_fbreg, 0] },
    };
    const guest = symbolGuest({ units: [{ ...unit, root: { ...unit.root, children: [broken, int] } }] });
    assert.deepEqual(await look(guest), ["x: int = <its frame base refers to itself>"]);
  });

  it("in one unit does not hide the names of the others", async () => {
    const failure = new MalformedError("dwarf", ".debug_info", 7, "no such abbreviation");
    const broken = { root: { tag: dw.DW_TAG_compile_unit }, failure };
    const last = { root: { tag: dw.DW_TAG_compile_unit, children: [variableAt(60, "far", "int")] } };
    const guest = symbolGuest({ units: [functionUnit([], [int]), broken, last], memory: new Uint8Array(64) });
    assert.equal((await guest.symbols.evaluate(guest.frame, "far")).value, "0");
    await assert.rejects(guest.symbols.evaluate(guest.frame, "nowhere"), /no variable/);
  });

  it("in the frame's own unit leaves the raw Wasm state", async () => {
    const failure = new MalformedError("dwarf", ".debug_info", 7, "no such abbreviation");
    const guest = symbolGuest({ units: [{ ...functionUnit([]), failure }], memory: new Uint8Array(64) });
    const scopes = await guest.symbols.scopes(guest.frame);
    assert.deepEqual(
      scopes.map(({ name }) => name),
      ["Wasm"],
    );
    assert.equal((await guest.symbols.evaluate(guest.frame, "1 + 1")).value, "2");
  });
});

import assert from "node:assert/strict";
import { toFuncIndex } from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import * as dw from "../../src/dwarf/constants.ts";
import type { Scope, Variable } from "../../src/symbols/variable.ts";
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
const char = baseType("char", dw.DW_ATE_signed_char, 1);

const array = (label: string, element: string, count: number) => ({
  tag: dw.DW_TAG_array_type,
  label,
  attributes: { [dw.DW_AT_type]: { ref: element } },
  children: [{ tag: dw.DW_TAG_subrange_type, attributes: { [dw.DW_AT_count]: count } }],
});

async function scope(guest: SymbolGuest, kind: Scope["kind"]): Promise<readonly Variable[]> {
  const scopes = await guest.symbols.scopes(guest.frame);
  const found = scopes.find((of) => of.kind === kind) ?? assert.fail(`no scope ${kind}`);
  return found.variables.children("named", 0, 1000);
}

const shown = (variables: readonly Variable[]) => variables.map(({ name, value }) => `${name} = ${value}`);

describe("scopes", () => {
  it("come as Locals, Globals and Wasm, without those that hold nothing", async () => {
    const full = symbolGuest({
      units: [functionUnit([variableAt(0, "x", "int")], [int, variableAt(4, "g", "int")])],
      memory: new Uint8Array(16),
    });
    assert.deepEqual(
      (await full.symbols.scopes(full.frame)).map(({ name }) => name),
      ["Locals", "Globals", "Wasm"],
    );
    const bare = symbolGuest({ memory: new Uint8Array(16) });
    assert.deepEqual(
      (await bare.symbols.scopes(bare.frame)).map(({ name }) => name),
      ["Wasm"],
    );
  });

  it("list parameters first, then locals as declared, those of inner blocks last", async () => {
    const block = {
      tag: dw.DW_TAG_lexical_block,
      attributes: { [dw.DW_AT_low_pc]: { address: 8 }, [dw.DW_AT_high_pc]: 0x10 },
      children: [variableAt(12, "inner", "int")],
    };
    const elsewhere = {
      tag: dw.DW_TAG_lexical_block,
      attributes: { [dw.DW_AT_low_pc]: { address: 0x20 }, [dw.DW_AT_high_pc]: 0x10 },
      children: [variableAt(12, "elsewhere", "int")],
    };
    const locals = [
      variableAt(0, "a", "int"),
      elsewhere,
      block,
      variableAt(4, "p", "int", dw.DW_TAG_formal_parameter),
    ];
    const guest = symbolGuest({ units: [functionUnit(locals, [int])], memory: new Uint8Array(16) });
    assert.deepEqual(shown(await scope(guest, "locals")), ["p = 0", "a = 0", "inner = 0"]);
    assert.deepEqual(shown(await guest.symbols.parameters(guest.frame)), ["p = 0"]);
  });

  it("tell a shadowed variable by its line, and give it no expression", async () => {
    const outer = { ...variableAt(0, "x", "int") };
    const block = {
      tag: dw.DW_TAG_lexical_block,
      attributes: { [dw.DW_AT_low_pc]: { address: 0 }, [dw.DW_AT_high_pc]: 0x40 },
      children: [variableAt(4, "x", "int")],
    };
    const withLine = { ...outer, attributes: { ...outer.attributes, [dw.DW_AT_decl_line]: 12 } };
    const memory = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);
    const unit = functionUnit([withLine, block], [int, variableAt(8, "x", "int")]);
    const guest = symbolGuest({ units: [unit], memory });
    const locals = await scope(guest, "locals");
    assert.deepEqual(shown(locals), ["x (line 12) = 1", "x = 2"]);
    assert.equal(locals[0]?.evaluateName, undefined);
    const [global] = await scope(guest, "globals");
    assert.equal(global?.evaluateName, "::x");
    assert.equal((await guest.symbols.evaluate(guest.frame, "::x")).value, "3");
    assert.equal((await guest.symbols.evaluate(guest.frame, "x")).value, "2");
  });

  it("show raw locals, globals and memories of the module", async () => {
    const guest = symbolGuest({
      memory: new Uint8Array(65536),
      locals: [
        { type: "i32", value: -1 },
        { type: "ref", value: "null" },
        { type: "unavailable", reason: "not live here" },
      ],
      globals: [
        { type: "i32", value: 65536 },
        { type: "f32", value: 0.5 },
      ],
    });
    const groups = await scope(guest, "wasm");
    assert.deepEqual(shown(groups), [
      "Function = func[3]",
      ...["Locals = 3 locals", "Globals = 2 globals", "Memories = 1 memory"],
    ]);
    const [, locals, globals, memories] = await Promise.all(
      groups.map((group) => group.children("named", 0, 100)),
    );
    assert.deepEqual(shown(locals ?? []), [
      "$local0 first = -1",
      "$local1 = null",
      "$local2 = <not live here>",
    ]);
    assert.deepEqual(shown(globals ?? []), ["$global0 __stack_pointer = 65536", "$global1 = 0.5"]);
    assert.deepEqual(shown(memories ?? []), ["memory 0 = 65536 bytes (1 page)"]);
    assert.deepEqual(
      globals?.map(({ writable }) => writable),
      [true, false],
    );
    const written = await locals?.[0]?.assign("7");
    assert.equal(written?.value, "7");
    assert.deepEqual(guest.locals[0], { type: "i32", value: 7 });
  });

  it("find an extern's definition in another unit", async () => {
    const declared = named(dw.DW_TAG_variable, "shared", {
      [dw.DW_AT_declaration]: true,
      [dw.DW_AT_type]: { ref: "int" },
    });
    const other = { root: { tag: dw.DW_TAG_compile_unit, children: [variableAt(4, "shared", "int")] } };
    const guest = symbolGuest({
      units: [functionUnit([declared], [int]), other],
      memory: Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0),
    });
    assert.deepEqual(shown(await scope(guest, "locals")), ["shared = 9"]);
  });
});

describe("a variable", () => {
  it("pages through the elements of a long array, and reads only those asked for", async () => {
    const memory = new Uint8Array(400_000);
    new Int32Array(memory.buffer).forEach((_, index, all) => {
      all[index] = index;
    });
    const guest = symbolGuest({
      units: [functionUnit([variableAt(0, "a", "int[100000]")], [int, array("int[100000]", "int", 100_000)])],
      memory,
    });
    const [a = assert.fail()] = await scope(guest, "locals");
    assert.deepEqual([a.named, a.indexed], [0, 100_000]);
    const before = guest.reads.length;
    const page = await a.children("indexed", 50_000, 3);
    assert.deepEqual(shown(page), ["[50000] = 50000", "[50001] = 50001", "[50002] = 50002"]);
    assert.deepEqual(guest.reads.slice(before), [[196608, 4096]]);
    assert.deepEqual(await a.children("indexed", 99_999, 10).then(shown), ["[99999] = 99999"]);
    assert.deepEqual(await a.children("named", 0, 10), []);
  });

  it("shows the fields of what a pointer points to, and a scalar target as one child", async () => {
    const types = [
      int,
      char,
      derivedType(dw.DW_TAG_pointer_type, "int*", "int"),
      derivedType(dw.DW_TAG_pointer_type, "point*", "point"),
      derivedType(dw.DW_TAG_pointer_type, "point**", "point*"),
      named(dw.DW_TAG_structure_type, "point", { [dw.DW_AT_byte_size]: 8 }, [
        member("x", "int", 0),
        member("y", "int", 4),
      ]),
    ];
    const memory = new Uint8Array(64);
    const view = new DataView(memory.buffer);
    view.setUint32(0, 16, true);
    view.setUint32(4, 16, true);
    view.setUint32(8, 4, true);
    view.setInt32(16, 3, true);
    view.setInt32(20, 4, true);
    const locals = [variableAt(0, "i", "int*"), variableAt(4, "p", "point*"), variableAt(8, "h", "point**")];
    const guest = symbolGuest({ units: [functionUnit(locals, types)], memory });
    const [i = assert.fail(), p = assert.fail(), h = assert.fail()] = await scope(guest, "locals");
    assert.deepEqual([i.kind, i.memoryReference, i.type], ["pointer", 16n, "int *"]);
    assert.deepEqual(shown(await i.children("named", 0, 10)), ["*i = 3"]);
    assert.deepEqual(shown(await p.children("named", 0, 10)), ["x = 3", "y = 4"]);
    const [target = assert.fail()] = await h.children("named", 0, 10);
    const [x = assert.fail()] = await target.children("named", 0, 1);
    assert.equal(x.evaluateName, "(*h)->x");
    assert.equal((await guest.symbols.evaluate(guest.frame, "(*h)->x")).value, "3");
  });

  it("shows where a pointer that leads nowhere fails, and leaves the others alone", async () => {
    const types = [
      int,
      derivedType(dw.DW_TAG_pointer_type, "point*", "point"),
      named(dw.DW_TAG_structure_type, "point", { [dw.DW_AT_byte_size]: 4 }, [member("x", "int", 0)]),
    ];
    const memory = new Uint8Array(8).fill(0xee, 0, 4);
    const locals = [variableAt(0, "p", "point*"), variableAt(4, "null", "point*"), variableAt(4, "n", "int")];
    const guest = symbolGuest({ units: [functionUnit(locals, types)], memory });
    const [p = assert.fail(), none = assert.fail(), n = assert.fail()] = await scope(guest, "locals");
    assert.equal(p.value, "0xeeeeeeee");
    const [x = assert.fail()] = await p.children("named", 0, 1);
    assert.deepEqual([x.value, x.unavailable], ["<memory out of bounds>", "memory out of bounds"]);
    assert.deepEqual([none.value, none.named, n.value], ["0x00000000", 0, "0"]);
  });

  it("looks through references and names functions behind pointers", async () => {
    const types = [
      int,
      derivedType(dw.DW_TAG_reference_type, "int&", "int"),
      { tag: dw.DW_TAG_subroutine_type, label: "fn", children: [] },
      derivedType(dw.DW_TAG_pointer_type, "fn*", "fn"),
    ];
    const memory = Uint8Array.of(8, 0, 0, 0, 1, 0, 0, 0, 42, 0, 0, 0, 2, 0, 0, 0);
    const locals = [variableAt(0, "r", "int&"), variableAt(4, "f", "fn*"), variableAt(12, "g", "fn*")];
    const guest = symbolGuest({
      units: [functionUnit(locals, types)],
      memory,
      table: [undefined, toFuncIndex(12)],
    });
    const variables = await scope(guest, "locals");
    assert.deepEqual(shown(variables), ["r = 42", "f = 0x00000001 (function12)", "g = 0x00000002"]);
    assert.deepEqual(
      variables.map(({ type }) => type),
      ["int &", "void (*)(void)", "void (*)(void)"],
    );
    assert.equal(variables[0]?.memoryReference, 8n);
    // A pointer to a function is an index in a table, and no place in memory.
    assert.deepEqual(
      variables.slice(1).map(({ memoryReference, codeReference }) => [memoryReference, codeReference]),
      [
        [undefined, 0xc00],
        [undefined, undefined],
      ],
    );
    assert.equal((await variables[0]?.assign("43"))?.value, "43");
    assert.equal(memory[8], 43);
  });

  it("shows integers in hexadecimal when asked, down to its children", async () => {
    const guest = symbolGuest({
      units: [functionUnit([variableAt(0, "a", "int[2]")], [int, array("int[2]", "int", 2)])],
      memory: Uint8Array.of(255, 0, 0, 0, 255, 255, 255, 255),
    });
    const [a = assert.fail()] = await scope(guest, "locals");
    const hex = await a.asHex();
    assert.equal(hex.value, "{0xff, 0xffffffff}");
    assert.deepEqual(shown(await hex.children("indexed", 0, 2)), ["[0] = 0xff", "[1] = 0xffffffff"]);
  });

  it("shows members of anonymous structs and unions as the outer record's own", async () => {
    const types = [
      int,
      char,
      named(dw.DW_TAG_structure_type, "s", { [dw.DW_AT_byte_size]: 8 }, [
        member("a", "int", 0),
        member(undefined, "u", 4),
      ]),
      {
        tag: dw.DW_TAG_union_type,
        label: "u",
        attributes: { [dw.DW_AT_byte_size]: 4 },
        children: [member("whole", "int", 0), member(undefined, "inner", 0)],
      },
      {
        tag: dw.DW_TAG_structure_type,
        label: "inner",
        attributes: { [dw.DW_AT_byte_size]: 2 },
        children: [
          member("low", "char", 0),
          member("bits", "int", 0, { [dw.DW_AT_bit_size]: 4, [dw.DW_AT_data_bit_offset]: 8 }),
        ],
      },
    ];
    const guest = symbolGuest({
      units: [functionUnit([variableAt(0, "s", "s")], types)],
      memory: Uint8Array.of(1, 0, 0, 0, 65, 0x7e, 0, 0),
    });
    const [s = assert.fail()] = await scope(guest, "locals");
    assert.equal(s.value, "{a = 1, whole = 32321, low = 65 'A', bits = -2}");
    assert.equal((await guest.symbols.evaluate(guest.frame, "s.bits")).value, "-2");
  });

  it("reads bit-fields as DWARF 3 described them", async () => {
    const types = [
      int,
      named(dw.DW_TAG_structure_type, "s", { [dw.DW_AT_byte_size]: 4 }, [
        // Counted from the top of a four-byte unit: bits 0 to 3, and 4 to 12.
        member("a", "int", 0, { [dw.DW_AT_byte_size]: 4, [dw.DW_AT_bit_size]: 4, [dw.DW_AT_bit_offset]: 28 }),
        member("b", "int", 0, { [dw.DW_AT_byte_size]: 4, [dw.DW_AT_bit_size]: 9, [dw.DW_AT_bit_offset]: 19 }),
      ]),
    ];
    const guest = symbolGuest({
      units: [functionUnit([variableAt(0, "s", "s")], types)],
      memory: Uint8Array.of(0x57, 0x02, 0, 0),
    });
    assert.deepEqual(shown(await scope(guest, "locals")), ["s = {a = 7, b = 37}"]);
  });

  it("is put together from pieces, and says so when one is missing", async () => {
    const pieces = (second: readonly number[]) => [
      dw.DW_OP_WASM_location,
      0,
      0,
      dw.DW_OP_stack_value,
      dw.DW_OP_piece,
      4,
      ...second,
      dw.DW_OP_piece,
      4,
    ];
    const local = (name: string, location: readonly number[]) =>
      named(dw.DW_TAG_variable, name, { [dw.DW_AT_type]: { ref: "pair" }, [dw.DW_AT_location]: location });
    const types = [
      int,
      named(dw.DW_TAG_structure_type, "pair", { [dw.DW_AT_byte_size]: 8 }, [
        member("a", "int", 0),
        member("b", "int", 4),
      ]),
    ];
    const whole = local("whole", pieces([dw.DW_OP_addr, 0, 0, 0, 0]));
    const half = local("half", pieces([]));
    const guest = symbolGuest({
      units: [functionUnit([whole, half], types)],
      memory: Uint8Array.of(5, 0, 0, 0),
      locals: [{ type: "i32", value: -7 }],
    });
    const [first = assert.fail(), second] = await scope(guest, "locals");
    assert.deepEqual([first.value, second?.value], ["{a = -7, b = 5}", "{a = -7, b = <optimised out>}"]);
    const [a = assert.fail(), b = assert.fail()] = await first.children("named", 0, 2);
    await a.assign("8");
    await b.assign("9");
    assert.deepEqual(guest.locals[0], { type: "i32", value: 8 });
    assert.equal(guest.memory[0], 9);
  });

  it("has its constant, its place in the list, or says that it is optimised out here", async () => {
    const here = [{ begin: 0, end: 0x20, bytes: [dw.DW_OP_lit0 + 3, dw.DW_OP_stack_value] }];
    const elsewhere = [{ begin: 0x20, end: 0x30, bytes: [dw.DW_OP_lit0 + 4, dw.DW_OP_stack_value] }];
    const otherwise = [
      ...elsewhere,
      { begin: -1, end: -1, bytes: [dw.DW_OP_lit0 + 5, dw.DW_OP_stack_value] },
    ];
    const local = (name: string, attributes: NonNullable<typeof int.attributes>) =>
      named(dw.DW_TAG_variable, name, { [dw.DW_AT_type]: { ref: "int" }, ...attributes });
    const locals = [
      local("constant", { [dw.DW_AT_const_value]: -2 }),
      local("here", { [dw.DW_AT_location]: { list: here } }),
      local("elsewhere", { [dw.DW_AT_location]: { list: elsewhere } }),
      local("otherwise", { [dw.DW_AT_location]: { list: otherwise } }),
      local("nowhere", {}),
    ];
    const guest = symbolGuest({ units: [functionUnit(locals, [int])] });
    assert.deepEqual(shown(await scope(guest, "locals")), [
      "constant = -2",
      "here = 3",
      "elsewhere = <optimised out here>",
      "otherwise = 5",
      "nowhere = <optimised out>",
    ]);
  });

  it("rejects as stale once the guest has run on", async () => {
    const guest = symbolGuest({
      units: [functionUnit([variableAt(0, "a", "int[2]")], [int, array("int[2]", "int", 2)])],
      memory: new Uint8Array(8),
    });
    const [a = assert.fail()] = await scope(guest, "locals");
    guest.state = "running";
    await assert.rejects(
      a.children("indexed", 0, 2),
      (error) => error instanceof TargetError && error.code === "stale-stop",
    );
    guest.state = "paused";
    await guest.symbols.scopes({ ...guest.frame, stop: (guest.frame.stop + 1) as typeof guest.frame.stop });
    await assert.rejects(
      a.children("indexed", 0, 2),
      (error) => error instanceof TargetError && error.code === "stale-stop",
    );
  });
});

import assert from "node:assert/strict";
import * as dw from "../../src/dwarf/constants.ts";
import { ExpressionError, type Variable } from "../../src/symbols/variable.ts";
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

/*
 * Memory: a struct node at 0x100 { next = 0x120, v = 7, name = "first" }, another at 0x120 { next = 0,
 * v = -1, name = "2nd" }, and scalars from 0x200 on.
 */
function guest(): SymbolGuest {
  const memory = new Uint8Array(0x1000);
  const view = new DataView(memory.buffer);
  view.setUint32(0x100, 0x120, true);
  view.setInt32(0x104, 7, true);
  memory.set(new TextEncoder().encode("first"), 0x108);
  view.setInt32(0x124, -1, true);
  memory.set(new TextEncoder().encode("2nd"), 0x128);
  view.setUint32(0x200, 0x100, true); // p
  view.setInt32(0x204, -5, true); // i
  view.setUint32(0x208, 0xffffffff, true); // u
  view.setUint8(0x20c, 200); // uc
  view.setInt8(0x20d, -100); // c
  view.setBigInt64(0x210, -(1n << 40n), true); // ll
  view.setFloat32(0x218, 0.5, true); // f
  view.setFloat64(0x220, 2.25, true); // d
  for (let index = 0; index < 4; index++) view.setInt16(0x228 + index * 2, (index + 1) * 10, true); // a
  view.setUint32(0x230, 0, true); // null
  view.setUint32(0x234, 6, true); // color
  view.setUint32(0x238, 0b1011_01101, true); // bits: low 5, next 4 signed
  view.setUint8(0x23c, 1); // b
  view.setInt32(0x240, 99, true); // the global i
  const types = [
    baseType("int", dw.DW_ATE_signed, 4),
    baseType("unsigned int", dw.DW_ATE_unsigned, 4),
    baseType("char", dw.DW_ATE_signed_char, 1),
    baseType("unsigned char", dw.DW_ATE_unsigned_char, 1),
    baseType("short", dw.DW_ATE_signed, 2),
    baseType("long long", dw.DW_ATE_signed, 8),
    baseType("float", dw.DW_ATE_float, 4),
    baseType("double", dw.DW_ATE_float, 8),
    baseType("_Bool", dw.DW_ATE_boolean, 1),
    named(dw.DW_TAG_structure_type, "node", { [dw.DW_AT_byte_size]: 32 }, [
      member("next", "node*", 0),
      member("v", "int", 4),
      member("name", "char[8]", 8),
      member(undefined, "anonymous", 16),
    ]),
    {
      tag: dw.DW_TAG_union_type,
      label: "anonymous",
      attributes: { [dw.DW_AT_byte_size]: 4 },
      children: [member("whole", "unsigned int", 0), member("part", "unsigned char", 0)],
    },
    derivedType(dw.DW_TAG_pointer_type, "node*", "node"),
    derivedType(dw.DW_TAG_typedef, "node_t", "node", "node_t"),
    derivedType(dw.DW_TAG_pointer_type, "int*", "int"),
    derivedType(dw.DW_TAG_reference_type, "int&", "int"),
    {
      tag: dw.DW_TAG_array_type,
      label: "char[8]",
      attributes: { [dw.DW_AT_type]: { ref: "char" } },
      children: [{ tag: dw.DW_TAG_subrange_type, attributes: { [dw.DW_AT_count]: 8 } }],
    },
    {
      tag: dw.DW_TAG_array_type,
      label: "short[4]",
      attributes: { [dw.DW_AT_type]: { ref: "short" } },
      children: [{ tag: dw.DW_TAG_subrange_type, attributes: { [dw.DW_AT_upper_bound]: 3 } }],
    },
    named(
      dw.DW_TAG_enumeration_type,
      "color",
      { [dw.DW_AT_type]: { ref: "unsigned int" }, [dw.DW_AT_byte_size]: 4 },
      [
        named(dw.DW_TAG_enumerator, "RED", { [dw.DW_AT_const_value]: 0 }),
        named(dw.DW_TAG_enumerator, "BLUE", { [dw.DW_AT_const_value]: 6 }),
      ],
    ),
    named(dw.DW_TAG_structure_type, "bits", { [dw.DW_AT_byte_size]: 4 }, [
      member("low", "unsigned int", 0, { [dw.DW_AT_bit_size]: 5, [dw.DW_AT_data_bit_offset]: 0 }),
      member("high", "int", 0, { [dw.DW_AT_bit_size]: 4, [dw.DW_AT_data_bit_offset]: 5 }),
    ]),
    variableAt(0x240, "i", "int"),
    variableAt(0x240, "reference_target", "int"),
    named(dw.DW_TAG_subprogram, "other", {}),
  ];
  view.setUint32(0x244, 0x240, true); // r
  const locals = [
    variableAt(0x200, "p", "node*"),
    variableAt(0x100, "n", "node"),
    variableAt(0x204, "i", "int"),
    variableAt(0x208, "u", "unsigned int"),
    variableAt(0x20c, "uc", "unsigned char"),
    variableAt(0x20d, "c", "char"),
    variableAt(0x210, "ll", "long long"),
    variableAt(0x218, "f", "float"),
    variableAt(0x220, "d", "double"),
    variableAt(0x228, "a", "short[4]"),
    variableAt(0x230, "null", "node*"),
    variableAt(0x234, "color", "color"),
    variableAt(0x238, "bits", "bits"),
    variableAt(0x23c, "b", "_Bool"),
    variableAt(0x244, "r", "int&"),
    named(dw.DW_TAG_variable, "gone", { [dw.DW_AT_type]: { ref: "int" } }),
  ];
  return symbolGuest({
    units: [functionUnit(locals, types)],
    memory,
    locals: [
      { type: "i32", value: 41 },
      { type: "f64", value: 1.5 },
      { type: "unavailable", reason: "not live here" },
    ],
    globals: [{ type: "i64", value: 5n }],
  });
}

describe("evaluate", () => {
  const shared = guest();
  const evaluate = (text: string): Promise<Variable> => shared.symbols.evaluate(shared.frame, text);

  const results: readonly (readonly [text: string, value: string, type?: string])[] = [
    // Paths.
    ["p->next->name[2]", "100 'd'", "char"],
    ["p->name", '"first"', "char[8]"],
    ["(*p).v", "7", "int"],
    ["n.next->v", "-1", "int"],
    ["p.v", "7", "int"],
    ["p->part", "0 '\\0'", "unsigned char"],
    ["&p->v", "0x00000104", "int *"],
    ["*&i", "-5", "int"],
    ["p[1].v", "-1", "int"],
    ["a[1]", "20", "short"],
    ["1[a]", "20", "short"],
    ["*(a + 2)", "30", "short"],
    ["a[-1]", "16386", "short"],
    ["&a[3] - a", "3", "long"],
    ["*a", "10", "short"],
    ["bits.low", "13", "unsigned int"],
    ["bits.high", "-5", "int"],
    ["r", "99", "int"],
    ["r + 1", "100", "int"],
    ["&r", "0x00000240", "int *"],
    ["p->next->next == NULL", "true"],
    ["!null && p", "true"],
    ["null", "0x00000000", "struct node *"],
    // Names.
    ["i", "-5", "int"],
    ["::i", "99", "int"],
    ["color", "BLUE", "enum color"],
    ["RED", "RED", "enum color"],
    ["color == BLUE", "true"],
    ["color - BLUE", "0", "unsigned int"],
    ["(enum color)0", "RED"],
    ["$local0", "41", "i32"],
    ["$local0 + $local1", "42.5", "f64"],
    ["$global0 * 2", "10", "long long"],
    // Conversions.
    ["i + ll * 2", "-2199023255557", "long long"],
    ["u + 1", "0", "unsigned int"],
    ["i < u", "true"],
    ["i < 0u", "false"],
    ["-1 < 1u", "false"],
    ["uc + 100", "300", "int"],
    ["c * c", "10000", "int"],
    ["-u", "1", "unsigned int"],
    ["~uc", "-201", "int"],
    ["u + 1ll", "4294967296", "long long"],
    ["i / 2", "-2", "int"],
    ["i % 3", "-2", "int"],
    ["i >> 1", "-3", "int"],
    ["u >> 28", "15", "unsigned int"],
    ["1 << 31", "-2147483648", "int"],
    ["2147483647 + 1", "-2147483648", "int"],
    ["2147483648 + 1", "2147483649", "long long"],
    ["0x80000000", "2147483648", "unsigned int"],
    ["f * d", "1.125", "double"],
    ["f + 1", "1.5", "float"],
    ["7 / 2.0", "3.5", "double"],
    ["1 / 0.0", "inf", "double"],
    ["b + b", "2", "int"],
    ["bits.low * -1", "-13", "int"],
    ["'a' + 1", "98", "int"],
    ["'a'", "97 'a'", "char"],
    ['"abc"[1]', "98 'b'", "char"],
    ['sizeof("abc")', "4", "unsigned long"],
    // Literals.
    ['R"(a"b)"', '"a\\"b"', "char[4]"],
    ["u'é'", "233 'é'", "char16_t"],
    ["L'a'", "97 'a'", "wchar_t"],
    ['U"x"', '"x"', "char32_t[2]"],
    ['u8"é" == "é"', "true"],
    ["0x1p-1", "0.5", "double"],
    ["1e3f", "1000", "float"],
    ["0b11 + 017 + 1'000", "1018", "int"],
    ["18446744073709551615ull", "18446744073709551615", "unsigned long long"],
    // Raw memory, forms and counts.
    ["$mem[0x104]", "7", "u8"],
    ["$mem[0x104..0x106]", "{7, 0}", "u8[2]"],
    ["i,x", "0xfffffffb"],
    ["uc,b", "0b11001000"],
    ["uc,o", "0o310"],
    ["uc,d", "200"],
    ["100,c", "'d'"],
    ["color,d", "6"],
    ["b,d", "1"],
    ["p->name,d", "{102, 105, 114, 115, 116, 0, 0, 0}"],
    ["a,2", "{10, 20}", "short[2]"],
    ["&a[1],2", "{20, 30}", "short[2]"],
    ["(void *)p->name,s", '0x00000108 "first"'],
    ["(i, u)", "4294967295"],
    ["int(2.7)", "2", "int"],
    ["alignof(struct node)", "4"],
    // Logic.
    ["i && 0", "false"],
    ["0 && *null->next", "false"],
    ["1 || nothing", "true"],
    ["i ? 1 : nothing", "1", "int"],
    ["d > 2 && d < 2.5", "true"],
    ["1, 2", "2", "int"],
    // Casts and sizes.
    ["(unsigned char)i", "251 '\\xfb'", "unsigned char"],
    ["(unsigned char)i & 15", "11", "int"],
    ["(int)d + 1", "3", "int"],
    ["(float)1 / 3", "0.33333334", "float"],
    ["((struct node *)0x120)->v", "-1", "int"],
    ["((node_t *)0x120)->v", "-1", "int"],
    ["(int *)p", "0x00000100", "int *"],
    ["(bool)d", "true", "bool"],
    ["(long long)u", "4294967295", "long long"],
    ["(long)p + 1", "257", "long"],
    ["*(unsigned short *)&i", "65531", "unsigned short"],
    ["sizeof(struct node)", "32", "unsigned long"],
    ["sizeof *p", "32"],
    ["sizeof a / sizeof a[0]", "4"],
    ["sizeof(node_t[3])", "96"],
    ["p + 1", "0x00000120", "struct node *"],
    ["p < p + 1", "true"],
    ["p == 0x100", "true"],
  ];
  for (const [text, value, type] of results) {
    it(`gives ${value} for ${text}`, async () => {
      const variable = await evaluate(text);
      assert.equal(variable.value, value);
      if (type !== undefined) assert.equal(variable.type, type);
    });
  }

  const failures: readonly (readonly [text: string, column: number, message: RegExp])[] = [
    ["x + 1", 0, /no variable `x` here/],
    ["1 + other", 4, /`other` is a function/],
    ["node_t + 1", 0, /`node_t` is a type/],
    ["p->nothing", 3, /struct node has no member `nothing`/],
    ["i.x", 2, /a int has no members/],
    ["n->v", 3, /no pointer: use `\.`/],
    ["*i", 0, /is no pointer/],
    ["i[0]", 1, /has no elements/],
    ["a[d]", 1, /must be an integer/],
    ["1 / 0", 2, /division by zero/],
    ["i % 0", 2, /division by zero/],
    ["d % 2", 2, /needs integers/],
    ["~d", 0, /needs an integer/],
    ["n + 1", 2, /a struct node is no number/],
    ["p * 2", 2, /cannot be applied to a pointer/],
    ["p + p", 2, /two pointers/],
    ["&1", 0, /no address/],
    ["&bits.low", 0, /a bit-field has no address/],
    ["null->v + 1", 8, /null pointer/],
    ["gone + 1", 5, /optimised out/],
    ["&gone", 0, /optimised out/],
    ["(struct nothing)i", 1, /no type `struct nothing`/],
    ["(struct node)i", 0, /cannot be cast/],
    ["$local9", 0, /no Wasm local 9/],
    ["$local2 + 1", 8, /not live here/],
    ["*(int *)0xfffffff0 + 1", 19, /memory out of bounds/],
    ["sizeof(void)", 0, /size of void is unknown/],
  ];
  for (const [text, column, message] of failures) {
    it(`says what is wrong with ${text}`, async () => {
      await assert.rejects(evaluate(text), (error) => {
        assert.ok(error instanceof ExpressionError, `${error}`);
        assert.match(error.message, message);
        assert.equal(error.column, column);
        return true;
      });
    });
  }

  it("gives a variable that is not available as such, not as an error", async () => {
    const variable = await evaluate("gone");
    assert.equal(variable.value, "<optimised out>");
    assert.equal(variable.unavailable, "optimised out");
    assert.equal((await evaluate("null->v")).unavailable, "null pointer");
    assert.equal((await evaluate("*(int *)0xfffffff0")).unavailable, "memory out of bounds");
  });

  it("names its result by the text, so that it can be asked for again", async () => {
    const variable = await evaluate("  p->next ");
    assert.equal(variable.name, "p->next");
    assert.equal(variable.evaluateName, "p->next");
    const [, v] = await variable.children("named", 0, 10);
    assert.equal(v?.evaluateName, "p->next->v");
    assert.equal((await evaluate(v?.evaluateName ?? "")).value, v?.value);
  });
});

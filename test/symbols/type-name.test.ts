import assert from "node:assert/strict";
import { builtinTypes, rustBuiltinTypes } from "../../src/symbols/types/builtin-types.ts";
import type { QualifiedType, RecordType, Type } from "../../src/symbols/types/type.ts";
import { typeName } from "../../src/symbols/types/type-name.ts";

const { int, char, pointerTo } = builtinTypes(4);
const rustPointerTo = rustBuiltinTypes(4).pointerTo;
const array = (element: Type, count: number | undefined): Type => ({
  kind: "array",
  element,
  count,
  strideBytes: undefined,
});
const arrayIn = (language: "rust" | "d" | "zig", element: Type, count: number): Type => ({
  kind: "array",
  element,
  count,
  strideBytes: undefined,
  language,
});
const rustArray = (element: Type, count: number): Type => arrayIn("rust", element, count);
const fn = (result: Type, ...parameters: Type[]): Type => ({
  kind: "function",
  result,
  parameters,
  isVariadic: false,
});
const qualified = (qualifier: QualifiedType["qualifier"], target: Type): Type => ({
  kind: "qualified",
  qualifier,
  target,
});
const struct = (name: string | undefined, keyword: string): RecordType => ({
  kind: "record",
  form: "struct",
  name,
  keyword,
  sizeBytes: 4,
  members: [],
});

describe("typeName", () => {
  const names: readonly (readonly [expected: string, type: Type])[] = [
    ["int", int],
    ["int *", pointerTo(int)],
    ["[int; 4]", rustArray(int, 4)],
    ["[[int; 2]; 4]", rustArray(rustArray(int, 2), 4)],
    ["[4][2]int", arrayIn("zig", arrayIn("zig", int, 2), 4)],
    ["int[2][4]", arrayIn("d", arrayIn("d", int, 2), 4)],
    ["*const [char; 4]", rustPointerTo(rustArray(char, 4))],
    ["*const *const int", rustPointerTo(rustPointerTo(int))],
    ["int **", pointerTo(pointerTo(int))],
    ["int[3]", array(int, 3)],
    ["int[2][3]", array(array(int, 3), 2)],
    ["char[]", array(char, undefined)],
    ["int *[3]", array(pointerTo(int), 3)],
    ["int (*)[3]", pointerTo(array(int, 3))],
    ["int (*)(int, char *)", pointerTo(fn(int, int, pointerTo(char)))],
    ["int (*)(void)", pointerTo(fn(int))],
    ["int (*(*)(char))[2]", pointerTo(fn(pointerTo(array(int, 2)), char))],
    ["int (*[4])(int)", array(pointerTo(fn(int, int)), 4)],
    ["const char *", pointerTo(qualified("const", char))],
    ["char *const", qualified("const", pointerTo(char))],
    ["const char *const[2]", array(qualified("const", pointerTo(qualified("const", char))), 2)],
    ["int *restrict", qualified("restrict", pointerTo(int))],
    ["const volatile int", qualified("const", qualified("volatile", int))],
    ["struct node *", pointerTo(struct("node", "struct"))],
    [
      "ns::node &",
      { kind: "pointer", sigil: "&", name: undefined, sizeBytes: 4, target: struct("ns::node", "") },
    ],
    ["struct {...}", struct(undefined, "struct")],
    ["&str", { kind: "pointer", sigil: "*", name: "&str", sizeBytes: 8, target: int }],
    [
      "int (*)(const char *, ...)",
      pointerTo({
        kind: "function",
        result: int,
        parameters: [pointerTo(qualified("const", char))],
        isVariadic: true,
      }),
    ],
  ];
  for (const [expected, type] of names)
    it(`writes ${expected}`, () => assert.equal(typeName(type), expected));

  it("ends with a type that points to itself", () => {
    const self: Type = {
      kind: "pointer",
      sigil: "*",
      name: undefined,
      sizeBytes: 4,
      get target() {
        return self;
      },
    };
    assert.match(typeName(self), /^…/);
  });
});

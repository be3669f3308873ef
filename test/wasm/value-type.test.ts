import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../src/base/bytes.ts";
import {
  type AbstractHeapType,
  EXNREF,
  EXTERNREF,
  F32,
  F64,
  FUNCREF,
  formatValueType,
  HEAP_TYPES,
  heapTypeOf,
  I8,
  I16,
  I32,
  I64,
  isNullable,
  isReference,
  nonNullRef,
  nonNullTypeRef,
  nullableRef,
  nullableTypeRef,
  readHeapType,
  readReferenceType,
  readStorageType,
  readValueType,
  V128,
  type ValueType,
  writeHeapType,
  writeValueType,
} from "../../src/wasm/value-type.ts";
import { assertMalformed } from "../support/malformed.ts";

const cursorOf = (...bytes: number[]): ByteCursor => new ByteCursor(Uint8Array.of(0xee, ...bytes), "type", 1);
const written = (type: ValueType, write = writeValueType): number[] => {
  const writer = new ByteWriter();
  write(writer, type);
  return [...writer.view()];
};
const NAMES = Object.keys(HEAP_TYPES) as AbstractHeapType[];

describe("value types", () => {
  const cases: readonly (readonly [string, ValueType, readonly number[]])[] = [
    ["i32", I32, [0x7f]],
    ["i64", I64, [0x7e]],
    ["f32", F32, [0x7d]],
    ["f64", F64, [0x7c]],
    ["v128", V128, [0x7b]],
    ["funcref", FUNCREF, [0x70]],
    ["externref", EXTERNREF, [0x6f]],
    ["exnref", EXNREF, [0x69]],
    ["anyref", nullableRef("any"), [0x6e]],
    ["i31ref", nullableRef("i31"), [0x6c]],
    ["nullref", nullableRef("none"), [0x71]],
    ["nullfuncref", nullableRef("nofunc"), [0x73]],
    ["nullexternref", nullableRef("noextern"), [0x72]],
    ["nullexnref", nullableRef("noexn"), [0x74]],
    ["(ref func)", nonNullRef("func"), [0x64, 0x70]],
    ["(ref null 0)", nullableTypeRef(0), [0x63, 0x00]],
    ["(ref 63)", nonNullTypeRef(63), [0x64, 0x3f]],
    ["(ref 64)", nonNullTypeRef(64), [0x64, 0xc0, 0x00]],
    ["(ref null 1048575)", nullableTypeRef(1048575), [0x63, 0xff, 0xff, 0x3f]],
  ];
  for (const [name, type, bytes] of cases) {
    it(`reads and writes ${name}`, () => {
      const cursor = cursorOf(...bytes);
      assert.equal(readValueType(cursor), type);
      assert.ok(cursor.atEnd);
      assert.deepEqual(written(type), bytes);
      assert.equal(formatValueType(type), name);
    });
  }

  it("makes every abstract reference type from its byte, null or not", () => {
    for (const name of NAMES) {
      const byte = HEAP_TYPES[name];
      assert.equal(readValueType(cursorOf(byte)), nullableRef(name));
      assert.equal(readValueType(cursorOf(0x63, byte)), nullableRef(name));
      assert.equal(readValueType(cursorOf(0x64, byte)), nonNullRef(name));
      assert.deepEqual(heapTypeOf(nonNullRef(name)), { kind: "abstract", name });
      assert.deepEqual(written(nullableRef(name)), [byte]);
      assert.deepEqual(written(nonNullRef(name)), [0x64, byte]);
    }
  });

  it("gives different types different numbers that fit a typed array", () => {
    const types = [I8, I16, I32, I64, F32, F64, V128];
    for (const name of NAMES) types.push(nullableRef(name), nonNullRef(name));
    for (const index of [0, 1, 1048575]) types.push(nullableTypeRef(index), nonNullTypeRef(index));
    assert.equal(new Set(types).size, types.length);
    assert.deepEqual([...Uint32Array.from(types)], types);
  });

  it("tells references and null apart", () => {
    assert.deepEqual([I32, I8, FUNCREF, nonNullTypeRef(5)].map(isReference), [false, false, true, true]);
    assert.deepEqual([I32, I8, FUNCREF, nonNullTypeRef(5)].map(isNullable), [false, false, true, false]);
  });

  it("finds what a reference points at", () => {
    assert.deepEqual(heapTypeOf(nullableTypeRef(1048575)), { kind: "concrete", typeIndex: 1048575 });
    assert.deepEqual(heapTypeOf(EXNREF), { kind: "abstract", name: "exn" });
    assert.equal(heapTypeOf(I64), undefined);
  });

  it("reads and writes heap types by themselves", () => {
    assert.equal(readHeapType(cursorOf(0x70)), nonNullRef("func"));
    assert.equal(readHeapType(cursorOf(0x05)), nonNullTypeRef(5));
    assert.deepEqual(written(nullableRef("extern"), writeHeapType), [0x6f]);
    assert.deepEqual(written(nullableTypeRef(200), writeHeapType), [0xc8, 0x01]);
  });

  it("takes packed types where fields may stand, and nowhere else", () => {
    assert.equal(readStorageType(cursorOf(0x78)), I8);
    assert.equal(readStorageType(cursorOf(0x77)), I16);
    assert.equal(readStorageType(cursorOf(0x7f)), I32);
    assert.deepEqual([...written(I8), ...written(I16)], [0x78, 0x77]);
    assertMalformed(() => readValueType(cursorOf(0x78)), {
      code: "bad-value-type",
      section: "type",
      offset: 1,
    });
  });

  it("refuses bytes that are no type", () => {
    for (const byte of [0x00, 0x40, 0x60, 0x65, 0x75, 0x7a, 0x80, 0xff]) {
      assertMalformed(() => readValueType(cursorOf(byte)), {
        code: "bad-value-type",
        section: "type",
        offset: 1,
      });
    }
  });

  it("refuses a reference to no heap type", () => {
    for (const bytes of [
      [0x63, 0x7f],
      [0x64, 0x40],
      [0x64, 0xf0, 0x7f],
    ]) {
      assertMalformed(() => readValueType(cursorOf(...bytes)), {
        code: "bad-value-type",
        section: "type",
        offset: 2,
      });
    }
  });

  it("refuses a type index beyond what any module can have", () => {
    assertMalformed(() => readValueType(cursorOf(0x64, 0x80, 0x80, 0xc0, 0x00)), {
      code: "bad-index",
      section: "type",
      offset: 2,
    });
  });

  it("refuses a number where a reference type must stand", () => {
    assert.equal(readReferenceType(cursorOf(0x70)), FUNCREF);
    assertMalformed(() => readReferenceType(cursorOf(0x7f)), {
      code: "bad-value-type",
      section: "type",
      offset: 1,
    });
  });

  it("refuses a type cut off", () => {
    assertMalformed(() => readValueType(cursorOf()), { code: "unexpected-end", section: "type", offset: 1 });
    assertMalformed(() => readValueType(cursorOf(0x63)), {
      code: "unexpected-end",
      section: "type",
      offset: 2,
    });
  });
});

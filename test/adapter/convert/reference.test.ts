import assert from "node:assert/strict";
import { fromReference, toCodeReference, toMemoryReference } from "../../../adapter/convert/reference.ts";

describe("references to places of a program", () => {
  it("to code are the offset in its module behind a prefix of their own", () => {
    assert.equal(toCodeReference(0x54f), "0xc0de0000054f");
    assert.deepEqual(fromReference("0xc0de0000054f"), { kind: "code", offset: 0x54f });
    assert.deepEqual(fromReference("0xC0DE0000054F", 3), { kind: "code", offset: 0x552 });
    assert.deepEqual(fromReference(toCodeReference(-2)), { kind: "code", offset: -2 });
  });

  it("to the first memory are addresses", () => {
    assert.equal(toMemoryReference(0, 0x1f40n), "0x1f40");
    assert.deepEqual(fromReference("0x1f40"), { kind: "memory", memory: 0, address: 0x1f40n });
    assert.deepEqual(fromReference("8000", -1), { kind: "memory", memory: 0, address: 7999n });
    assert.deepEqual(fromReference("0x0", -1), { kind: "memory", memory: 0, address: -1n });
  });

  it("to other memories, and beyond four gigabytes, are none of these", () => {
    const address = 0x3_0000_0010n;
    for (const memory of [0, 1, 99]) {
      const reference = toMemoryReference(memory, address) ?? "";
      assert.deepEqual(fromReference(reference), { kind: "memory", memory, address });
    }
    assert.deepEqual(fromReference(toMemoryReference(1, 0n) ?? "", -1), {
      kind: "memory",
      memory: 1,
      address: -1n,
    });
  });

  it("are exact for clients that compute in doubles", () => {
    assert.ok(Number.isSafeInteger(Number(toCodeReference(2 ** 32 - 1))));
    assert.ok(Number.isSafeInteger(Number(toMemoryReference(99, 2n ** 40n - 1n))));
  });

  it("are not made for what cannot exist", () => {
    for (const address of [-1n, 2n ** 40n, 0xc0de_0000_0000n, 0xdead_beef_dead_beefn])
      assert.equal(toMemoryReference(0, address), undefined);
    assert.equal(toMemoryReference(200, 0n), undefined);
  });

  it("are not read from what is no number, or the number of nothing", () => {
    for (const text of ["", "main", "0x", "-1", "1.5", "0x54g", "0xffffffffffffffff", "0xc0e000000000"])
      assert.equal(fromReference(text), undefined, text);
  });
});

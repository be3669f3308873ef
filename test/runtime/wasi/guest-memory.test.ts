import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { WasiError } from "../../../runtime/wasi/errno.ts";
import { GuestMemory } from "../../../runtime/wasi/guest-memory.ts";
import { node24 } from "../../support/nodes.ts";

function bound(memory = new WebAssembly.Memory({ initial: 1 })): GuestMemory {
  const guestMemory = new GuestMemory();
  guestMemory.bind(memory);
  return guestMemory;
}

describe("the guest's memory", () => {
  it("reads what it wrote, in little-endian", () => {
    const memory = bound();
    memory.setUint64(8, 0x1122_3344_5566_7788n);
    assert.equal(memory.uint8(8), 0x88);
    assert.equal(memory.uint16(8), 0x7788);
    assert.equal(memory.uint32(8), 0x5566_7788);
    memory.setUint8(8, 1);
    memory.setUint16(9, 0x0203);
    memory.setUint32(11, 0x0405_0607);
    assert.deepEqual([...memory.bytes(8, 8)], [1, 3, 2, 7, 6, 5, 4, 0x11]);
  });

  it("reaches its last byte and answers fault for the one after", () => {
    const memory = bound();
    const last = 65536;
    assert.equal(memory.uint64(last - 8), 0n);
    assert.equal(memory.bytes(last, 0).length, 0);
    const outside = [
      () => memory.bytes(last - 1, 2),
      () => memory.uint8(last),
      () => memory.uint16(last - 1),
      () => memory.uint32(last - 3),
      () => memory.uint64(last - 7),
      () => memory.setUint8(0xffff_ffff, 1),
      () => memory.setUint16(last - 1, 1),
      () => memory.setUint32(last - 3, 1),
      () => memory.setUint64(last - 7, 1n),
    ];
    for (const access of outside) assert.throws(access, new WasiError(21));
  });

  it("follows growth", () => {
    const grows = new WebAssembly.Memory({ initial: 1 });
    const memory = bound(grows);
    memory.setUint8(0, 7);
    grows.grow(1);
    assert.equal(memory.uint8(0), 7);
    assert.equal(memory.uint8(100_000), 0);
  });

  it("follows growth of a shared memory", () => {
    const grows = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const memory = bound(grows);
    assert.throws(() => memory.uint8(100_000), WasiError);
    grows.grow(1);
    assert.equal(memory.uint8(100_000), 0);
    assert.ok(memory.bytes(0, 1).buffer instanceof SharedArrayBuffer);
  });

  it("may be empty, or as large as it can be", () => {
    assert.throws(() => bound(new WebAssembly.Memory({ initial: 0 })).uint8(0), WasiError);
    const memory = bound(new WebAssembly.Memory({ initial: 1, maximum: 1 }));
    assert.equal(memory.uint8(0), 0);
  });

  it("is bound once, and before any access", () => {
    const memory = new GuestMemory();
    assert.throws(() => memory.uint8(0), /came before/);
    memory.bind(new WebAssembly.Memory({ initial: 1 }));
    assert.throws(() => memory.bind(new WebAssembly.Memory({ initial: 1 })), /already/);
  });

  it("takes a memory with 64-bit addresses, and refuses each access to it", async () => {
    const here = import.meta.url;
    const module = new URL(`../../../runtime/wasi/guest-memory${extname(fileURLToPath(here))}`, here);
    const program = `
      import { GuestMemory } from ${JSON.stringify(module.href)};
      const memory = new GuestMemory();
      memory.bind(new WebAssembly.Memory({ initial: 1n, address: "i64" }));
      try {
        memory.uint8(0);
      } catch (error) {
        console.log(error.name, error.code, error.message);
      }`;
    const args = [...process.execArgv, "--input-type=module", "--eval", program];
    const { stdout } = spawnSync(await node24(), args, { encoding: "utf8" });
    assert.match(stdout, /^TargetError unsupported .*64-bit/);
  });
});

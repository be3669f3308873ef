import assert from "node:assert/strict";
import { PageCache } from "../../../src/symbols/memory/page-cache.ts";

/** A cache over `size` bytes that count upwards, some of them at hand, and the reads it made. */
function cacheOver(
  size: number,
  atHand = { from: 0, to: 0 },
): {
  readonly cache: PageCache;
  readonly reads: string[];
  readonly memory: Uint8Array;
} {
  const memory = Uint8Array.from({ length: size }, (_, index) => index % 251);
  const reads: string[] = [];
  const cache = new PageCache(
    async (address, length) => {
      reads.push(`${address}+${length}`);
      return memory.slice(Number(address), Number(address) + length);
    },
    (address, length) => {
      const [start, end] = [Number(address), Number(address) + length];
      return start >= atHand.from && end <= atHand.to ? memory.subarray(start, end) : undefined;
    },
  );
  return { cache, reads, memory };
}

describe("the page cache of a stop", () => {
  it("asks for twenty places close together once", async () => {
    const { cache, reads, memory } = cacheOver(65536);
    const addresses = Array.from({ length: 20 }, (_, index) => 100 + index * 400);
    const all = await Promise.all(addresses.map((address) => cache.read(BigInt(address), 4)));
    assert.deepEqual(
      all,
      addresses.map((address) => memory.slice(address, address + 4)),
    );
    assert.deepEqual(reads, ["0+8192"]);
  });

  it("asks for places far apart separately, but at the same time", async () => {
    const { cache, reads } = cacheOver(1 << 20);
    await Promise.all([cache.read(0n, 4), cache.read(500_000n, 4)]);
    assert.deepEqual(reads, ["0+4096", "499712+4096"]);
  });

  it("reads across pages, and what it has it does not ask for again", async () => {
    const { cache, reads, memory } = cacheOver(65536);
    assert.deepEqual(await cache.read(4090n, 5000), memory.slice(4090, 9090));
    assert.deepEqual(await cache.read(8000n, 8), memory.slice(8000, 8008));
    assert.deepEqual(reads, ["0+12288"]);
  });

  it("answers fewer bytes where memory ends, and none past it", async () => {
    const { cache, memory } = cacheOver(5000);
    assert.deepEqual(await cache.read(4990n, 100), memory.slice(4990));
    assert.deepEqual(await cache.read(4000n, 2000), memory.slice(4000));
    assert.equal((await cache.read(0xffff_fff0n, 4)).length, 0);
    assert.equal((await cache.read(1n << 63n, 4)).length, 0);
  });

  it("reads again what was written over", async () => {
    const { cache, memory } = cacheOver(65536);
    await cache.read(10n, 1);
    memory[10] = 99;
    assert.deepEqual([...(await cache.read(10n, 1))], [10]);
    cache.forget(10n, 1);
    assert.deepEqual([...(await cache.read(10n, 1))], [99]);
  });

  it("answers without asking, and without waiting, what is at hand", async () => {
    const { cache, reads, memory } = cacheOver(16384, { from: 4096, to: 12288 });
    assert.deepEqual(cache.read(5000n, 8), memory.slice(5000, 5008));
    assert.deepEqual(cache.read(8190n, 4), memory.slice(8190, 8194));
    assert.deepEqual(reads, []);
    assert.deepEqual(await cache.read(4090n, 8), memory.slice(4090, 4098));
    assert.deepEqual(reads, ["0+4096"]);
    assert.deepEqual(cache.read(4090n, 8), memory.slice(4090, 4098));
  });

  it("does not keep a failure", async () => {
    let fails = true;
    const cache = new PageCache(async (_address, length) => {
      if (fails) throw new Error("not now");
      return new Uint8Array(length);
    });
    await assert.rejects(async () => cache.read(0n, 1), /not now/);
    fails = false;
    assert.equal((await cache.read(0n, 1)).length, 1);
  });

  it("passes a very long read through", async () => {
    const { cache, reads } = cacheOver(3 << 20);
    assert.equal((await cache.read(5n, 2 << 20)).length, 2 << 20);
    assert.deepEqual(reads, [`5+${2 << 20}`]);
  });
});

import assert from "node:assert/strict";
import { allOf, together, whenKnown } from "../../src/base/awaitable.ts";

describe("a value that may have to be waited for", () => {
  it("is used at once where it is at hand", async () => {
    assert.equal(
      whenKnown(20, (value) => value + 1),
      21,
    );
    const later = whenKnown(Promise.resolve(20), (value) => value + 1);
    assert.ok(later instanceof Promise);
    assert.equal(await later, 21);
  });

  it("makes others wait for it, and keeps their order", async () => {
    assert.deepEqual(together([1, 2]), [1, 2]);
    const some = together([1, Promise.resolve(2), 3]);
    assert.ok(some instanceof Promise);
    assert.deepEqual(await some, [1, 2, 3]);
  });

  it("is begun together with others, before any of them is waited for", async () => {
    const begun: string[] = [];
    const make = (name: string, wait: boolean) => () => {
      begun.push(name);
      return wait ? Promise.resolve(name) : name;
    };
    assert.deepEqual(allOf([make("a", false), make("b", false)]), ["a", "b"]);
    begun.length = 0;
    const all = allOf([make("a", true), make("b", false)]);
    assert.deepEqual(begun, ["a", "b"]);
    assert.deepEqual(await all, ["a", "b"]);
  });

  it("leaves no failure behind that nobody hears of, where another fails at once", async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", listen);
    try {
      const all = allOf<number>([
        () => Promise.reject(new Error("in a while")),
        () => {
          throw new Error("at once");
        },
      ]);
      await assert.rejects(async () => all, /in a while/);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", listen);
    }
    assert.deepEqual(unheard, []);
  });
});

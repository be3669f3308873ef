import assert from "node:assert/strict";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { wasiGuest } from "../../support/wasi-guest.ts";

describe("writing to a standard stream", () => {
  it("hands the bytes over and answers their count", () => {
    const guest = wasiGuest();
    const list = guest.vectors(0, guest.put(100, "hello"));
    assert.equal(guest.call("fd_write", 1, ...list, 40), Errno.success);
    assert.deepEqual(guest.console.writes, [{ stream: "stdout", text: "hello" }]);
    assert.equal(guest.view().getUint32(40, true), 5);
  });

  it("keeps stderr apart from stdout, in order", () => {
    const guest = wasiGuest();
    guest.call("fd_write", 2, ...guest.vectors(0, guest.put(100, "first")), 40);
    guest.call("fd_write", 1, ...guest.vectors(0, guest.put(100, "second")), 40);
    assert.deepEqual(guest.console.writes, [
      { stream: "stderr", text: "first" },
      { stream: "stdout", text: "second" },
    ]);
  });

  it("joins the buffers of one call, leaving out empty ones wherever they point", () => {
    const guest = wasiGuest();
    const list = guest.vectors(0, guest.put(100, "ab"), [0xffff_fff0, 0], guest.put(200, "cd"));
    assert.equal(guest.call("fd_write", 1, ...list, 40), Errno.success);
    assert.deepEqual(guest.console.writes, [{ stream: "stdout", text: "abcd" }]);
    assert.equal(guest.view().getUint32(40, true), 4);
  });

  it("writes large buffers one by one", () => {
    const guest = wasiGuest({ memory: new WebAssembly.Memory({ initial: 2 }) });
    const list = guest.vectors(0, [100, 65536], [200, 1]);
    assert.equal(guest.call("fd_write", 1, ...list, 40), Errno.success);
    assert.deepEqual(
      guest.console.writes.map(({ text }) => text.length),
      [65536, 1],
    );
    assert.equal(guest.view().getUint32(40, true), 65537);
  });

  it("writes nothing for no buffers and for empty ones", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_write", 1, 0, 0, 40), Errno.success);
    assert.equal(guest.call("fd_write", 1, ...guest.vectors(0, [100, 0]), 40), Errno.success);
    assert.deepEqual(guest.console.writes, []);
    assert.equal(guest.view().getUint32(40, true), 0);
  });

  it("writes nothing when any address lies outside of memory", () => {
    const guest = wasiGuest();
    const good = guest.put(100, "x");
    const lists: [string, number, number, number][] = [
      ["a buffer's end", ...guest.vectors(0, good, [65530, 7]), 40],
      ["a buffer's start", ...guest.vectors(16, good, [0x8000_0000, 1]), 40],
      ["a length that wraps", ...guest.vectors(32, good, [100, 0xffff_ffff]), 50],
      ["the list's end", 65532, 1, 40],
      ["a list of hostile length", 0, 0xffff_ffff, 40],
      ["the count", ...guest.vectors(64, good), 65533],
      ["a count beyond 2 GiB", ...guest.vectors(64, good), 0xffff_fffc],
    ];
    for (const [what, list, length, count] of lists) {
      assert.equal(guest.call("fd_write", 1, list, length, count), Errno.fault, what);
    }
    assert.deepEqual(guest.console.writes, []);
  });

  it("takes 1024 buffers of a call and answers a short count", () => {
    const guest = wasiGuest();
    guest.put(60000, "x");
    const list = guest.vectors(0, ...Array.from({ length: 1025 }, () => [60000, 1] as const));
    assert.equal(guest.call("fd_write", 1, ...list, 50000), Errno.success);
    assert.equal(guest.view().getUint32(50000, true), 1024);
  });

  it("never counts more than a guest's ssize_t holds, however often a list names the same bytes", () => {
    const memory = new WebAssembly.Memory({ initial: 32768 });
    const guest = wasiGuest({ memory });
    const lengths: number[] = [];
    guest.console.write = (_stream, bytes) => lengths.push(bytes.length);
    const list = guest.vectors(0, [0, 0x7000_0000], [0, 0x7000_0000], [0, 0x7000_0000]);
    assert.equal(guest.call("fd_write", 1, ...list, 100), Errno.success);
    assert.deepEqual(lengths, [0x7000_0000, 0x0fff_ffff]);
    assert.equal(guest.view().getUint32(100, true), 0x7fff_ffff);
  });

  it("reaches addresses beyond 2 GiB", () => {
    const guest = wasiGuest({ memory: new WebAssembly.Memory({ initial: 32769 }) });
    const list = guest.vectors(0x8000_0010, guest.put(0x8000_0100, "far"));
    assert.equal(guest.call("fd_write", 1, ...list, 0x8000_0000), Errno.success);
    assert.deepEqual(guest.console.writes, [{ stream: "stdout", text: "far" }]);
  });

  it("sees memory that has grown since the last call", () => {
    const guest = wasiGuest();
    guest.call("fd_write", 1, ...guest.vectors(0, guest.put(100, "a")), 40);
    guest.memory.grow(1);
    guest.call("fd_write", 1, ...guest.vectors(0, guest.put(70000, "b")), 40);
    assert.deepEqual(
      guest.console.writes.map(({ text }) => text),
      ["a", "b"],
    );
  });

  it("works on a shared memory", () => {
    const guest = wasiGuest({ memory: new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }) });
    const one = guest.vectors(0, guest.put(100, "shared"));
    assert.equal(guest.call("fd_write", 1, ...one, 40), Errno.success);
    const two = guest.vectors(0, [100, 2], [102, 4]);
    assert.equal(guest.call("fd_write", 1, ...two, 40), Errno.success);
    assert.deepEqual(
      guest.console.writes.map(({ text }) => text),
      ["shared", "shared"],
    );
  });

  it("answers badf for stdin", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_write", 0, ...guest.vectors(0, guest.put(100, "x")), 40), Errno.badf);
  });

  it("lets what ends the guest pass", () => {
    const guest = wasiGuest();
    guest.console.write = () => {
      throw new RangeError("the end");
    };
    const list = guest.vectors(0, guest.put(100, "x"));
    assert.throws(() => guest.call("fd_write", 1, ...list, 40), /the end/);
  });
});

describe("reading from stdin", () => {
  it("takes what is there, up to the buffers' lengths", () => {
    const guest = wasiGuest();
    guest.console.type("abcdefgh");
    assert.equal(
      guest.call("fd_read", 0, ...guest.vectors(0, [100, 2], [200, 0], [300, 4]), 40),
      Errno.success,
    );
    assert.equal(guest.view().getUint32(40, true), 6);
    assert.equal(guest.text(100, 2) + guest.text(300, 4), "abcdef");
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.text(100, guest.view().getUint32(40, true)), "gh");
  });

  it("waits until bytes come", () => {
    const guest = wasiGuest();
    guest.console.onWait = () => guest.console.type("late");
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.text(100, guest.view().getUint32(40, true)), "late");
    assert.deepEqual(guest.console.waits, [undefined]);
  });

  it("goes on waiting when it was woken for something else", () => {
    const guest = wasiGuest();
    guest.console.onWait = () => {
      if (guest.console.waits.length === 3) guest.console.type("x");
    };
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.console.waits.length, 3);
  });

  it("writes into memory that grew while it waited", () => {
    const guest = wasiGuest();
    guest.console.onWait = () => {
      guest.memory.grow(1);
      guest.console.type("grown");
    };
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.text(100, 5), "grown");
    assert.equal(guest.view().getUint32(40, true), 5);
  });

  it("answers no bytes at the end, now and later", () => {
    const guest = wasiGuest();
    guest.console.inputEnded = true;
    for (let i = 0; i < 2; i++) {
      guest.view().setUint32(40, 99, true);
      assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
      assert.equal(guest.view().getUint32(40, true), 0);
    }
    assert.deepEqual(guest.console.waits, []);
  });

  it("ends a wait when the input ends", () => {
    const guest = wasiGuest();
    guest.console.onWait = () => {
      guest.console.inputEnded = true;
    };
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.view().getUint32(40, true), 0);
  });

  it("answers at once when there is no room for bytes", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 0]), 40), Errno.success);
    assert.equal(guest.call("fd_read", 0, 0, 0, 40), Errno.success);
    assert.deepEqual(guest.console.waits, []);
  });

  it("answers again in place of waiting once the guest has set nonblock", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_fdstat_set_flags", 0, 4), Errno.success);
    const list = guest.vectors(0, [100, 10]);
    assert.equal(guest.call("fd_read", 0, ...list, 40), Errno.again);
    guest.console.type("x");
    assert.equal(guest.call("fd_read", 0, ...list, 40), Errno.success);
    assert.deepEqual(guest.console.waits, []);
  });

  it("takes no bytes from stdin when an address lies outside of memory", () => {
    const guest = wasiGuest();
    guest.console.type("kept");
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 2], [65535, 2]), 40), Errno.fault);
    assert.equal(guest.call("fd_read", 0, 65535, 1, 40), Errno.fault);
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 2]), 65534), Errno.fault);
    assert.equal(guest.console.input.length, 1);
  });

  it("reads into a shared memory", () => {
    const guest = wasiGuest({ memory: new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }) });
    guest.console.type("shared");
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 10]), 40), Errno.success);
    assert.equal(guest.text(100, 6), "shared");
  });

  it("answers badf for stdout and stderr", () => {
    const guest = wasiGuest();
    const list = guest.vectors(0, [100, 10]);
    assert.equal(guest.call("fd_read", 1, ...list, 40), Errno.badf);
    assert.equal(guest.call("fd_read", 2, ...list, 40), Errno.badf);
  });
});

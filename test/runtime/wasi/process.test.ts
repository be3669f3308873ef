import assert from "node:assert/strict";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { ExitedWith, wasiGuest } from "../../support/wasi-guest.ts";

const exitOf = (name: string, arg: number): number | undefined => {
  try {
    wasiGuest().call(name, arg);
  } catch (error) {
    if (error instanceof ExitedWith) return error.code;
    throw error;
  }
  return undefined;
};

describe("proc_exit", () => {
  it("ends the guest with its code, as an unsigned number", () => {
    assert.equal(exitOf("proc_exit", 0), 0);
    assert.equal(exitOf("proc_exit", 42), 42);
    assert.equal(exitOf("proc_exit", -1), 0xffff_ffff);
  });
});

describe("proc_raise", () => {
  it("ends the guest with the status a shell shows for the signal", () => {
    assert.equal(exitOf("proc_raise", 6), 134, "abrt");
    assert.equal(exitOf("proc_raise", 11), 139, "segv");
    assert.equal(exitOf("proc_raise", 15), 143, "term");
    assert.equal(exitOf("proc_raise", 23), 152, "xcpu, 24 on Linux");
    assert.equal(exitOf("proc_raise", 30), 159, "sys, 31 on Linux");
  });

  it("ignores signals whose default action is nothing", () => {
    for (const signal of [0, 13, 16, 17, 22, 27]) {
      assert.equal(wasiGuest().call("proc_raise", signal), Errno.success);
    }
  });

  it("does not stop the guest, and says so", () => {
    for (const signal of [18, 19, 20, 21]) assert.equal(wasiGuest().call("proc_raise", signal), Errno.notsup);
  });

  it("answers inval for a signal there is not", () => {
    assert.equal(wasiGuest().call("proc_raise", 31), Errno.inval);
    assert.equal(wasiGuest().call("proc_raise", -1), Errno.inval);
  });
});

describe("sched_yield", () => {
  it("lets the debugger in without waiting", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("sched_yield"), Errno.success);
    assert.deepEqual(guest.console.waits, [0]);
  });
});

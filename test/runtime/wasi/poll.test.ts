import assert from "node:assert/strict";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { inTemporaryFolder } from "../../support/temporary-folder.ts";
import { type WasiGuest, wasiGuest } from "../../support/wasi-guest.ts";

const subscriptionsAt = 1000;
const eventsAt = 3000;
const countAt = 5000;

type Wish =
  | { readonly clock: number; readonly ns: bigint; readonly absolute?: boolean }
  | { readonly read: number }
  | { readonly write: number }
  | { readonly tag: number };

interface Seen {
  readonly userdata: bigint;
  readonly errno: number;
  readonly type: number;
  readonly bytes: bigint;
  readonly flags: number;
}

/** Subscribes to `wishes`, whose userdata are 100n, 101n, …; answers the events. */
function poll(guest: WasiGuest, ...wishes: readonly Wish[]): Seen[] {
  subscribe(guest, wishes);
  assert.equal(guest.call("poll_oneoff", subscriptionsAt, eventsAt, wishes.length, countAt), Errno.success);
  return events(guest);
}

function subscribe(guest: WasiGuest, wishes: readonly Wish[]): void {
  const view = guest.view();
  for (const [i, wish] of wishes.entries()) {
    const at = subscriptionsAt + i * 48;
    view.setBigUint64(at, 100n + BigInt(i), true);
    if ("tag" in wish) view.setUint8(at + 8, wish.tag);
    else if ("clock" in wish) {
      view.setUint8(at + 8, 0);
      view.setUint32(at + 16, wish.clock, true);
      view.setBigUint64(at + 24, wish.ns, true);
      view.setUint16(at + 40, wish.absolute ? 1 : 0, true);
    } else {
      view.setUint8(at + 8, "read" in wish ? 1 : 2);
      view.setUint32(at + 16, "read" in wish ? wish.read : wish.write, true);
    }
  }
}

function events(guest: WasiGuest): Seen[] {
  const view = guest.view();
  return Array.from({ length: view.getUint32(countAt, true) }, (_, i) => {
    const at = eventsAt + i * 32;
    return {
      userdata: view.getBigUint64(at, true),
      errno: view.getUint16(at + 8, true),
      type: view.getUint8(at + 10),
      bytes: view.getBigUint64(at + 16, true),
      flags: view.getUint16(at + 24, true),
    };
  });
}

const timer = (userdata: bigint): Seen => ({ userdata, errno: 0, type: 0, bytes: 0n, flags: 0 });
const ms = 1_000_000n;
const now = (guest: WasiGuest, clock: number): bigint => {
  assert.equal(guest.call("clock_time_get", clock, 0n, 6000), Errno.success);
  return guest.view().getBigUint64(6000, true);
};

describe("poll_oneoff on clocks", () => {
  for (const [name, clock] of [
    ["realtime", 0],
    ["monotonic", 1],
  ] as const) {
    it(`waits for a span of the ${name} clock, through the console`, () => {
      const guest = wasiGuest();
      const start = now(guest, 1);
      assert.deepEqual(poll(guest, { clock, ns: 5n * ms }), [timer(100n)]);
      assert.ok(now(guest, 1) - start >= 5n * ms);
      const first = guest.console.waits[0];
      assert.ok(first !== undefined && first > 0 && first <= 5, `waited ${first} ms`);
    });

    it(`waits for a time of the ${name} clock`, () => {
      const guest = wasiGuest();
      const time = now(guest, clock) + 5n * ms;
      assert.deepEqual(poll(guest, { clock, ns: time, absolute: true }), [timer(100n)]);
      assert.ok(now(guest, clock) >= time);
      assert.ok(guest.console.waits.length > 0);
    });

    it(`does not wait for a time of the ${name} clock that has passed`, () => {
      const guest = wasiGuest();
      const time = now(guest, clock) - 5n * ms;
      assert.deepEqual(poll(guest, { clock, ns: time, absolute: true }), [timer(100n)]);
      assert.deepEqual(guest.console.waits, []);
    });
  }

  it("does not wait for a span of nothing", () => {
    const guest = wasiGuest();
    assert.deepEqual(poll(guest, { clock: 1, ns: 0n }), [timer(100n)]);
    assert.deepEqual(guest.console.waits, []);
  });

  it("waits for the earliest of several and answers those that are due", () => {
    const guest = wasiGuest();
    const wishes = [
      { clock: 1, ns: 3_600_000n * ms },
      { clock: 1, ns: 4n * ms },
      { clock: 1, ns: 4n * ms },
    ];
    assert.deepEqual(poll(guest, ...wishes), [timer(101n), timer(102n)]);
    assert.ok((guest.console.waits[0] ?? Number.NaN) <= 4);
  });

  it("goes on waiting when it was woken early", () => {
    const guest = wasiGuest();
    const start = now(guest, 1);
    let wakes = 0;
    guest.console.onWait = () => wakes++;
    assert.deepEqual(poll(guest, { clock: 1, ns: 1n * ms }), [timer(100n)]);
    assert.ok(now(guest, 1) - start >= 1n * ms);
    assert.ok(wakes > 1);
  });

  it("takes the longest span there is", () => {
    const guest = wasiGuest();
    guest.console.onWait = (timeoutMs) => {
      assert.ok(timeoutMs !== undefined && timeoutMs > 1e13);
      guest.console.inputEnded = true;
    };
    const wishes = [{ clock: 1, ns: 0xffff_ffff_ffff_ffffn }, { read: 0 }];
    assert.deepEqual(poll(guest, ...wishes), [{ userdata: 101n, errno: 0, type: 1, bytes: 0n, flags: 1 }]);
  });

  it("answers notsup for clocks of CPU time and inval for clocks there are not", () => {
    const guest = wasiGuest();
    const wishes = [
      { clock: 2, ns: 0n },
      { clock: 3, ns: 0n },
      { clock: 4, ns: 0n },
    ];
    assert.deepEqual(poll(guest, ...wishes), [
      { ...timer(100n), errno: Errno.notsup },
      { ...timer(101n), errno: Errno.notsup },
      { ...timer(102n), errno: Errno.inval },
    ]);
  });
});

describe("poll_oneoff on standard streams", () => {
  it("finds stdin readable when bytes are there", () => {
    const guest = wasiGuest();
    guest.console.type("x");
    assert.deepEqual(poll(guest, { read: 0 }), [{ userdata: 100n, errno: 0, type: 1, bytes: 1n, flags: 0 }]);
    assert.equal(guest.console.stdinState(), "ready");
  });

  it("finds stdin hung up when it has ended", () => {
    const guest = wasiGuest();
    guest.console.inputEnded = true;
    assert.deepEqual(poll(guest, { read: 0 }), [{ userdata: 100n, errno: 0, type: 1, bytes: 0n, flags: 1 }]);
  });

  it("waits for stdin without a limit", () => {
    const guest = wasiGuest();
    guest.console.onWait = () => guest.console.type("x");
    assert.deepEqual(
      poll(guest, { read: 0 }).map(({ userdata }) => userdata),
      [100n],
    );
    assert.deepEqual(guest.console.waits, [undefined]);
  });

  it("wakes when stdin changes, and only then", () => {
    const guest = wasiGuest();
    const readyBefore: boolean[] = [];
    guest.console.wait = (_timeoutMs, ready) => {
      readyBefore.push(ready());
      guest.console.type("x");
      return ready();
    };
    poll(guest, { read: 0 }, { clock: 1, ns: 60_000n * ms });
    assert.deepEqual(readyBefore, [false]);
  });

  it("is not woken by stdin when it has not asked for it", () => {
    const guest = wasiGuest();
    guest.console.type("x");
    const wait = guest.console.wait.bind(guest.console);
    guest.console.wait = (timeoutMs, ready) => {
      assert.equal(ready(), false);
      return wait(timeoutMs, ready);
    };
    assert.deepEqual(poll(guest, { clock: 1, ns: 2n * ms }), [timer(100n)]);
  });

  it("gives up on stdin when the time is over", () => {
    const guest = wasiGuest();
    assert.deepEqual(poll(guest, { read: 0 }, { clock: 0, ns: 3n * ms }), [timer(101n)]);
  });

  it("finds outputs always writable", () => {
    const guest = wasiGuest();
    assert.deepEqual(poll(guest, { write: 1 }, { read: 0 }, { write: 2 }), [
      { userdata: 100n, errno: 0, type: 2, bytes: 1n, flags: 0 },
      { userdata: 102n, errno: 0, type: 2, bytes: 1n, flags: 0 },
    ]);
    assert.deepEqual(guest.console.waits, []);
  });

  it("answers badf for each descriptor that is not open or open the other way, and serves the rest", () => {
    const guest = wasiGuest();
    guest.console.type("x");
    guest.call("fd_close", 2);
    const wishes = [{ read: 9 }, { write: 2 }, { read: 1 }, { write: 0 }, { read: 0 }];
    assert.deepEqual(
      poll(guest, ...wishes).map(({ userdata, errno, type }) => [userdata, errno, type]),
      [
        [100n, Errno.badf, 1],
        [101n, Errno.badf, 2],
        [102n, Errno.badf, 1],
        [103n, Errno.badf, 2],
        [104n, Errno.success, 1],
      ],
    );
  });

  it("answers notcapable once the guest has given the right up", () => {
    const guest = wasiGuest();
    guest.call("fd_fdstat_set_rights", 1, 1n << 6n, 0n);
    assert.deepEqual(
      poll(guest, { write: 1 }).map(({ errno }) => errno),
      [Errno.notcapable],
    );
  });
});

describe("poll_oneoff on files", () => {
  it("finds them ready, and knows how many bytes are left to read", () => {
    inTemporaryFolder({ file: "contents" }, (folder) => {
      const guest = wasiGuest({ preopens: { "/": folder } });
      const fd = guest.open("file");
      guest.call("fd_read", fd, ...guest.vectors(0, [100, 3]), 40);
      assert.deepEqual(poll(guest, { read: fd }, { write: fd }, { clock: 1, ns: 60_000n * ms }), [
        { userdata: 100n, errno: 0, type: 1, bytes: 5n, flags: 0 },
        { userdata: 101n, errno: 0, type: 2, bytes: 1n, flags: 0 },
      ]);
      guest.call("fd_read", fd, ...guest.vectors(0, [100, 9]), 40);
      assert.equal(guest.text(100, guest.view().getUint32(40, true)), "tents");
      assert.deepEqual(
        poll(guest, { read: fd }).map(({ bytes }) => bytes),
        [0n],
      );
    });
  });

  it("asks for no more than the right to read", () => {
    inTemporaryFolder({ file: "contents" }, (folder) => {
      const guest = wasiGuest({ preopens: { "/": folder } });
      const fd = guest.open("file");
      assert.equal(guest.call("fd_fdstat_set_rights", fd, 2n, 0n), Errno.success);
      assert.deepEqual(
        poll(guest, { read: fd }).map(({ errno, bytes }) => [errno, bytes]),
        [[Errno.success, 1n]],
      );
    });
  });
});

describe("poll_oneoff with bad arguments", () => {
  it("answers inval for no subscriptions", () => {
    assert.equal(wasiGuest().call("poll_oneoff", subscriptionsAt, eventsAt, 0, countAt), Errno.inval);
  });

  it("answers inval for a kind of subscription there is not", () => {
    const guest = wasiGuest();
    subscribe(guest, [{ write: 1 }, { tag: 3 }]);
    assert.equal(guest.call("poll_oneoff", subscriptionsAt, eventsAt, 2, countAt), Errno.inval);
  });

  it("answers fault when anything lies outside of memory", () => {
    const guest = wasiGuest();
    subscribe(guest, [{ write: 1 }]);
    for (const [what, ...args] of [
      ["subscriptions", 65536 - 47, eventsAt, 1, countAt],
      ["events", subscriptionsAt, 65536 - 31, 1, countAt],
      ["count", subscriptionsAt, eventsAt, 1, 65536 - 3],
      ["a hostile number of subscriptions", subscriptionsAt, eventsAt, 0xffff_ffff, countAt],
    ] as const) {
      assert.equal(guest.call("poll_oneoff", ...args), Errno.fault, what);
    }
  });

  it("reads all subscriptions before it writes events over them", () => {
    const guest = wasiGuest();
    subscribe(guest, [{ write: 1 }, { write: 9 }, { write: 2 }]);
    assert.equal(guest.call("poll_oneoff", subscriptionsAt, subscriptionsAt, 3, countAt), Errno.success);
    const found = Array.from({ length: 3 }, (_, i) =>
      guest.view().getBigUint64(subscriptionsAt + i * 32, true),
    );
    assert.deepEqual(found, [100n, 101n, 102n]);
  });
});

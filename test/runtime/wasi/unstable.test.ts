import assert from "node:assert/strict";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { inTemporaryFolder } from "../../support/temporary-folder.ts";
import { type WasiGuest, wasiGuest } from "../../support/wasi-guest.ts";

/** Runs with a guest of `wasi_unstable` and one of preview 1, each with a folder that holds `file`. */
function withBoth(use: (unstable: WasiGuest, current: WasiGuest) => void): void {
  inTemporaryFolder({ file: "contents" }, (folder) => {
    const preopens = { "/": folder };
    use(wasiGuest({ preopens, module: "wasi_unstable" }), wasiGuest({ preopens }));
  });
}

/** Attributes at 1000, with what is beside them. */
function filestat(guest: WasiGuest, layout: { nlink: number; size: number }): Record<string, bigint> {
  const view = guest.view();
  const at = 1000 + layout.size;
  return {
    dev: view.getBigUint64(1000, true),
    ino: view.getBigUint64(1008, true),
    type: BigInt(view.getUint8(1016)),
    nlink: BigInt(view.getUint32(1000 + layout.nlink, true)),
    size: view.getBigUint64(at, true),
    atim: view.getBigUint64(at + 8, true),
    mtim: view.getBigUint64(at + 16, true),
    ctim: view.getBigUint64(at + 24, true),
  };
}
const unstableLayout = { nlink: 20, size: 24 };
const currentLayout = { nlink: 24, size: 32 };

describe("wasi_unstable", () => {
  it("counts the origins of seeking from the current offset", () => {
    withBoth((guest) => {
      const fd = guest.open("file");
      const seek = (offset: bigint, whence: number): bigint => {
        assert.equal(guest.call("fd_seek", fd, offset, whence, 40), Errno.success);
        return guest.view().getBigUint64(40, true);
      };
      assert.equal(seek(-3n, 1), 5n, "from the end");
      assert.equal(seek(1n, 0), 6n, "from the offset");
      assert.equal(seek(2n, 2), 2n, "from the start");
      assert.equal(guest.call("fd_seek", fd, 0n, 3, 40), Errno.inval);
    });
  });

  it("puts attributes into 56 bytes, by descriptor and by path", () => {
    withBoth((guest, current) => {
      current.call("fd_filestat_get", current.open("file"), 1000);
      const expected = filestat(current, currentLayout);
      assert.equal(expected.size, 8n);
      for (const [name, ...args] of [
        ["fd_filestat_get", guest.open("file"), 1000],
        ["path_filestat_get", 3, 0, ...guest.put(100, "file"), 1000],
      ] as const) {
        guest.view().setBigUint64(1056, 0x55n, true);
        assert.equal(guest.call(name, ...args), Errno.success);
        assert.deepEqual(filestat(guest, unstableLayout), expected);
        assert.equal(guest.view().getBigUint64(1056, true), 0x55n, "the bytes after");
      }
    });
  });

  it("describes standard streams in 56 bytes too", () => {
    const guest = wasiGuest({
      module: "wasi_unstable",
      terminal: { stdin: true, stdout: true, stderr: true },
    });
    guest.view().setBigUint64(1056, 0x55n, true);
    assert.equal(guest.call("fd_filestat_get", 1, 1000), Errno.success);
    const { type, nlink, size } = filestat(guest, unstableLayout);
    assert.deepEqual([type, nlink, size], [2n, 1n, 0n]);
    assert.equal(guest.view().getBigUint64(1056, true), 0x55n);
  });

  it("leaves the bytes after alone when there is no such file", () => {
    withBoth((guest) => {
      guest.view().setBigUint64(1056, 0x55n, true);
      assert.equal(guest.call("path_filestat_get", 3, 0, ...guest.put(100, "none"), 1000), 44);
      assert.equal(guest.call("fd_filestat_get", 9, 1000), Errno.badf);
      assert.equal(guest.view().getBigUint64(1056, true), 0x55n);
    });
  });

  it("answers fault for attributes outside of memory", () => {
    assert.equal(wasiGuest({ module: "wasi_unstable" }).call("fd_filestat_get", 1, 65530), Errno.fault);
  });

  it("has subscriptions of 56 bytes, whose clocks begin with an identifier", () => {
    const guest = wasiGuest({ module: "wasi_unstable" });
    const view = guest.view();
    view.setBigUint64(1000, 100n, true);
    view.setUint8(1008, 0);
    view.setBigUint64(1016, 0xffff_ffffn, true);
    view.setUint32(1024, 1, true);
    view.setBigUint64(1032, 2_000_000n, true);
    view.setBigUint64(1056, 101n, true);
    view.setUint8(1064, 1);
    view.setUint32(1072, 0, true);
    assert.equal(guest.call("poll_oneoff", 1000, 2000, 2, 40), Errno.success);
    assert.equal(view.getUint32(40, true), 1);
    assert.equal(view.getBigUint64(2000, true), 100n);
    assert.equal(view.getUint16(2008, true), 0);
    guest.console.type("x");
    view.setBigUint64(1032, 60_000_000_000n, true);
    assert.equal(guest.call("poll_oneoff", 1000, 2000, 2, 40), Errno.success);
    assert.equal(view.getBigUint64(2000, true), 101n);
  });

  it("reads and writes as preview 1 does", () => {
    const guest = wasiGuest({ module: "wasi_unstable" });
    assert.equal(guest.call("fd_write", 1, ...guest.vectors(0, guest.put(100, "old")), 40), Errno.success);
    assert.deepEqual(guest.console.writes, [{ stream: "stdout", text: "old" }]);
  });
});

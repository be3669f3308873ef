import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { inTemporaryFolder } from "../../support/temporary-folder.ts";
import { type WasiGuest, type WasiGuestOptions, wasiGuest } from "../../support/wasi-guest.ts";

const seekAndTell = (1n << 2n) | (1n << 5n);

function fdstat(
  guest: WasiGuest,
  fd: number,
): { type: number; flags: number; rights: bigint; inheriting: bigint } {
  assert.equal(guest.call("fd_fdstat_get", fd, 1000), Errno.success);
  const view = guest.view();
  return {
    type: view.getUint8(1000),
    flags: view.getUint16(1002, true),
    rights: view.getBigUint64(1008, true),
    inheriting: view.getBigUint64(1016, true),
  };
}

const write = (guest: WasiGuest, fd: number, text: string): number =>
  guest.call("fd_write", fd, ...guest.vectors(0, guest.put(100, text)), 40);

/** A guest with a folder that holds `file.txt`, and that file's contents afterwards. */
function withFile(use: (guest: WasiGuest) => void, options: WasiGuestOptions = {}): string {
  return inTemporaryFolder({ "file.txt": "contents" }, (folder) => {
    use(wasiGuest({ ...options, preopens: { "/": folder } }));
    return readFileSync(join(folder, "file.txt"), "utf8");
  });
}

describe("fd_fdstat_get", () => {
  it("describes a terminal as a character device that can neither seek nor tell", () => {
    const guest = wasiGuest({ terminal: { stdin: true, stdout: true, stderr: true } });
    for (const fd of [0, 1, 2]) {
      const { type, rights } = fdstat(guest, fd);
      assert.equal(type, 2);
      assert.equal(rights & seekAndTell, 0n);
    }
  });

  it("describes a pipe as of unknown type", () => {
    const guest = wasiGuest({ terminal: { stdin: false, stdout: true, stderr: false } });
    assert.deepEqual(
      [0, 1, 2].map((fd) => fdstat(guest, fd).type),
      [0, 2, 0],
    );
  });

  it("gives the right to read for stdin only and to write for the outputs only", () => {
    const guest = wasiGuest();
    const readAndWrite = (fd: number): bigint => fdstat(guest, fd).rights & 0b100_0010n;
    assert.deepEqual([0, 1, 2].map(readAndWrite), [0b10n, 0b100_0000n, 0b100_0000n]);
  });

  it("overwrites all 24 bytes and no others", () => {
    const guest = wasiGuest();
    new Uint8Array(guest.memory.buffer, 990, 50).fill(0xff);
    const { flags, inheriting } = fdstat(guest, 1);
    assert.deepEqual({ flags, inheriting }, { flags: 0, inheriting: 0n });
    assert.equal(guest.view().getUint8(999), 0xff);
    assert.equal(guest.view().getUint8(1024), 0xff);
  });

  it("answers fault outside of memory and badf for a descriptor that is not open", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_fdstat_get", 1, 65536 - 23), Errno.fault);
    assert.equal(guest.call("fd_fdstat_get", 9, 0), Errno.badf);
  });

  it("describes a file as one", () => {
    withFile((guest) => assert.equal(fdstat(guest, guest.open("file.txt")).type, 4));
  });
});

describe("fd_fdstat_set_flags", () => {
  it("is seen by fd_fdstat_get", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_fdstat_set_flags", 1, 5), Errno.success);
    assert.equal(fdstat(guest, 1).flags, 5);
    assert.equal(fdstat(guest, 2).flags, 0);
  });

  it("answers inval for flags there are not", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_fdstat_set_flags", 1, 32), Errno.inval);
    assert.equal(guest.call("fd_fdstat_set_flags", 1, -1), Errno.inval);
    assert.equal(fdstat(guest, 1).flags, 0);
  });

  it("works on a file", () => {
    const contents = withFile((guest) => {
      const fd = guest.open("file.txt");
      assert.equal(guest.call("fd_fdstat_set_flags", fd, 1), Errno.success);
      assert.equal(write(guest, fd, ", appended"), Errno.success);
    });
    assert.equal(contents, "contents, appended");
  });
});

describe("fd_fdstat_set_rights", () => {
  it("takes rights away for good", () => {
    const guest = wasiGuest();
    const { rights } = fdstat(guest, 1);
    const less = rights & ~0b100_0000n;
    assert.equal(guest.call("fd_fdstat_set_rights", 1, less, 0n), Errno.success);
    assert.equal(fdstat(guest, 1).rights, less);
    assert.equal(write(guest, 1, "x"), Errno.notcapable);
    assert.equal(guest.call("fd_fdstat_set_rights", 1, rights, 0n), Errno.notcapable);
    assert.equal(write(guest, 1, "x"), Errno.notcapable);
  });

  it("holds for reading, flags and attributes too", () => {
    const guest = wasiGuest();
    guest.console.type("x");
    assert.equal(guest.call("fd_fdstat_set_rights", 0, 0n, 0n), Errno.success);
    assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 1]), 40), Errno.notcapable);
    assert.equal(guest.call("fd_fdstat_set_flags", 0, 4), Errno.notcapable);
    assert.equal(guest.call("fd_filestat_get", 0, 1000), Errno.notcapable);
  });

  it("adds none", () => {
    const guest = wasiGuest();
    const { rights } = fdstat(guest, 0);
    assert.equal(guest.call("fd_fdstat_set_rights", 0, rights | seekAndTell, 0n), Errno.notcapable);
    assert.equal(guest.call("fd_fdstat_set_rights", 0, -1n, 0n), Errno.notcapable);
    assert.equal(guest.call("fd_fdstat_set_rights", 0, rights, 1n), Errno.notcapable);
    assert.equal(fdstat(guest, 0).rights, rights);
  });

  it("works on a file", () => {
    withFile((guest) => {
      const fd = guest.open("file.txt");
      assert.equal(guest.call("fd_fdstat_set_rights", fd, 2n, 0n), Errno.success);
      assert.equal(fdstat(guest, fd).rights, 2n);
    });
  });
});

describe("fd_filestat_get", () => {
  it("answers a stream's type, one link and nothing else", () => {
    const guest = wasiGuest({ terminal: { stdin: false, stdout: true, stderr: false } });
    new Uint8Array(guest.memory.buffer, 990, 80).fill(0xff);
    assert.equal(guest.call("fd_filestat_get", 1, 1000), Errno.success);
    const expected = new Uint8Array(64);
    expected[16] = 2;
    expected[24] = 1;
    assert.deepEqual(new Uint8Array(guest.memory.buffer.slice(1000, 1064)), expected);
    assert.equal(guest.view().getUint8(1064), 0xff);
  });

  it("answers fault outside of memory", () => {
    assert.equal(wasiGuest().call("fd_filestat_get", 1, 65536 - 63), Errno.fault);
  });

  it("answers a file's size", () => {
    withFile((guest) => {
      assert.equal(guest.call("fd_filestat_get", guest.open("file.txt"), 1000), Errno.success);
      assert.equal(guest.view().getBigUint64(1032, true), 8n);
    });
  });
});

describe("fd_close", () => {
  it("makes a stream's descriptor a bad one", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_close", 1), Errno.success);
    assert.equal(write(guest, 1, "x"), Errno.badf);
    assert.equal(guest.call("fd_fdstat_get", 1, 1000), Errno.badf);
    assert.equal(guest.call("fd_close", 1), Errno.badf);
    assert.deepEqual(guest.console.writes, []);
  });

  it("leaves the other streams open", () => {
    const guest = wasiGuest();
    guest.call("fd_close", 0);
    assert.equal(write(guest, 2, "x"), Errno.success);
    assert.deepEqual(guest.console.writes, [{ stream: "stderr", text: "x" }]);
  });

  it("frees the number for the next file", () => {
    const contents = withFile((guest) => {
      guest.call("fd_close", 1);
      assert.equal(guest.open("file.txt"), 1);
      assert.equal(write(guest, 1, "CONTENTS"), Errno.success);
      assert.deepEqual(guest.console.writes, []);
    });
    assert.equal(contents, "CONTENTS");
  });
});

describe("fd_renumber", () => {
  it("puts a file in a stream's place", () => {
    const contents = withFile((guest) => {
      const fd = guest.open("file.txt");
      assert.equal(guest.call("fd_renumber", fd, 1), Errno.success);
      assert.equal(write(guest, 1, "to the"), Errno.success);
      assert.equal(guest.call("fd_fdstat_get", fd, 1000), Errno.badf);
      assert.equal(guest.call("fd_seek", 1, 0n, 0, 1000), Errno.success);
      assert.deepEqual(guest.console.writes, []);
    });
    assert.equal(contents, "to thets");
  });

  it("puts a file in stdin's place", () => {
    withFile((guest) => {
      guest.console.type("not this");
      assert.equal(guest.call("fd_renumber", guest.open("file.txt"), 0), Errno.success);
      assert.equal(guest.call("fd_read", 0, ...guest.vectors(0, [100, 8]), 40), Errno.success);
      assert.equal(guest.text(100, 8), "contents");
    });
  });

  it("puts a stream in another's place", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_renumber", 1, 2), Errno.success);
    assert.equal(write(guest, 2, "out"), Errno.success);
    assert.equal(write(guest, 1, "gone"), Errno.badf);
    assert.deepEqual(guest.console.writes, [{ stream: "stdout", text: "out" }]);
  });

  it("puts a stream in a file's place and back", () => {
    const contents = withFile((guest) => {
      const fd = guest.open("file.txt");
      assert.equal(guest.call("fd_renumber", 1, fd), Errno.success);
      assert.equal(write(guest, fd, "a"), Errno.success);
      assert.equal(guest.open("file.txt"), 1);
      assert.equal(guest.call("fd_renumber", fd, 1), Errno.success);
      assert.equal(write(guest, 1, "b"), Errno.success);
      assert.deepEqual(
        guest.console.writes.map(({ stream, text }) => stream + text),
        ["stdouta", "stdoutb"],
      );
    });
    assert.equal(contents, "contents");
  });

  it("changes nothing when a number is renumbered to itself", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_renumber", 1, 1), Errno.success);
    assert.equal(write(guest, 1, "x"), Errno.success);
  });

  it("answers badf when either is not open, and changes nothing", () => {
    const guest = wasiGuest();
    assert.equal(guest.call("fd_renumber", 9, 1), Errno.badf);
    assert.equal(guest.call("fd_renumber", 1, 9), Errno.badf);
    assert.equal(write(guest, 1, "x"), Errno.success);
  });
});

import assert from "node:assert/strict";
import { Errno } from "../../../runtime/wasi/errno.ts";
import { inTemporaryFolder } from "../../support/temporary-folder.ts";
import { wasiGuest } from "../../support/wasi-guest.ts";

/** Calls with a standard stream for a descriptor, the rest as it must be. */
const onStreams: readonly (readonly [errno: number, name: string, ...args: (number | bigint)[]])[] = [
  [Errno.spipe, "fd_advise", 1, 0n, 0n, 0],
  [Errno.spipe, "fd_allocate", 1, 0n, 1n],
  [Errno.spipe, "fd_pread", 0, 0, 1, 0n, 40],
  [Errno.spipe, "fd_pwrite", 1, 0, 1, 0n, 40],
  [Errno.spipe, "fd_seek", 1, 0n, 1, 40],
  [Errno.spipe, "fd_tell", 2, 40],
  [Errno.inval, "fd_datasync", 1],
  [Errno.inval, "fd_sync", 1],
  [Errno.inval, "fd_filestat_set_size", 1, 0n],
  [Errno.inval, "fd_filestat_set_times", 1, 0n, 0n, 0],
  [Errno.badf, "fd_prestat_get", 1, 40],
  [Errno.badf, "fd_prestat_dir_name", 1, 40, 1],
  [Errno.notdir, "fd_readdir", 0, 40, 100, 0n, 50],
  [Errno.notdir, "path_create_directory", 0, 100, 4],
  [Errno.notdir, "path_filestat_get", 0, 0, 100, 4, 200],
  [Errno.notdir, "path_filestat_set_times", 0, 0, 100, 4, 0n, 0n, 0],
  [Errno.notdir, "path_open", 0, 0, 100, 4, 0, 2n, 0n, 0, 200],
  [Errno.notdir, "path_readlink", 0, 100, 4, 200, 10, 300],
  [Errno.notdir, "path_remove_directory", 0, 100, 4],
  [Errno.notdir, "path_unlink_file", 0, 100, 4],
  [Errno.notdir, "path_rename", 0, 100, 4, 3, 104, 4],
  [Errno.notdir, "path_rename", 3, 100, 4, 0, 104, 4],
  [Errno.notdir, "path_link", 0, 0, 100, 4, 3, 104, 4],
  [Errno.notdir, "path_link", 3, 0, 100, 4, 0, 104, 4],
  [Errno.notdir, "path_symlink", 100, 4, 0, 104, 4],
  [Errno.notsock, "sock_accept", 0, 0, 40],
  [Errno.notsock, "sock_recv", 0, 0, 1, 0, 40, 44],
  [Errno.notsock, "sock_send", 1, 0, 1, 0, 40],
  [Errno.notsock, "sock_shutdown", 1, 1],
];

describe("a call that makes no sense on a standard stream", () => {
  for (const [errno, name, ...args] of onStreams) {
    it(`is refused with errno ${errno}: ${name}(${args.join(", ")})`, () => {
      inTemporaryFolder({ file: "contents" }, (folder) => {
        const guest = wasiGuest({ preopens: { "/": folder } });
        guest.put(100, "filenone");
        guest.vectors(0, [100, 4]);
        const before = guest.memory.buffer.slice(0);
        assert.equal(guest.call(name, ...args), errno);
        assert.deepEqual(guest.memory.buffer, before);
        assert.deepEqual(guest.console.writes, []);
      });
    });
  }

  it("is not refused on files and folders", () => {
    inTemporaryFolder({ file: "contents" }, (folder) => {
      const guest = wasiGuest({ preopens: { "/": folder } });
      const fd = guest.open("file");
      assert.equal(guest.call("fd_pread", fd, ...guest.vectors(0, [200, 4]), 3n, 40), Errno.success);
      assert.equal(guest.text(200, 4), "tent");
      assert.equal(
        guest.call("path_rename", 3, ...guest.put(100, "file"), 3, ...guest.put(110, "new")),
        Errno.success,
      );
      assert.equal(guest.call("fd_prestat_get", 3, 300), Errno.success);
      assert.equal(guest.view().getUint32(304, true), 1);
    });
  });
});

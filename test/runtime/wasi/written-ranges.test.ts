import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writtenBy } from "../../../runtime/wasi/written-ranges.ts";
import { type WasiGuest, wasiGuest } from "../../support/wasi-guest.ts";

/** A call, what its results are laid out as that no byte is written of, and what it needs. */
interface Call {
  readonly name: string;
  /** Of each result: bytes between its fields, by address. */
  readonly padding?: readonly number[];
  readonly args: (guest: WasiGuest) => readonly (number | bigint)[];
}

/** Where results are asked for; input lies elsewhere. */
const result = 4096;
const list = 128;
const path = 1024;

const opened = (guest: WasiGuest): number => guest.open("file.txt");
const buffers = (guest: WasiGuest) =>
  guest.vectors(list, [result + 64, 3], [result + 80, 0], [result + 96, 40]);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** In the heads of two entries, which have names of 8 bytes. */
const inEntries = [...range(64 + 21, 64 + 24), ...range(96 + 21, 96 + 24)];

const calls: readonly Call[] = [
  { name: "args_get", args: () => [result, result + 64] },
  { name: "args_sizes_get", args: () => [result, result + 64] },
  { name: "environ_get", args: () => [result, result + 64] },
  { name: "environ_sizes_get", args: () => [result, result + 64] },
  { name: "clock_res_get", args: () => [1, result] },
  { name: "clock_time_get", args: () => [1, 1n, result] },
  { name: "fd_fdstat_get", args: (guest) => [opened(guest), result], padding: [1, ...range(4, 8)] },
  { name: "fd_fdstat_get", args: () => [1, result], padding: [1, ...range(4, 8)] },
  { name: "fd_filestat_get", args: (guest) => [opened(guest), result], padding: range(17, 24) },
  { name: "fd_pread", args: (guest) => [opened(guest), ...buffers(guest), 0n, result] },
  { name: "fd_read", args: (guest) => [opened(guest), ...buffers(guest), result] },
  {
    name: "fd_read",
    args: (guest) => {
      guest.console.type("typed");
      return [0, ...buffers(guest), result];
    },
  },
  { name: "fd_prestat_get", args: () => [3, result], padding: range(1, 4) },
  { name: "fd_prestat_dir_name", args: () => [3, result, 5] },
  { name: "fd_write", args: (guest) => [1, ...guest.vectors(list, guest.put(path, "text")), result] },
  {
    name: "fd_pwrite",
    args: (guest) => [opened(guest), ...guest.vectors(list, guest.put(path, "more")), 0n, result],
  },
  { name: "fd_readdir", args: () => [3, result + 64, 100, 0n, result], padding: inEntries },
  { name: "fd_readdir", args: () => [3, result + 64, 1000, 0n, result], padding: inEntries },
  { name: "fd_seek", args: (guest) => [opened(guest), 1n, 0, result] },
  { name: "fd_tell", args: (guest) => [opened(guest), result] },
  {
    name: "path_filestat_get",
    args: (guest) => [3, 0, ...guest.put(path, "file.txt"), result],
    padding: range(17, 24),
  },
  { name: "path_open", args: (guest) => [3, 0, ...guest.put(path, "file.txt"), 0, 2n, 2n, 0, result] },
  { name: "path_readlink", args: (guest) => [3, ...guest.put(path, "link.txt"), result + 64, 100, result] },
  // Any byte may be what has been there.
  { name: "random_get", args: () => [result, 4000], padding: range(0, 4000) },
  {
    name: "poll_oneoff",
    args: (guest) => {
      // A clock that has run out.
      guest.view().setBigUint64(list, 7n, true);
      guest.view().setUint8(list + 8, 0);
      guest.view().setUint32(list + 16, 1, true);
      guest.view().setBigUint64(list + 24, 0n, true);
      guest.view().setBigUint64(list + 32, 0n, true);
      guest.view().setUint16(list + 40, 0, true);
      return [list, result + 64, 1, result];
    },
    // What an event of a clock has no use for.
    padding: [...range(64 + 11, 64 + 32)],
  },
];

describe("what a WASI call is said to write", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-written-"));
    writeFileSync(join(folder, "file.txt"), "the content of a file");
    symlinkSync("file.txt", join(folder, "link.txt"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const module of ["wasi_snapshot_preview1", "wasi_unstable"] as const) {
    calls.forEach(({ name, args, padding = [] }, number) => {
      it(`is what it does write: ${name} (${number}) of ${module}`, () => {
        const argv = ["program", "of", "three"];
        const env = { NAME: "value", OTHER: "ä" };
        /** Makes the call with memory filled with a byte; answers what is there then. */
        const made = (fill: number) => {
          const guest = wasiGuest({ args: argv, env, preopens: { "/data": folder }, module });
          // Not the last byte: node:wasi looks for an end behind each path, and crashes where memory has none.
          new Uint8Array(guest.memory.buffer, 0, 65535).fill(fill);
          const given = args(guest);
          const written = guest.writtenBy(name);
          assert.ok(written);
          const foreseen = written(given, guest.view());
          const errno = guest.call(name, ...given);
          assert.equal(errno, 0);
          const ranges = foreseen(guest.view());
          return { ranges, bytes: new Uint8Array(guest.memory.buffer).slice(result, result + 4096) };
        };
        const [a, b] = [made(0xaa), made(0x55)];
        const said = new Set(a.ranges.flatMap(({ address, length }) => range(address, address + length)));
        const isPadding = new Set(padding.map((offset) => result + offset));
        const differing: string[] = [];
        a.bytes.forEach((byte, offset) => {
          const isWritten = !(byte === 0xaa && b.bytes[offset] === 0x55);
          const at = result + offset;
          if (isWritten && !said.has(at)) differing.push(`${offset} is written, and was not said`);
          if (!isWritten && said.has(at) && !isPadding.has(at)) differing.push(`${offset} is not written`);
        });
        assert.deepEqual(differing, []);
      });
    });
  }

  it("is nothing for calls that write nothing, and buffers outside of memory are no reason to fail", () => {
    const table = writtenBy(
      { args: { count: 0, bytes: 0 }, env: { count: 0, bytes: 0 } },
      { isUnstable: false },
    );
    assert.equal(table.get("fd_close"), undefined);
    const read = table.get("fd_read")?.(
      [0, 0xffff_fff0, 1000, 0xffff_fffc],
      new DataView(new ArrayBuffer(64)),
    );
    assert.deepEqual(read?.(new DataView(new ArrayBuffer(64))), [{ address: 0xffff_fffc, length: 4 }]);
  });
});

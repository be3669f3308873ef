import { importable } from "./calls.ts";
import type { GuestConsole } from "./console.ts";
import { descriptorCalls } from "./descriptors.ts";
import { GuestMemory } from "./guest-memory.ts";
import { openNodeWasi } from "./node-wasi.ts";
import { pollCall } from "./poll.ts";
import { previewOneLayout, unstableLayout } from "./poll-layout.ts";
import { processCalls } from "./process.ts";
import { refusingCalls } from "./refusing.ts";
import { stdioCalls } from "./stdio.ts";
import { standardStreams } from "./streams.ts";
import { unstableCalls } from "./unstable.ts";
import type { WasiOptions } from "./wasi-options.ts";
import { type WrittenBy, writtenBy } from "./written-ranges.ts";

/** The system interface of one guest. */
export interface WasiHost {
  /** Import objects by module name: `wasi_snapshot_preview1` and `wasi_unstable`. */
  readonly imports: WebAssembly.Imports;
  /**
   * Must be called once with the guest's memory after instantiation and before any guest code runs; for a module
   * without memory, with an empty one. Views of the memory taken before may be detached by it.
   * With 64-bit addresses, each call that reads or writes memory throws `TargetError` "unsupported".
   */
  bind(memory: WebAssembly.Memory): void;
  /** What a function writes to memory, by the names under which it is imported; `undefined`: nothing. */
  writtenBy(module: string, name: string): WrittenBy | undefined;
}

/**
 * The WASI host of one guest: files, clocks, random numbers, arguments and environment by node:wasi; standard
 * streams and every wait through `console`.
 *
 * @throws {TargetError} `launch-failed`, naming guest path and host folder, when a folder cannot be given.
 */
export function createWasiHost(options: WasiOptions, console: GuestConsole): WasiHost {
  const memory = new GuestMemory();
  const streams = standardStreams(options.terminal);
  const node = openNodeWasi(options);
  const host = { memory, streams, console, node: node.calls };
  const shared = {
    ...node.calls,
    ...refusingCalls(host),
    ...descriptorCalls(host),
    ...stdioCalls(host),
    ...processCalls(host),
  };
  const previewOne = { ...shared, poll_oneoff: pollCall(host, previewOneLayout) };
  const unstable = {
    ...shared,
    ...unstableCalls(memory, shared),
    poll_oneoff: pollCall(host, unstableLayout),
  };
  const sizes = {
    args: sizesOf(options.args),
    env: sizesOf(Object.entries(options.env).map(([name, value]) => `${name}=${value}`)),
  };
  const written: Readonly<Record<string, ReturnType<typeof writtenBy>>> = {
    [moduleNames.previewOne]: writtenBy(sizes, { isUnstable: false }),
    [moduleNames.unstable]: writtenBy(sizes, { isUnstable: true }),
  };
  return {
    imports: {
      [moduleNames.previewOne]: importable(previewOne),
      [moduleNames.unstable]: importable(unstable),
    },
    bind(guestMemory) {
      memory.bind(guestMemory);
      if (!memory.isWide) node.bind(guestMemory);
    },
    writtenBy: (module, name) => written[module]?.get(name),
  };
}

/** Of texts as a guest gets them, each with a zero behind it. */
const sizesOf = (texts: readonly string[]) => ({
  count: texts.length,
  bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0),
});

/** Whether a module may import `name` from `module` here, so that missing imports can be named before anything runs. */
export function providesImport(module: string, name: string): boolean {
  if (module === moduleNames.unstable) return functionNames.has(name) && name !== "sock_accept";
  return module === moduleNames.previewOne && functionNames.has(name);
}

const moduleNames = { previewOne: "wasi_snapshot_preview1", unstable: "wasi_unstable" } as const;

/** Source: WASI preview 1, its functions; `sock_accept` is the only one that `wasi_unstable` has not. */
const functionNames: ReadonlySet<string> = new Set(
  `args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get
  fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get
  fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_readdir
  fd_renumber fd_seek fd_sync fd_tell fd_write path_create_directory path_filestat_get path_filestat_set_times
  path_link path_open path_readlink path_remove_directory path_rename path_symlink path_unlink_file poll_oneoff
  proc_exit proc_raise random_get sched_yield sock_accept sock_recv sock_send sock_shutdown`.split(/\s+/),
);

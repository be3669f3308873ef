import { type Calls, callOf, type HostParts } from "./calls.ts";
import { Errno } from "./errno.ts";

/**
 * Calls that make no sense on a standard stream, with what a pipe answers on Linux, and which of their parameters
 * are descriptors. On other descriptors they are node:wasi's.
 */
const refusals: readonly (readonly [
  errno: number,
  parameters: readonly number[],
  names: readonly string[],
])[] = [
  [Errno.spipe, [0], ["fd_advise", "fd_allocate", "fd_pread", "fd_pwrite", "fd_seek", "fd_tell"]],
  [Errno.inval, [0], ["fd_datasync", "fd_filestat_set_size", "fd_filestat_set_times", "fd_sync"]],
  [Errno.badf, [0], ["fd_prestat_dir_name", "fd_prestat_get"]],
  [
    Errno.notdir,
    [0],
    ["fd_readdir", "path_create_directory", "path_filestat_get", "path_filestat_set_times"],
  ],
  [Errno.notdir, [0], ["path_open", "path_readlink", "path_remove_directory", "path_unlink_file"]],
  [Errno.notdir, [0, 3], ["path_rename"]],
  [Errno.notdir, [0, 4], ["path_link"]],
  [Errno.notdir, [2], ["path_symlink"]],
  [Errno.notsock, [0], ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"]],
];

/** The calls above. */
export function refusingCalls({ streams, node }: HostParts): Calls {
  const calls: Record<string, Calls[string]> = {};
  for (const [errno, parameters, names] of refusals) {
    for (const name of names) {
      const nodeCall = callOf(node, name);
      calls[name] = (...args: number[]) =>
        parameters.some((i) => streams.has(args[i] ?? -1)) ? errno : nodeCall(...args);
    }
  }
  return calls;
}

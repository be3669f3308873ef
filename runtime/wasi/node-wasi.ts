import { closeSync, openSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { devNull } from "node:os";
import { TargetError } from "../../src/base/errors.ts";
import type { WasiImports } from "./calls.ts";
import type { WasiOptions } from "./wasi-options.ts";

/** node:wasi at work for one guest. */
export interface NodeWasi {
  readonly calls: WasiImports;
  /** Must be called once, before any of `calls`. */
  bind(memory: WebAssembly.Memory): void;
}

/**
 * Opens node:wasi with the guest's folders, arguments and environment.
 *
 * It keeps the table of all descriptors, those of the standard streams included: under each of them lies the null
 * device, which nobody reads or writes. So a stream's number is closed, renumbered and used again like any other.
 * Each has a null device of its own, for node:wasi closes what the guest closes.
 *
 * @throws {TargetError} `launch-failed`, naming guest path and host folder, when a folder cannot be opened.
 */
export function openNodeWasi(options: WasiOptions): NodeWasi {
  for (const [guestPath, hostFolder] of Object.entries(options.preopens)) checkFolder(guestPath, hostFolder);
  const { WASI } = loadQuietly();
  const [stdin, stdout, stderr] = [openSync(devNull, "r+"), openSync(devNull, "r+"), openSync(devNull, "r+")];
  try {
    const wasi = new WASI({
      version: "preview1",
      args: [...options.args],
      env: options.env,
      preopens: { ...options.preopens },
      stdin,
      stdout,
      stderr,
    });
    return {
      calls: wasi.wasiImport as unknown as WasiImports,
      // What it takes from an instance is the memory, and only if exported under that name.
      bind: (memory) => wasi.initialize({ exports: { memory } }),
    };
  } catch (error) {
    for (const fd of [stdin, stdout, stderr]) closeSync(fd);
    const folders = Object.entries(options.preopens).map(([guest, host]) => `"${host}" as "${guest}"`);
    throw new TargetError(
      "launch-failed",
      `Cannot give the guest its folders (${folders.join(", ") || "none"}): ${reasonOf(error)}.`,
    );
  }
}

/** Throws `TargetError` "launch-failed" unless there is such a folder: node:wasi's own message does not say which. */
function checkFolder(guestPath: string, hostFolder: string): void {
  const refuse = (reason: string): never => {
    throw new TargetError(
      "launch-failed",
      `Cannot give the guest the folder "${hostFolder}" as "${guestPath}": ${reason}.`,
    );
  };
  try {
    if (statSync(hostFolder).isDirectory()) return;
  } catch (error) {
    refuse((error as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : reasonOf(error));
  }
  refuse("it is not a folder");
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Loads node:wasi without its warning that it is experimental, which is printed on the user's terminal otherwise. */
function loadQuietly(): typeof import("node:wasi") {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes("WASI is an experimental feature"))
      emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return createRequire(import.meta.url)("node:wasi") as typeof import("node:wasi");
  } finally {
    process.emitWarning = emitWarning;
  }
}

import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

/**
 * Runs a module without a debugger. `stdout` is a file descriptor, by default that of standard error.
 *
 * @throws {Error} unless it ends with 0.
 */
export async function runModule(path, args, { stdout = 2, preopens = {} } = {}) {
  const wasi = new WASI({ version: "preview1", args, stdout, preopens, returnOnExit: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(path), wasi.getImportObject());
  const status = wasi.start(instance);
  if (status !== 0) throw new Error(`${path} ended with ${status}`);
}

import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs a program of this folder, named without its extension, on a Node, and answers the JSON it prints.
 *
 * Throws an `Error` with what it wrote to stderr when it fails.
 */
export function runChild<T>(node: string, program: string, args: readonly string[]): T {
  const extension = extname(fileURLToPath(import.meta.url));
  const path = fileURLToPath(new URL(`./${program}${extension}`, import.meta.url));
  const argv = [...process.execArgv, "--no-warnings", path, ...args];
  const { status, signal, stdout, stderr } = spawnSync(node, argv, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${signal ?? status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

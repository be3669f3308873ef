import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { executable } from "../support/dap-client.ts";
import { fromRoot } from "../support/paths.ts";

/** What is run for the first words of a command that a page tells; `undefined` for a compiler that is not here. */
export function resolveTool(words: readonly string[]): readonly string[] | undefined {
  const [first = "", second = "", ...rest] = words;
  const others = words.slice(1);
  if (first === "wasm-dap" || first === "bin/wasm-dap") return [process.execPath, executable, ...others];
  if (first === "npx") return second === "asc" ? withTool(findAsc(), rest) : undefined;
  if (first === "npm" && second === "start")
    return [process.execPath, fromRoot("scripts/start.mjs"), "--built"];
  if (/^clang(\+\+)?(-\d+)?$/.test(first)) return withTool(findClang(first), others);
  if (first === "cargo") return canBuildRust() ? words : undefined;
  return withTool(onPath(first), others);
}

const withTool = (tool: string | undefined, rest: readonly string[]): readonly string[] | undefined =>
  tool === undefined ? undefined : [tool, ...rest];

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const ask = (tool: string, ...args: string[]): string =>
  spawnSync(tool, args, { encoding: "utf8" }).stdout?.trim() ?? "";

/** Pages say `clang` where any will do; it must have a libc for WASI. */
function findClang(name: string): string | undefined {
  const tool = onPath(/\d$/.test(name) ? name : `${name}-22`);
  const hasLibc =
    tool !== undefined && isAbsolute(ask(tool, "--target=wasm32-wasi", "-print-file-name=libc.a"));
  return hasLibc ? tool : undefined;
}

/** Where `npm run fixtures` has put AssemblyScript's compiler, which is no dependency of the project. */
function findAsc(): string | undefined {
  const path = join(tmpdir(), "wasm-dap-assemblyscript-0.28.20/node_modules/.bin/asc");
  return existsSync(path) ? path : undefined;
}

/** Whether Rust's standard library for WASI is installed. */
function canBuildRust(): boolean {
  if (onPath("cargo") === undefined || onPath("rustc") === undefined) return false;
  const library = ask("rustc", "--print", "target-libdir", "--target", "wasm32-wasip1");
  return library !== "" && existsSync(library);
}

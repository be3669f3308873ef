import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { run } from "./debian.mjs";

const packages = [
  ...["clang-22", "lld-22", "llvm-22", "wasi-libc", "libclang-rt-22-dev-wasm32"],
  ...["libc++-22-dev-wasm32", "libc++abi-22-dev-wasm32"],
];

function isInstalled(tool, ...args) {
  try {
    execFileSync(tool, args, { stdio: ["ignore", "ignore", "ignore"], input: "" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs through apt what is not there of clang, WASI's libraries and Tcl.
 *
 * @throws {Error} saying which packages are wanted, where apt cannot.
 */
export function installCompiler() {
  const has = {
    compiler: isInstalled("clang-22", "--version") && isInstalled("wasm-ld-22", "--version"),
    libraries: ["/usr/lib/wasm32-wasi/libc.a", "/usr/lib/llvm-22/lib/wasm32-wasi/libc++abi.a"].every(
      existsSync,
    ),
    tcl: existsSync("/usr/bin/tclsh"),
  };
  const wanted = [...(has.compiler && has.libraries ? [] : packages), ...(has.tcl ? [] : ["tcl"])];
  if (wanted.length === 0) return;
  try {
    run(".", "apt-get", "update");
    run(".", "apt-get", "install", "-y", "--no-install-recommends", ...wanted);
  } catch {
    throw new Error(
      `Large guests are built with Debian's clang 22, which is not here and cannot be installed: apt-get install ${wanted.join(" ")}`,
    );
  }
}

/** Runs a compiler in a folder. Throws when it fails. */
export async function compile(folder, compiler, args) {
  const child = spawn(compiler, args, { cwd: folder, stdio: ["ignore", 2, 2] });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${compiler} ${args.at(-1)} ended with ${status}`);
}

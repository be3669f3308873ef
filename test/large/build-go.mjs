// Builds a program of Go for WASI into build/large/go/words.wasm: `node test/large/build-go.mjs`.
//
// Takes the `go` on PATH, 1.21 or newer; without one it says so and builds nothing. The module has the 2.6 megabytes that Go's runtime
// takes in any program, so that it is built where it is wanted and not committed. Prints the module's path.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "../../build/large/go");

/** Builds the program, with the names of its functions and without. */
export function buildGo() {
  mkdirSync(output, { recursive: true });
  for (const [file, flags] of [
    ["words.wasm", []],
    ["words.bare.wasm", ["-ldflags=-s"]],
  ]) {
    const args = ["build", "-trimpath", ...flags, "-o", join(output, file), "."];
    const env = { ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "", GO111MODULE: "on" };
    execFileSync("go", args, { cwd: join(here, "go"), env, stdio: ["ignore", "inherit", "inherit"] });
  }
  return join(output, "words.wasm");
}

/** Whether there is a Go to build with. */
export function hasGo() {
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (hasGo()) console.log(buildGo());
  else console.error("There is no `go` on PATH: the program of Go is not built, and not tested.");
}

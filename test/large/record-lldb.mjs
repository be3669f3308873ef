// Records what LLDB shows of the large guests at the places in `oracle/stops.json`, into `oracle/<name>.json`: `node
// test/large/record-lldb.mjs [NAME]…`. `lldb.test.ts` compares what this project shows with that.
//
// The guests' sources, which `build.mjs` has fetched, are compiled by the same compiler for 32-bit x86, whose types have the sizes
// that they have in WebAssembly. Wants Debian's `lldb-22 python3-lldb-22 libc6-dev-i386 lib32gcc-12-dev lib32stdc++-12-dev`.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "./building/compiler.mjs";
import { run } from "./building/debian.mjs";
import { folderOf, output, programs } from "./building/programs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const stops = JSON.parse(readFileSync(join(here, "oracle/stops.json"), "utf8"));
/** Headers of the kernel are those that both sizes of address share. */
const flags = ["-m32", "-gdwarf-5", "-O0", "-w", "-idirafter", "/usr/include/x86_64-linux-gnu"];
/** Has 64-bit values where they lie in WebAssembly; the library of C++ does not compile with it. */
const aligned = { "clang-22": ["-malign-double"], "clang++-22": [] };

const names = process.argv.slice(2);
const chosen = programs.filter(({ name }) => name in stops && (names.length === 0 || names.includes(name)));
run(here, process.execPath, "--no-warnings", "build.mjs", ...chosen.map(({ name }) => name));
mkdirSync(join(output, "native"), { recursive: true });
for (const { name, compiler, files, flags: own } of chosen) {
  const folder = folderOf(name);
  const program = join(output, "native", name);
  await compile(folder, compiler, [
    ...flags,
    ...aligned[compiler],
    ...own,
    ...files(folder),
    "-lm",
    "-o",
    program,
  ]);
  const seen = join(output, "native", `${name}.json`);
  rmSync(seen, { force: true });
  const order = JSON.stringify({ program, stops: stops[name], output: seen });
  const script = `command script import ${join(here, "oracle/lldb_stops.py")}`;
  execFileSync("lldb-22", ["--batch", "--no-lldbinit", "-o", script], {
    env: { ...process.env, ORACLE: order },
    stdio: ["ignore", 2, 2],
  });
  // LLDB succeeds whatever becomes of its scripts.
  if (!existsSync(seen)) throw new Error(`LLDB did not come to all places in ${name}`);
  copyFileSync(seen, join(here, `oracle/${name}.json`));
}

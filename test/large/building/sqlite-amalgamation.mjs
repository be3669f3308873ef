// SQLite's source in one file, as its users build it, made of Debian's source package as its makefile does that.
//
// The makefile's two programs in C, a generator of parsers and one of a hash function, are compiled to WebAssembly and run by Node, so
// that no compiler for this machine is needed; its scripts want a `tclsh`.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./debian.mjs";
import { runModule } from "./run-module.mjs";

const extensions = ["fts3", "icu", "rtree", "session", "rbu", "async", "userauth"];
/** Not taken in: what would have to be generated as well. */
const empty = ["fts5.c", "fts5.h"];

/** Makes `sqlite3.c` and `sqlite3.h` in a folder; `source` is the unpacked package. */
export async function makeAmalgamation(source, folder, flags) {
  const work = join(folder, "making");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "tsrc"), { recursive: true });
  const tcl = (script, input, args = []) =>
    execFileSync("tclsh", [join(source, script), ...args], { cwd: work, input, maxBuffer: 1 << 26 });
  const text = (path) => readFileSync(path);
  for (const [tool, args, output] of [
    ["lemon", ["-S", "parse.y"], undefined],
    ["mkkeywordhash", [], "keywordhash.h"],
  ]) {
    run(work, "clang-22", ...flags, "-w", join(source, `tool/${tool}.c`), "-o", `${tool}.wasm`);
    for (const file of ["src/parse.y", "tool/lempar.c"])
      cpSync(join(source, file), join(work, file.slice(file.indexOf("/") + 1)));
    const stdout = output ? openSync(join(work, output), "w") : 2;
    await runModule(join(work, `${tool}.wasm`), [tool, ...args], { stdout, preopens: { ".": work } });
  }
  const opcodes = Buffer.concat([text(join(work, "parse.h")), text(join(source, "src/vdbe.c"))]);
  writeFileSync(join(work, "opcodes.h"), tcl("tool/mkopcodeh.tcl", opcodes));
  writeFileSync(join(work, "opcodes.c"), tcl("tool/mkopcodec.tcl", "", ["opcodes.h"]));
  // What names the version: a program of the makefile's that the script runs.
  writeFileSync(join(work, "mksourceid"), "#!/bin/sh\ncat manifest.uuid\n", { mode: 0o755 });
  writeFileSync(join(work, "sqlite3.h"), tcl("tool/mksqlite3h.tcl", "", [source]));
  for (const from of ["src", ...extensions.map((name) => `ext/${name}`)]) {
    for (const file of readdirSync(join(source, from)).filter((name) => /\.[ch]$/.test(name))) {
      cpSync(join(source, from, file), join(work, "tsrc", file));
    }
  }
  cpSync(join(source, "ext/misc/stmt.c"), join(work, "tsrc/stmt.c"));
  for (const file of ["parse.c", "parse.h", "opcodes.c", "opcodes.h", "keywordhash.h", "sqlite3.h"]) {
    cpSync(join(work, file), join(work, "tsrc", file));
  }
  for (const file of empty) writeFileSync(join(work, "tsrc", file), "");
  writeFileSync(join(work, "tsrc/vdbe.c"), tcl("tool/vdbe-compress.tcl", text(join(source, "src/vdbe.c"))));
  tcl("tool/mksqlite3c.tcl", "");
  for (const file of ["sqlite3.c", "sqlite3.h"]) cpSync(join(work, file), join(folder, file));
  rmSync(work, { recursive: true, force: true });
}

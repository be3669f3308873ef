// Builds a large guest, Lua 5.4 at -O0 with DWARF, into build/large/lua.O0.wasm: `node test/large/build.mjs`.
//
// Lua's source is Debian's, got through apt with lists and a cache in a folder of their own, so that the
// system's stay as they are. Installs the compiler through apt when there is none. Does nothing when
// the module there is already was made by the same recipe. Prints the module's path.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WASI } from "node:wasi";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "../../build/large");
const sources = join(output, "lua");
const module = join(output, "lua.O0.wasm");
const recordPath = join(output, "lua.O0.json");

const packages = ["clang-22", "lld-22", "llvm-22", "wasi-libc", "libclang-rt-22-dev-wasm32"];
const lua = {
  package: "lua5.4",
  archive: "lua5.4_5.4.4.orig.tar.gz",
  sha256: "164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61",
};
/** Not of the library: the two programs, and what wants files, processes and dynamic loading. */
const left = ["lua.c", "luac.c", "linit.c", "liolib.c", "loslib.c", "loadlib.c", "ldblib.c"];
const flags = ["--target=wasm32-wasi", "-Wno-deprecated", "--no-wasm-opt"];
const compileFlags = [
  ...["-gdwarf-5", "-O0", "-w", "-fdebug-compilation-dir=/build/lua", "-I.", "-include", "lua-wasi.h"],
  "-D_WASI_EMULATED_SIGNAL",
];
const linkFlags = ["-lwasi-emulated-signal", "-Wl,-z,stack-size=1048576"];

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const run = (folder, tool, ...args) => execFileSync(tool, args, { cwd: folder, stdio: ["ignore", 2, 2] });

function isInstalled(tool) {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function installCompiler() {
  const hasAll =
    isInstalled("clang-22") && isInstalled("wasm-ld-22") && existsSync("/usr/lib/wasm32-wasi/libc.a");
  if (hasAll) return;
  run(output, "apt-get", "update");
  run(output, "apt-get", "install", "-y", "--no-install-recommends", ...packages);
}

/** The system's own archives, wherever they are, for sources rather than programs: files by their names. */
function sourceLists() {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name))
    : [];
  const files = [
    ["system.list", "/etc/apt/sources.list"],
    ...parts.map((name) => [name, join(folder, name)]),
  ];
  return files
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => {
      const text = readFileSync(path, "utf8");
      return [name, text.replace(/^Types:.*$/gm, "Types: deb-src").replace(/^deb(?=\s)/gm, "deb-src")];
    });
}

/** Downloads Lua's source archive and checks it, leaving nothing of apt's behind. */
function fetchLua() {
  const work = mkdtempSync(join(tmpdir(), "wasm-dap-large-"));
  try {
    for (const folder of ["lists/partial", "cache/archives/partial", "parts"]) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    for (const [name, text] of sourceLists()) writeFileSync(join(work, "parts", name), text);
    const options = [
      "Dir::Etc::sourcelist=/dev/null",
      `Dir::Etc::sourceparts=${work}/parts`,
      `Dir::State::lists=${work}/lists`,
      `Dir::Cache=${work}/cache`,
    ].flatMap((option) => ["-o", option]);
    try {
      run(work, "apt-get", ...options, "update");
    } catch {
      // Some of the system's archives may have no sources; what matters is whether this one is found.
    }
    run(work, "apt-get", ...options, "source", "--download-only", lua.package);
    const archive = join(work, lua.archive);
    if (sha256(readFileSync(archive)) !== lua.sha256)
      throw new Error(`${lua.archive} is not the one this recipe is for`);
    rmSync(sources, { recursive: true, force: true });
    mkdirSync(sources, { recursive: true });
    run(sources, "tar", "xzf", archive, "--strip-components=2", "--wildcards", "lua-*/src/*");
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compile() {
  for (const file of ["lua-driver.c", "lua-wasi.h"]) copyFileSync(join(here, file), join(sources, file));
  // ldo.c includes this whether or not it uses it.
  writeFileSync(join(sources, "setjmp.h"), "");
  const objects = mkdtempSync(join(tmpdir(), "wasm-dap-large-"));
  try {
    const files = readdirSync(sources).filter((file) => file.endsWith(".c") && !left.includes(file));
    for (const file of files) {
      run(sources, "clang-22", ...flags, ...compileFlags, "-c", file, "-o", join(objects, `${file}.o`));
    }
    run(objects, "clang-22", ...flags, ...files.map((file) => `${file}.o`), ...linkFlags, "-o", module);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

/** Runs the workload once, so that a broken build is found here and not in somebody's test. */
async function check() {
  const wasi = new WASI({ version: "preview1", args: ["lua"], stdout: 2, returnOnExit: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(module), wasi.getImportObject());
  const status = wasi.start(instance);
  if (status !== 0) throw new Error(`the workload ended with ${status}`);
}

const inputs = ["build.mjs", "lua-driver.c", "lua-wasi.h"].map((file) =>
  sha256(readFileSync(join(here, file))),
);
const isFresh = () => {
  if (!existsSync(module) || !existsSync(recordPath)) return false;
  const record = JSON.parse(readFileSync(recordPath, "utf8"));
  return record.inputs.join() === inputs.join() && record.sha256 === sha256(readFileSync(module));
};

mkdirSync(output, { recursive: true });
if (!isFresh()) {
  installCompiler();
  if (!existsSync(join(sources, "lua.h"))) fetchLua();
  compile();
  await check();
  const record = { compilationDir: "/build/lua", inputs, sha256: sha256(readFileSync(module)) };
  writeFileSync(recordPath, `${JSON.stringify(record, null, 2)}\n`);
}
process.stdout.write(`${module}\n`);

// What is built: programs of some size that others wrote, each with a driver of ours from `guests`.
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeAmalgamation } from "./sqlite-amalgamation.mjs";

/** Where everything is built. */
export const output = join(dirname(fileURLToPath(import.meta.url)), "../../../build/large");

/** Where the sources of a program are; its debug info has them below `/build/<name>`. */
export const folderOf = (name) => join(output, name);

/** What every module is compiled with. */
export const wasmFlags = ["--target=wasm32-wasi", "-Wno-deprecated", "--no-wasm-opt"];

/** Variables that have no value yet are the same everywhere, so that two debuggers can be compared. */
const zeroed = "-ftrivial-auto-var-init=zero";
const stack = "-Wl,-z,stack-size=1048576";
/** SQLite with neither files nor threads, on this machine as for WebAssembly. */
const sqlite = ["OS_OTHER=1", "THREADSAFE=0", "TEMP_STORE=3", "OMIT_LOAD_EXTENSION", "OMIT_WAL"].map(
  (option) => `-DSQLITE_${option}`,
);
const cpp = ["-std=c++20", "-fno-exceptions", "-isystem", "include", zeroed];

/** Of Lua not taken in: the two programs, and what wants files, processes and dynamic loading. */
const leftOfLua = ["lua.c", "luac.c", "linit.c", "liolib.c", "loslib.c", "loadlib.c", "ldblib.c"];

/**
 * Each program: what Debian's archive has of it (`into` is a folder of its own below `build/large`), how its sources are made of that,
 * which are compiled, and what for. `guests` are files of ours that lie beside its sources, `arguments` those of its runs.
 */
export const programs = [
  {
    name: "lua",
    compiler: "clang-22",
    archive: {
      source: "lua5.4",
      file: "lua5.4_5.4.4.orig.tar.gz",
      sha256: "164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61",
      members: ["lua-*/src/*"],
      strip: 2,
      into: folderOf("lua"),
    },
    // ldo.c includes this whether or not it uses it.
    prepare: (folder) => writeFileSync(join(folder, "setjmp.h"), ""),
    isPrepared: (folder) => existsSync(join(folder, "setjmp.h")),
    guests: ["lua-driver.c", "lua-wasi.h"],
    files: (folder) => readdirSync(folder).filter((file) => file.endsWith(".c") && !leftOfLua.includes(file)),
    flags: ["-I.", "-include", "lua-wasi.h", "-D_WASI_EMULATED_SIGNAL"],
    linkFlags: ["-lwasi-emulated-signal", stack],
    builds: ["O0"],
  },
  {
    name: "sqlite",
    compiler: "clang-22",
    archive: {
      source: "sqlite3",
      file: "sqlite3_3.40.1.orig.tar.xz",
      sha256: "aaa776260ab4dc976db34aa7891819484c8676b5b2783123ebc6301e2ca5d655",
      members: ["*/src/*", "*/tool/*", "*/ext/*", "*/VERSION", "*/manifest*"],
      strip: 1,
      into: join(folderOf("sqlite"), "package"),
    },
    async prepare(folder) {
      await makeAmalgamation(join(folder, "package"), folder, wasmFlags);
      rmSync(join(folder, "package"), { recursive: true });
    },
    isPrepared: (folder) => existsSync(join(folder, "sqlite3.c")),
    guests: ["sqlite-driver.c"],
    files: () => ["sqlite3.c", "sqlite-driver.c"],
    flags: ["-I.", ...sqlite, zeroed],
    linkFlags: [stack],
    builds: ["O2", "O0"],
  },
  {
    name: "fmt",
    compiler: "clang++-22",
    archive: {
      binary: "libfmt-dev",
      file: "libfmt-dev_9.1.0+ds1-2_amd64.deb",
      sha256: "c8fa00dd0269e6eda9fd06668df3d720de4b5a1f647dcd3c6e0ba63f0cbf2150",
      members: ["./usr/include/fmt/*"],
      strip: 2,
      into: folderOf("fmt"),
    },
    isPrepared: (folder) => existsSync(join(folder, "include/fmt/format.h")),
    guests: ["fmt-driver.cpp"],
    files: () => ["fmt-driver.cpp"],
    flags: cpp,
    linkFlags: [],
    builds: ["O2", "O0"],
  },
  {
    name: "json",
    compiler: "clang++-22",
    archive: {
      binary: "nlohmann-json3-dev",
      file: "nlohmann-json3-dev_3.11.2-2_all.deb",
      sha256: "ec57940def6b6186c30be0e0ee81d1e58f86d11a54a145b28686a1e3e4aae801",
      members: ["./usr/include/nlohmann/*"],
      strip: 2,
      into: folderOf("json"),
    },
    isPrepared: (folder) => existsSync(join(folder, "include/nlohmann/json.hpp")),
    guests: ["json-driver.cpp"],
    files: () => ["json-driver.cpp"],
    flags: [...cpp, "-DJSON_NOEXCEPTION"],
    linkFlags: [],
    builds: ["O2", "O0"],
  },
];

import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot } from "../support/paths.ts";

/** Files of a folder, by their names there: where each comes from. */
type Files = Readonly<Record<string, string>>;

const hello: Files = {
  "app.c": "test/fixtures/hello/hello.c",
  "app.wasm": "test/fixtures/hello/hello.dwarf4.O0.wasm",
};

/**
 * The program that a page speaks of as its reader's own. Its module is there already, for machines that have not the
 * compiler which the page tells to run.
 */
const projects: Readonly<Record<string, Files>> = {
  "README.md": hello,
  "docs/getting-started/c.md": hello,
  "docs/getting-started/cpp.md": {
    "app.cpp": "examples/cpp/main.cpp",
    "app.wasm": "examples/cpp/build/app.wasm",
  },
  "docs/getting-started/rust.md": {
    "Cargo.toml": "examples/rust/Cargo.toml",
    "Cargo.lock": "examples/rust/Cargo.lock",
    "src/main.rs": "examples/rust/src/main.rs",
    "target/wasm32-wasip1/debug/app.wasm": "examples/rust/build/app.wasm",
  },
  "docs/getting-started/assemblyscript.md": {
    "app.ts": "examples/assemblyscript/app.ts",
    "app.wasm": "examples/assemblyscript/build/app.wasm",
    "app.wasm.map": "examples/assemblyscript/build/app.wasm.map",
  },
  "docs/getting-started/emscripten.md": { ...hello, "app.wasm": "examples/emscripten/build/app.wasm" },
  "docs/getting-started/wat.md": {
    "app.wat": "examples/wat/app.wat",
    "app.wasm": "examples/wat/build/app.wasm",
  },
};

/** What a clone of the repository has that pages speak of. */
export function makeClone(folder: string): void {
  cpSync(fromRoot("examples"), join(folder, "examples"), { recursive: true });
  mkdirSync(join(folder, "test"));
  symlinkSync(fromRoot("test/fixtures"), join(folder, "test/fixtures"), "junction");
}

/** Puts a page's project into a folder. */
export function makeProject(page: string, folder: string): void {
  for (const [name, from] of Object.entries(projects[page] ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(fromRoot(from), join(folder, name));
  }
}

/** Where in a clone the compilers' commands of a page are meant to be run. */
export const folderOf = (page: string): string => (page.startsWith("examples/") ? dirname(page) : ".");

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Run } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";

/** A guest that is built where it is wanted, in the shape of a fixture. */
export interface LargeGuest {
  readonly name: string;
  readonly build: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly runs: readonly Run[];
}

/** Builds Lua unless it has been built, which may take a minute and wants the network. Throws when that fails. */
export function buildLua(): void {
  execFileSync(process.execPath, [fromRoot("test/large/build.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Lua at -O0, as `buildLua` has built it. */
export function luaGuest(): LargeGuest {
  const path = fromRoot("build/large/lua.O0.wasm");
  return {
    name: "lua",
    build: "O0",
    bytes: new Uint8Array(readFileSync(path)),
    runs: [
      { name: "its workload once", args: [] },
      { name: "its workload three times", args: ["3"] },
    ],
  };
}

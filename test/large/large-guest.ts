import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fixture } from "../support/fixtures.ts";
import { readMarkers } from "../support/markers.ts";
import { fromRoot } from "../support/paths.ts";

/** Every guest that `buildLarge` builds, as `<program>.<build>`. */
export const largeGuests: readonly string[] = [
  "lua.O0",
  ...["sqlite", "fmt", "json"].flatMap((program) => ["O0", "O2"].map((build) => `${program}.${build}`)),
];

/** Builds all of them unless they have been built, which may take a minute and wants the network. Throws when that fails. */
export function buildLarge(): void {
  execFileSync(process.execPath, ["--no-warnings", fromRoot("test/large/build.mjs")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** A program that others wrote, as `buildLarge` has built it, in the shape of a fixture: `largeGuest("sqlite.O0")`. */
export function largeGuest(named: string): Fixture {
  const [name = "", build = ""] = named.split(".");
  const path = fromRoot("build/large", `${named}.wasm`);
  const sourceFolder = fromRoot("build/large", name);
  const sources = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" }).map((file) =>
    file.replaceAll("\\", "/"),
  );
  const driver = sources.find((file) => file.startsWith(`${name}-driver.`));
  const source = (file = driver): string => {
    const found = sources.find((one) => one === file || one.endsWith(`/${file}`));
    if (found === undefined) throw new Error(`no source ${file} of ${name}`);
    return join(sourceFolder, found);
  };
  return {
    name,
    build,
    path,
    bytes: new Uint8Array(readFileSync(path)),
    sourceFolder,
    compilationDir: `/build/${name}`,
    sources,
    runs: [{ name: "its workload once", args: [] }],
    source,
    markers: (file) => readMarkers(source(file)),
  };
}

/**
 * Writes the committed coredumps of test/fixtures/coredumps: in every dialect from a real stop, and by a real engine when
 * `$WASMTIME` names one. Run by `node scripts/coredumps.mjs`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { dialects } from "../../src/coredump/dialects.ts";
import { basesOfDialects, contentsOf, sha256Of } from "./coredump-contents.ts";
import { encodeDump } from "./coredump-encoders.ts";
import type { CommittedDump } from "./coredump-fixtures.ts";
import { asStop, endAll, startFixture } from "./engine.ts";
import { fixture } from "./fixtures.ts";
import { fromRoot } from "./paths.ts";

const folder = fromRoot("test/fixtures/coredumps");
const list = join(folder, "dumps.json");
const before = JSON.parse(readFileSync(list, "utf8")) as readonly CommittedDump[];

/** A stop with several frames of one function, arguments that differ and a loop's variable further out. */
async function writeDialects(): Promise<CommittedDump[]> {
  const guest = fixture("steps", "dwarf5.O0");
  const { target, info, point } = await startFixture(guest);
  await target.setBreakpointLocations([point("fib-base")]);
  const { stop } = asStop(await target.resume({ kind: "continue" }));
  const made: CommittedDump[] = [];
  for (const { name } of dialects) {
    const contents = await contentsOf(target, stop, info, basesOfDialects[name]);
    const bytes = encodeDump(
      { ...contents, executable: "steps.dwarf5.O0.wasm", modules: ["steps.dwarf5.O0.wasm"] },
      name,
    );
    const file = `steps.${name}.core`;
    writeFileSync(join(folder, file), bytes);
    made.push({
      file,
      guest: "steps",
      build: "dwarf5.O0",
      made: `test/support/make-coredumps.ts: breakpoint at fib-base, dialect ${name}`,
      sha256: sha256Of(bytes),
    });
  }
  await endAll();
  return made;
}

const deaths = ["load", "divide", "unreachable", "abort", "indirect-type", "linear-stack"];

function writeWasmtime(wasmtime: string): CommittedDump[] {
  const version = execFileSync(wasmtime, ["--version"], { encoding: "utf8" }).trim();
  const guest = fixture("traps", "dwarf5.O0");
  return deaths.map((death) => {
    const file = `traps.${death}.wasmtime.core`;
    const args = ["run", "-D", `coredump=${join(folder, file)}`, basename(guest.path), death];
    try {
      execFileSync(wasmtime, args, { cwd: dirname(guest.path), stdio: "ignore" });
    } catch {
      // It has died of what it was to die of.
    }
    const made = `${version}: run -D coredump=${file} ${basename(guest.path)} ${death}`;
    return {
      file,
      guest: "traps",
      build: "dwarf5.O0",
      made,
      sha256: sha256Of(readFileSync(join(folder, file))),
    };
  });
}

const { WASMTIME } = process.env;
const byWasmtime =
  WASMTIME === undefined ? before.filter(({ file }) => file.includes("wasmtime")) : writeWasmtime(WASMTIME);
const all = [...(await writeDialects()), ...byWasmtime];
writeFileSync(list, `${JSON.stringify(all, null, 2)}\n`);

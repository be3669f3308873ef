/*
 * Opens a module and resolves one breakpoint in it, as a launch does: `node large-dwarf-program.js MODULE SOURCE LINE`, with the
 * end of a source's path and a 0-based line. Prints what each step took as JSON.
 */

import { readFileSync, statSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { readModuleFile } from "../../adapter/launch/module-file.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { fromRoot } from "../support/paths.ts";

/** Milliseconds of processor time and mebibytes of memory. */
export interface LargeDwarfFigures {
  readonly fileBytes: number;
  readonly dwarfBytes: number;
  readonly statements: number;
  readonly readMs: number;
  readonly linesMs: number;
  readonly breakpointMs: number;
  readonly firstFrameMs: number;
  readonly baseMiB: number;
  readonly breakpointMiB: number;
  readonly frameMiB: number;
  /** An empty loop of a fixed length: how fast the machine is just now. */
  readonly loopMs: number;
}

const [path = "", sourceEnd = "", line = "0"] = process.argv.slice(2);
const mebibytes = (): number => process.memoryUsage.rss() / 2 ** 20;
const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
const baseMiB = mebibytes();
const [readMs, module] = timed(() => readModuleFile(path));
const [linesMs, { info }] = timed(() => openDebugInfo(module, gimli));
const [breakpointMs, points] = timed(() => {
  const source = info.sources().find((one) => one.path.endsWith(sourceEnd));
  return source && info.resolveLine(source, Number(line))?.points;
});
const [point] = points ?? [];
if (point === undefined) throw new Error(`no breakpoint on line ${line} of ${sourceEnd}`);
const breakpointMiB = mebibytes();
const [firstFrameMs] = timed(() => [info.functionAt(point)?.name, info.functionAt(point)?.die]);
const frameMiB = mebibytes();
const [loopMs] = timed(() => {
  let sum = 0;
  for (let turn = 0; turn < 100_000_000; turn++) sum = (sum * 31 + turn) | 0;
  return sum;
});
const figures: LargeDwarfFigures = {
  fileBytes: statSync(path).size,
  dwarfBytes: module.sections
    .filter(({ name }) => name.startsWith(".debug_"))
    .reduce((sum, { start, end }) => sum + end - start, 0),
  statements: info.statements().offset.length,
  ...{ readMs, linesMs, breakpointMs, firstFrameMs, baseMiB, breakpointMiB, frameMiB, loopMs },
};
process.stdout.write(JSON.stringify(figures));

function timed<T>(act: () => T): [ms: number, result: T] {
  const before = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
}

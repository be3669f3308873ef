import { readFileSync } from "node:fs";
import { openInfo, sourceNamed } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";
import { timeToEnd } from "./conditions.ts";
import { type Debuggee, LatencySession } from "./latency-session.ts";
import { type PeerAdapter, peerAdapters } from "./peer-adapters.ts";
import { runChild } from "./run-child.ts";
import type { Slowdown } from "./slowdown-program.ts";
import { geometricMean, median } from "./statistics.ts";
import { formatTable, twoDigits } from "./table.ts";

/** How much of it is done, and how often. */
interface Effort {
  readonly smoke: boolean;
}

/** This debugger beside others that are installed here: one program, one machine, in turns. */
export async function benchPeers(effort: Effort): Promise<void> {
  process.stdout.write(`\npeers, ${process.version}: ${benchNote}\n`);
  process.stdout.write(`${formatTable(slowdowns(effort))}\n\n`);
  process.stdout.write(`${formatTable(await latencies(effort))}\n`);
}

const benchNote =
  "CPU time of programs, plain V8 = 1.00 in a process of its own; milliseconds of wall time, medians";

/** Work of a guest that is surely too little, from which it is doubled, and how long it should take. */
const fewRounds: Readonly<Record<string, number>> = {
  fib: 28,
  matmul: 4,
  sorthash: 16,
  sha256: 300_000,
  interp: 15_000,
};
const leastMs = 60;

/** What a debugger that is attached costs a program that it never stops. */
function slowdowns({ smoke }: Effort): string[][] {
  const names = smoke ? ["fib"] : ["fib", "matmul", "sorthash", "sha256", "interp"];
  const rows = [["program's time, no breakpoint hit", "wasm-dap", "V8's inspector"]];
  for (const level of ["O0", "O2"]) {
    const ratios = names.map((name) => ratiosOf(`${name}.${level}`, smoke));
    for (const [at, [own, inspector]] of ratios.entries())
      rows.push([`${names[at]} -${level}`, twoDigits(own), twoDigits(inspector)]);
    const mean = (column: 0 | 1): string => twoDigits(geometricMean(ratios.map((pair) => pair[column])));
    rows.push([`geomean -${level}`, mean(0), mean(1)]);
  }
  return rows;
}

function ratiosOf(build: string, smoke: boolean): readonly [own: number, inspector: number] {
  const time = (n: number, ...more: readonly string[]): number =>
    runChild<{ ms: number }>(process.execPath, "inspector-program", ["time", build, String(n), ...more]).ms;
  let n = smoke ? 1 : (fewRounds[build.split(".")[0] ?? ""] ?? 1);
  while (!smoke && time(n) < leastMs) n = build.startsWith("fib") ? n + 2 : n * 2;
  const pairs = Array.from({ length: smoke ? 1 : 5 }, () => time(n, "attached") / time(n));
  const args = [build, smoke ? "1" : "5", "probes"];
  const own = runChild<Slowdown>(process.execPath, "slowdown-program", args);
  return [own.ratios.probes ?? 0, median(pairs)];
}

/** What their users wait for. */
async function latencies({ smoke }: Effort): Promise<string[][]> {
  const { adapters, release } = peerAdapters();
  try {
    const columns = new Map<string, Measured>();
    for (const adapter of adapters) columns.set(adapter.name, await measure(adapter, smoke));
    columns.set("V8's inspector", { "false conditions a second": inspectorConditions(smoke) });
    const rows = [
      "start to the first stop in main",
      "next",
      "next, stack and locals",
      "stack of 1,000 frames",
      "false conditions a second",
    ];
    return [
      ["", ...columns.keys()],
      ...rows.map((row) => [row, ...[...columns.values()].map((measured) => numberText(measured[row]))]),
    ];
  } finally {
    release();
  }
}

type Measured = Readonly<Record<string, number>>;

const numberText = (value: number | undefined): string =>
  value === undefined ? "-" : value >= 100 ? Math.round(value).toLocaleString("en-US") : twoDigits(value);

async function measure(adapter: PeerAdapter, smoke: boolean): Promise<Measured> {
  const starts: number[] = [];
  for (let round = 0; round < (smoke ? 1 : 7); round++) {
    const session = await LatencySession.start(stopAt(adapter, "main-start"), adapter.command);
    starts.push(session.startMs);
    await session.end();
  }
  const stepping = await LatencySession.start(stopAt(adapter, "body"), adapter.command);
  for (let step = 0; step < (smoke ? 3 : 200); step++) await stepping.time("next", () => stepping.go("next"));
  for (let step = 0; step < (smoke ? 3 : 100); step++) {
    await stepping.time("all", async () => {
      await stepping.go("next");
      const [top = 0] = await stepping.stack(20);
      await stepping.locals(top);
    });
  }
  await stepping.end();
  const deep = await LatencySession.start(stopAt(adapter, "bottom"), adapter.command);
  const frames = await deep.time("stack", () => deep.stack(1000));
  if (frames.length < 1000) throw new Error(`${adapter.name} has ${frames.length} frames`);
  await deep.end();
  const rounds = smoke ? 100 : adapter.conditions;
  const seconds = await timeToEnd(
    stopAt(adapter, "body", rounds),
    rounds,
    { condition: "round == -1" },
    adapter.command,
  );
  return {
    "start to the first stop in main": median(starts),
    next: median(stepping.timesOf("next")),
    "next, stack and locals": median(stepping.timesOf("all")),
    "stack of 1,000 frames": median(deep.timesOf("stack")),
    "false conditions a second": rounds / seconds,
  };
}

/** The program `compared`, to be stopped at a marker of its source. */
function stopAt(adapter: PeerAdapter, marker: string, rounds = 1000): Debuggee {
  const source = fixture("compared", "dwarf5.O0").source();
  const lines = readFileSync(source, "utf8").split("\n");
  return {
    ...adapter.debuggee(rounds),
    ...{ source, line: lines.findIndex((text) => text.includes(`@stop:${marker} `)) + 1 },
  };
}

/** Conditions of V8's own debugger are JavaScript, at a byte of the module. */
function inspectorConditions(smoke: boolean): number {
  const opened = openInfo(fixture("bench", "locals.O0").bytes);
  const source = sourceNamed(opened, "locals.c");
  const line = readFileSync(fixture("bench", "locals.O0").source("locals.c"), "utf8")
    .split("\n")
    .findIndex((text) => text.includes("@stop:locals-body"));
  const [offset] = opened.info.resolveLine(source, line)?.points ?? [];
  if (offset === undefined) throw new Error("the loop has no code");
  const rounds = smoke ? 100 : 100_000;
  const args = ["conditions", "locals.O0", String(rounds), String(offset)];
  const { asked, perSecond } = runChild<{ asked: number; perSecond: number }>(
    process.execPath,
    "inspector-program",
    args,
  );
  if (asked < rounds) throw new Error(`${asked} of ${rounds} conditions were asked for`);
  return perSecond;
}

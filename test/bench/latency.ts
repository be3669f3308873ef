import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { type Debuggee, LatencySession } from "./latency-session.ts";
import { median, quantile } from "./statistics.ts";
import { formatTable, twoDigits } from "./table.ts";

interface Row {
  readonly what: string;
  readonly times: readonly number[];
  /** What is aimed at, in milliseconds; for information. */
  readonly aim: number;
}

/** What a user waits for, over stdio, on this Node: milliseconds of wall time. */
export async function benchLatency({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const bareMs = median(Array.from({ length: smoke ? 1 : 9 }, timeBareNode));
  const rows = [
    ...(await benchStart(smoke)),
    ...(await benchSteps(smoke)),
    ...(await benchLocals(smoke)),
    ...(await benchLua(smoke)),
    ...(await benchStacks(smoke)),
  ];
  const header = ["what", "p50 ms", "p95 ms", "samples", "aim ms", "p50 / empty Node"];
  const lines = rows.map(({ what, times, aim }) => [
    what,
    twoDigits(median(times)),
    twoDigits(quantile(times, 0.95)),
    String(times.length),
    String(aim),
    what.startsWith("start") ? twoDigits(median(times) / bareMs) : "",
  ]);
  const title = `latency, ${process.version}; a Node with an empty program takes ${bareMs.toFixed(0)} ms`;
  process.stdout.write(`\n${title}\n${formatTable([header, ...lines])}\n`);
}

function timeBareNode(): number {
  const begin = performance.now();
  spawnSync(process.execPath, ["--eval", ""]);
  return performance.now() - begin;
}

async function benchStart(smoke: boolean): Promise<readonly Row[]> {
  const guests = [
    { what: "start to first stop in main", guest: stopIn("steps", "@stop:main-start"), aim: 200 },
  ];
  const lua = luaInMain();
  if (lua) guests.push({ what: "start to first stop in main, Lua", guest: lua, aim: 300 });
  const rows: Row[] = [];
  for (const { what, guest, aim } of guests) {
    const times: number[] = [];
    for (let round = 0; round < (smoke ? 1 : 11); round++) {
      const session = await LatencySession.start(guest);
      times.push(session.startMs);
      await session.end();
    }
    rows.push({ what, times, aim });
  }
  return rows;
}

async function benchSteps(smoke: boolean): Promise<readonly Row[]> {
  const session = await LatencySession.start(stopIn("spin", "@stop:spin-body"));
  for (let step = 0; step < (smoke ? 5 : 500); step++) await session.time("next", () => session.go("next"));
  await session.end();
  return [{ what: "next", times: session.timesOf("next"), aim: 0.6 }];
}

/** Steps through a function with 20 locals, asking for what an editor shows: in sessions so short that most code runs cold, and in a long one. */
async function benchLocals(smoke: boolean): Promise<readonly Row[]> {
  const short = await lookAtLocals(smoke ? 1 : 6, smoke ? 3 : 30);
  const long = await lookAtLocals(1, smoke ? 3 : 300);
  const lookedAt = `next, stack and ${short.localCount} locals`;
  return [
    { what: `${lookedAt}, in 30 steps`, times: short.timesOf("all"), aim: 2 },
    { what: `${lookedAt}, in 300 steps`, times: long.timesOf("all"), aim: 2 },
    { what: `scopes and ${short.localCount} locals, in 30 steps`, times: short.timesOf("locals"), aim: 0.7 },
    { what: `scopes and ${short.localCount} locals, in 300 steps`, times: long.timesOf("locals"), aim: 0.7 },
    { what: "evaluate `sum + index * 2`", times: short.timesOf("evaluate"), aim: 0.7 },
  ];
}

async function lookAtLocals(sessions: number, steps: number) {
  const times = new Map<string, number[]>();
  let localCount = 0;
  for (let round = 0; round < sessions; round++) {
    const session = await LatencySession.start(inLocals());
    for (let step = 0; step < steps; step++) {
      await session.time("all", async () => {
        await session.time("next", () => session.go("next"));
        const [top = 0] = await session.time("stack", () => session.stack(20));
        localCount = await session.time("locals", () => session.locals(top));
      });
      const [top = 0] = await session.stack(1);
      await session.time("evaluate", () => session.evaluate(top, "sum + index * 2"));
    }
    await session.end();
    for (const name of ["all", "locals", "evaluate"]) {
      times.set(name, [...(times.get(name) ?? []), ...session.timesOf(name)]);
    }
  }
  return { localCount, timesOf: (name: string): readonly number[] => times.get(name) ?? [] };
}

/** As `benchLocals` in one long session, timed once the adapter's own code has been optimised. */
async function benchLua(smoke: boolean): Promise<readonly Row[]> {
  const inMain = luaInMain();
  if (!inMain) return [];
  const source = fromRoot("build/large/lua/lvm.c");
  const session = await LatencySession.start({ ...inMain, source, line: lineWith(source, "  vmfetch();") });
  const steps = smoke ? 4 : 1000;
  let localCount = 0;
  for (let step = 0; step < steps; step++) {
    const isWarm = step >= steps / 2;
    await session.time(isWarm ? "all" : "cold", async () => {
      await session.go("next");
      const [top = 0] = await session.stack(20);
      localCount = await session.locals(top);
    });
  }
  await session.end();
  return [{ what: `next, stack and ${localCount} locals, Lua, warm`, times: session.timesOf("all"), aim: 2 }];
}

/** Whole stacks of an endless recursion, asked for once at each stop. */
async function benchStacks(smoke: boolean): Promise<readonly Row[]> {
  const session = await LatencySession.start({ ...stopIn("traps", "@stop:endless"), args: ["stack"] });
  const rows: Row[] = [];
  const depths = smoke
    ? [{ wanted: 5, aim: 2 }]
    : [
        { wanted: 100, aim: 2 },
        { wanted: 1000, aim: 10 },
      ];
  let depth = (await session.stack(10_000)).length;
  for (const { wanted, aim } of depths) {
    for (; depth < wanted; depth++) await session.go("continue");
    const name = `stackTrace of ${wanted} frames`;
    for (let sample = 0; sample < (smoke ? 1 : 40); sample++) {
      await session.go("continue");
      depth++;
      await session.time(name, () => session.stack(wanted));
    }
    rows.push({ what: name, times: session.timesOf(name), aim });
  }
  await session.end();
  return rows;
}

/** A fixture and a breakpoint on the first line of its main source that holds `text`. */
function stopIn(name: string, text: string): Debuggee {
  const { path, compilationDir, sourceFolder, source } = fixture(name, "dwarf5.O0");
  return {
    program: path,
    sourceFileMap: { [compilationDir]: sourceFolder },
    source: source(),
    line: lineWith(source(), text),
  };
}

/** A function with 20 locals, in its loop. */
function inLocals(): Debuggee {
  const folder = fromRoot("test/bench/guests");
  const source = join(folder, "locals.c");
  return {
    program: join(folder, "locals.O0.wasm"),
    args: ["1000"],
    invoke: "run",
    sourceFileMap: { "/build/bench": folder },
    source,
    line: lineWith(source, "@stop:locals-body"),
  };
}

/** Lua at its `main`, if it has been built. */
function luaInMain(): Debuggee | undefined {
  const program = fromRoot("build/large/lua.O0.wasm");
  if (!existsSync(program)) return undefined;
  const source = fromRoot("build/large/lua/lua-driver.c");
  return {
    program,
    sourceFileMap: { "/build/lua": fromRoot("build/large/lua") },
    source,
    line: lineWith(source, "@stop:main"),
  };
}

function lineWith(path: string, text: string): number {
  const index = readFileSync(path, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`${path} has no line with ${text}`);
  return index + 1;
}

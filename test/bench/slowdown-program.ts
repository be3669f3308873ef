/*
 * Measures one guest of test/bench/guests in this Node: `slowdown-program <build> <rounds>`, and prints JSON.
 *
 * All variants run in this process, turn by turn in an order that rotates; a figure is the median over the rounds
 * of the ratio to the plain guest in the same round. CPU time, not wall time: the machine may be shared.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "../support/fixtures.ts";
import { type Variants, variantsOf, type Work } from "./bench-guest.ts";
import { median } from "./statistics.ts";

/** What the program prints. */
export interface Slowdown {
  readonly node: string;
  readonly build: string;
  /** Median of the plain guest, in milliseconds of CPU time. */
  readonly plainMs: number;
  /** Ratios to the plain guest. */
  readonly again: number;
  readonly probes: number;
  readonly padded: number;
  readonly armed: number;
  readonly siteCount: number;
  readonly growth: number;
}

type Variant = "plain" | "again" | "probes" | "padded" | "armed";
type Figures = Pick<Slowdown, "plainMs" | Exclude<Variant, "plain">>;

const order: readonly Variant[] = ["plain", "again", "probes", "padded", "armed"];
/** A round of the plain guest takes at least so long, in milliseconds. */
const leastMs = 60;
/** Calls before the first round, so that the engine's optimising compiler has seen every function. */
const warmUpCalls = 60;
/** Small amounts of work: `n` of `run`. */
const smallWork: Readonly<Record<string, number>> = {
  fib: 18,
  matmul: 1,
  sorthash: 1,
  sha256: 10_000,
  interp: 500,
};

const [build = "", roundsText = "9"] = process.argv.slice(2);
const rounds = Number(roundsText);
const [name = ""] = build.split(".");
const variants = variantsOf(fixture("bench", build).bytes);
await warmUp();
const n = enoughWork(variants.plain);
checkAnswers();
for (const variant of order) timeMs(variants[variant], n);
await sleep(100);
print(measure());

async function warmUp(): Promise<void> {
  for (let call = 0; call < warmUpCalls; call++) {
    for (const variant of order) variants[variant](smallWork[name] ?? 1);
    // Lets code that was compiled in the background come into use.
    if (call % 20 === 19) await sleep(50);
  }
}

/** The least work in steps that takes long enough. */
function enoughWork(work: Work): number {
  let amount = smallWork[name] ?? 1;
  while (rounds > 1 && timeMs(work, amount) < leastMs) amount = name === "fib" ? amount + 1 : amount * 1.5;
  return Math.floor(amount);
}

function checkAnswers(): void {
  const expected = variants.plain(n);
  for (const variant of order) {
    const answer = variants[variant](n);
    if (answer !== expected) throw new Error(`${build} ${variant} answers ${answer}, not ${expected}`);
  }
}

function measure(): Figures {
  const times: Record<Variant, number[]> = { plain: [], again: [], probes: [], padded: [], armed: [] };
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      const variant = order[(turn + round) % order.length] as Variant;
      times[variant].push(timeMs(variants[variant], n));
    }
  }
  const ratio = (variant: Variant): number =>
    median(times[variant].map((time, round) => time / (times.plain[round] as number)));
  return {
    plainMs: median(times.plain),
    again: ratio("again"),
    probes: ratio("probes"),
    padded: ratio("padded"),
    armed: ratio("armed"),
  };
}

function timeMs(work: Work, amount: number): number {
  const before = process.cpuUsage();
  work(amount);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function print(figures: Figures): void {
  const { siteCount, growth }: Pick<Variants, "siteCount" | "growth"> = variants;
  process.stdout.write(JSON.stringify({ node: process.version, build, ...figures, siteCount, growth }));
}

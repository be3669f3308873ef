/*
 * Measures one guest of test/bench/guests in this Node: `slowdown-program <build> <rounds> <variant>...`, and prints JSON.
 *
 * All variants run in this process, turn by turn in an order that rotates; a figure is the median over the rounds
 * of the ratio to the plain guest in the same round. CPU time, not wall time: the machine may be shared.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fixture } from "../support/fixtures.ts";
import { type Variant, type Variants, variantsOf, type Work } from "./bench-guest.ts";
import { median } from "./statistics.ts";

/** What the program prints. */
export interface Slowdown {
  readonly node: string;
  readonly build: string;
  /** Median of the plain guest, in milliseconds of CPU time. */
  readonly plainMs: number;
  /** Ratios to the plain guest, by variant. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly siteCount: number;
  readonly growth: number;
}

type Figures = Pick<Slowdown, "plainMs" | "ratios">;

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

const [build = "", roundsText = "9", ...compared] = process.argv.slice(2) as readonly string[];
const order = ["plain", ...compared] as readonly Variant[];
const rounds = Number(roundsText);
const [name = ""] = build.split(".");
const variants = variantsOf(fixture("bench", build).bytes, order);
await warmUp();
const n = enoughWork(workOf("plain"));
checkAnswers();
for (const variant of order) timeMs(workOf(variant), n);
await sleep(100);
print(measure());

async function warmUp(): Promise<void> {
  for (let call = 0; call < warmUpCalls; call++) {
    for (const variant of order) workOf(variant)(smallWork[name] ?? 1);
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
  const expected = workOf("plain")(n);
  for (const variant of order) {
    const answer = workOf(variant)(n);
    if (answer !== expected) throw new Error(`${build} ${variant} answers ${answer}, not ${expected}`);
  }
}

function measure(): Figures {
  const times = new Map<Variant, number[]>(order.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < order.length; turn++) {
      const variant = order[(turn + round) % order.length] as Variant;
      times.get(variant)?.push(timeMs(workOf(variant), n));
    }
  }
  const plain = times.get("plain") ?? [];
  const ratio = (variant: Variant): number =>
    median((times.get(variant) ?? []).map((time, round) => time / (plain[round] as number)));
  return {
    plainMs: median(plain),
    ratios: Object.fromEntries(order.slice(1).map((variant) => [variant, ratio(variant)])),
  };
}

function workOf(variant: Variant): Work {
  const work = variants.work[variant];
  if (!work) throw new Error(`${variant} has not been made`);
  return work;
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

import { allFixtures } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import type { Variant } from "./bench-guest.ts";
import { runChild } from "./run-child.ts";
import type { Slowdown } from "./slowdown-program.ts";
import { geometricMean, median } from "./statistics.ts";
import { formatTable, twoDigits } from "./table.ts";

/** Variants with the heads of their columns. */
type Columns = Readonly<Partial<Record<Variant, string>>>;

/** How much slower guests run with probes, by Node: ratios to plain V8 in the same process. */
export const benchSlowdown = (options: { readonly smoke: boolean }): Promise<void> =>
  bench("slowdown", options, {
    again: "plain again",
    bare: "nothing kept",
    probes: "probes",
    padded: "+ dead code",
    armed: "50 armed there",
  });

/** How much slower guests run when their stores are checked. */
export const benchWatch = (options: { readonly smoke: boolean }): Promise<void> =>
  bench("data breakpoints", options, {
    again: "plain again",
    probes: "probes",
    checked: "stores checked",
    watched: "a word watched",
  });

async function bench(title: string, { smoke }: { readonly smoke: boolean }, columns: Columns): Promise<void> {
  const builds = allFixtures().flatMap(({ name, build }) => (name === "bench" ? [build] : []));
  for (const [label, node] of await nodes()) {
    const slowdowns = builds
      .toSorted((a, b) => levelOf(a).localeCompare(levelOf(b)))
      .map((build) =>
        medianOf(repeat(smoke ? 1 : 3, () => measure(node, build, smoke, Object.keys(columns)))),
      );
    const version = slowdowns[0]?.node ?? "";
    process.stdout.write(
      `\n${title}, ${label} (${version}): CPU time, plain V8 = 1.00\n${tableOf(slowdowns, columns)}\n`,
    );
  }
}

const measure = (node: string, build: string, smoke: boolean, variants: readonly string[]): Slowdown =>
  runChild<Slowdown>(node, "slowdown-program", [build, smoke ? "1" : "5", ...variants]);

/** What several processes measured, as one: how an engine lays out code may differ from one to the next. */
function medianOf(slowdowns: readonly Slowdown[]): Slowdown {
  const [first] = slowdowns;
  if (!first) throw new Error("nothing was measured");
  const ratios = Object.keys(first.ratios).map((variant) => [
    variant,
    median(slowdowns.map((each) => each.ratios[variant] ?? 0)),
  ]);
  return {
    ...first,
    plainMs: median(slowdowns.map(({ plainMs }) => plainMs)),
    ratios: Object.fromEntries(ratios),
  };
}

const repeat = <T>(times: number, run: () => T): readonly T[] => Array.from({ length: times }, run);
const levelOf = (build: string): string => build.split(".")[1] ?? "";

function tableOf(slowdowns: readonly Slowdown[], columns: Columns): string {
  const variants = Object.keys(columns);
  const ratioOf = (row: Slowdown, variant: string): number => row.ratios[variant] ?? 0;
  const rows = slowdowns.map((row) => [
    row.build,
    row.plainMs.toFixed(0),
    ...variants.map((variant) => twoDigits(ratioOf(row, variant))),
    String(row.siteCount),
    twoDigits(row.growth),
  ]);
  const levels = [...new Set(slowdowns.map(({ build }) => levelOf(build)))];
  const means = levels.map((level) => {
    const chosen = slowdowns.filter(({ build }) => levelOf(build) === level);
    const meanOf = (variant: string): string =>
      twoDigits(geometricMean(chosen.map((row) => ratioOf(row, variant))));
    return [`geomean ${level}`, "", ...variants.map(meanOf), "", ""];
  });
  const header = ["guest", "plain ms", ...Object.values(columns), "sites", "size"];
  return formatTable([header, ...rows, ...means]);
}

import { allFixtures } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";
import { runChild } from "./run-child.ts";
import type { Slowdown } from "./slowdown-program.ts";
import { geometricMean, median } from "./statistics.ts";
import { formatTable, twoDigits } from "./table.ts";

/** How much slower guests run with probes, by Node: ratios to plain V8 in the same process. */
export async function benchSlowdown({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const builds = allFixtures().flatMap(({ name, build }) => (name === "bench" ? [build] : []));
  for (const [label, node] of await nodes()) {
    const slowdowns = builds
      .toSorted((a, b) => levelOf(a).localeCompare(levelOf(b)))
      .map((build) => medianOf(repeat(smoke ? 1 : 3, () => measure(node, build, smoke))));
    const version = slowdowns[0]?.node ?? "";
    process.stdout.write(
      `\nslowdown, ${label} (${version}): CPU time, plain V8 = 1.00\n${tableOf(slowdowns)}\n`,
    );
  }
}

const measure = (node: string, build: string, smoke: boolean): Slowdown =>
  runChild<Slowdown>(node, "slowdown-program", [build, smoke ? "1" : "5"]);

/** What several processes measured, as one: how an engine lays out code may differ from one to the next. */
function medianOf(slowdowns: readonly Slowdown[]): Slowdown {
  const [first] = slowdowns;
  if (!first) throw new Error("nothing was measured");
  const ratios = columns.map((column) => [column, median(slowdowns.map((each) => each[column]))] as const);
  return {
    ...first,
    plainMs: median(slowdowns.map(({ plainMs }) => plainMs)),
    ...Object.fromEntries(ratios),
  };
}

const repeat = <T>(times: number, run: () => T): readonly T[] => Array.from({ length: times }, run);
const levelOf = (build: string): string => build.split(".")[1] ?? "";
const columns = ["again", "probes", "padded", "armed"] as const;

function tableOf(slowdowns: readonly Slowdown[]): string {
  const rows = slowdowns.map((row) => [
    row.build,
    row.plainMs.toFixed(0),
    ...columns.map((column) => twoDigits(row[column])),
    String(row.siteCount),
    twoDigits(row.growth),
  ]);
  const levels = [...new Set(slowdowns.map(({ build }) => levelOf(build)))];
  const means = levels.map((level) => {
    const chosen = slowdowns.filter(({ build }) => levelOf(build) === level);
    const meanOf = (column: (typeof columns)[number]): string =>
      twoDigits(geometricMean(chosen.map((row) => row[column])));
    return [`geomean ${level}`, "", ...columns.map(meanOf), "", ""];
  });
  const header = [
    "guest",
    "plain ms",
    "plain again",
    "probes",
    "+ dead code",
    "50 armed there",
    "sites",
    "size",
  ];
  return formatTable([header, ...rows, ...means]);
}

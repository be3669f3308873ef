import { fixture } from "../support/fixtures.ts";
import { LatencySession } from "./latency-session.ts";
import { quantile } from "./statistics.ts";
import { formatTable, twoDigits } from "./table.ts";

/** Elements a client asks for at once. */
const pageSize = 100;
/** Entries of the guests' large maps, and elements of their vectors. */
const entries = 10_000;
const elements = 1_000_000;

/** How long a page of a large container takes: of a vector, anywhere in it, and of a map, each after the one before. */
export async function benchPages({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const rows: string[][] = [["", "p50 ms", "p95 ms", "most"]];
  for (const guest of ["cpp-values", "rust-values"]) {
    const module = fixture(guest, "dwarf5.O0");
    const session = await LatencySession.start({
      program: module.path,
      args: ["big"],
      sourceFileMap: { [module.compilationDir]: module.sourceFolder },
      source: module.source(),
      line: module.markers().lineOf("big"),
    });
    const [frame = 0] = await session.stack(1);
    const million = await session.evaluate(frame, "million");
    for (let page = 0; page < (smoke ? 2 : 200); page++) {
      // A prime apart, so that no two pages are neighbours in memory.
      const start = (page * 6_151 * pageSize) % (elements - pageSize);
      await session.time("vector", () => session.page(million, start, pageSize));
    }
    const squares = await session.time("summary", () => session.evaluate(frame, "squares"));
    for (let start = 0; start < (smoke ? 2 * pageSize : entries); start += pageSize) {
      await session.time("map", () => session.page(squares, start, pageSize));
    }
    for (const [name, what] of [
      ["vector", `${guest}: 100 of a million elements`],
      ["summary", `${guest}: a map of 10,000 entries itself`],
      ["map", `${guest}: its next 100 entries`],
    ] as const) {
      const times = session.timesOf(name);
      rows.push([what, ...[0.5, 0.95, 1].map((share) => twoDigits(quantile(times, share)))]);
    }
    await session.end();
  }
  process.stdout.write(`\npages\n${formatTable(rows)}\n`);
}

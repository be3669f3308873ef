/*
 * `npm run bench -- NAME... --smoke`: runs the benchmarks of these names, by default all, and prints their
 * figures. With `--smoke` each does as little as it can, to find out whether it still works.
 */

import { benchConditions } from "./conditions.ts";
import { benchCoredump } from "./coredump.ts";
import { benchLargeDwarf } from "./large-dwarf.ts";
import { benchLatency } from "./latency.ts";
import { benchPages } from "./pages.ts";
import { benchPeers } from "./peers.ts";
import { benchRewrite } from "./rewrite.ts";
import { benchSlowdown, benchWatch } from "./slowdown.ts";

const benchmarks = {
  slowdown: benchSlowdown,
  watch: benchWatch,
  rewrite: benchRewrite,
  latency: benchLatency,
  conditions: benchConditions,
  pages: benchPages,
  coredump: benchCoredump,
  "large-dwarf": benchLargeDwarf,
  peers: benchPeers,
} as const;

const args = process.argv.slice(2);
const smoke = args.includes("--smoke");
const names = args.filter((arg) => arg !== "--smoke");
const unknown = names.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(", ")}; there are: ${Object.keys(benchmarks).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benchmarks)) {
    if (names.length === 0 || names.includes(name)) await bench({ smoke });
  }
}

/*
 * Measures how fast a module is instrumented: `rewrite-program <rounds> <path>`, and prints JSON.
 */
import { readFileSync } from "node:fs";
import { instrument } from "../../src/instrument/instrument.ts";
import { readModule } from "../../src/wasm/module.ts";
import { statementsOf } from "../support/site-requests.ts";
import { median } from "./statistics.ts";

/** What the program prints. */
export interface RewriteSpeed {
  readonly node: string;
  readonly fileBytes: number;
  readonly codeBytes: number;
  readonly instrumentedBytes: number;
  readonly siteCount: number;
  /** Milliseconds: the first time, as in a launch, and the median of the later ones. */
  readonly coldMs: number;
  readonly warmMs: number;
}

const [roundsText = "15", path = ""] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(path));
const sites = statementsOf(readModule(bytes));
const times: number[] = [];
let instrumentedBytes = 0;
let siteCount = 0;
for (let round = 0; round < Number(roundsText); round++) {
  const start = performance.now();
  const result = instrument(readModule(bytes), { sites });
  times.push(performance.now() - start);
  instrumentedBytes = result.bytes.length;
  siteCount = result.sites.count;
}
const { code } = readModule(bytes);
const speed: RewriteSpeed = {
  node: process.version,
  fileBytes: bytes.length,
  codeBytes: code.end - code.start,
  instrumentedBytes,
  siteCount,
  coldMs: times[0] ?? Number.NaN,
  warmMs: median(times.length > 1 ? times.slice(1) : times),
};
process.stdout.write(JSON.stringify(speed));

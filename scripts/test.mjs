// `npm test [-- PATTERN]`: sets up, checks and runs every test whose title matches PATTERN, by default all.
// `npm run test:large [-- PATTERN]` runs those in test/large and nothing else; their guest must have been built.
//
// The last line is `N passed, N failed`: mocha's tests, and one failure for each other step that fails.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { installNode24 } from "./install-nodes.mjs";
import { build, installDependencies, root } from "./set-up.mjs";

const options = process.argv.slice(2);
const isLarge = options[0] === "--large";
const pattern = options.slice(isLarge ? 1 : 0).join(" ");
const totals = { passed: 0, failed: 0 };
/** After this a run is taken for stuck: a test that blocks its thread is beyond mocha's own limit. */
const longestRunMs = 17 * 60_000;

const say = (text) => process.stdout.write(`${text}\n`);

/** Runs a step that counts only if it fails; what it prints is then the explanation. */
function step(title, run) {
  say(`\n== ${title}`);
  const went = run();
  if (!went) totals.failed++;
  return went;
}

const node = (...args) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
const biome = () => {
  const flags = ["--assist-enabled=false", "--error-on-warnings", "--diagnostic-level=warn"];
  if (!process.stdout.isTTY) flags.push("--colors=off");
  return node("node_modules/@biomejs/biome/bin/biome", "ci", ...flags, ".");
};

async function main() {
  if (!step("dependencies", installDependencies) || !step("build", build)) return;
  if (!isLarge && pattern === "") step("format and lint", biome);
  if (!step("a second Node for the debuggee", () => existsSync(installNode24()))) return;
  say("\n== tests");
  for (const { passed, failed } of await Promise.all(shardsOf(testFiles()).map(runMocha))) {
    totals.passed += passed;
    totals.failed += failed;
  }
}

/** Two lists of files that run at the same time: tests wait for processes of their own most of the time. */
function shardsOf(files) {
  if (pattern !== "" || isLarge) return [files];
  return [0, 1].map((shard) => files.filter((_, index) => index % 2 === shard));
}

/** Compiled tests whose source is still there, and tests written in JavaScript. */
function testFiles() {
  const compiled = [
    { folder: join(root, "dist/test"), source: join(root, "test") },
    { folder: join(root, "gimli-wasm/dist"), source: join(root, "gimli-wasm/src") },
  ];
  const fromSources = compiled.flatMap(({ folder, source }) =>
    filesBelow(folder).filter((file) =>
      existsSync(join(source, relative(folder, file).replace(/\.js$/, ".ts"))),
    ),
  );
  const large = join("test", "large") + sep;
  return [
    ...fromSources,
    ...["test", "gimli-wasm", "extension"].flatMap((folder) => filesBelow(join(root, folder))),
  ]
    .filter((file) => relative(root, file).includes(large) === isLarge)
    .sort();
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.name.endsWith(".test.js") ? [path] : [];
    return ["node_modules", "dist", "target"].includes(entry.name) ? [] : filesBelow(path);
  });
}

/** Runs mocha in a process of its own, since a test may break it. Only the first of several prints as it goes. */
async function runMocha(files, shard) {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-totals-"));
  try {
    const report = join(folder, "totals.json");
    const mocha = spawn(process.execPath, [join(root, "scripts/run-mocha.mjs")], {
      cwd: root,
      timeout: longestRunMs,
      stdio: shard === 0 ? ["pipe", "inherit", "inherit"] : "pipe",
    });
    const printed = [];
    for (const stream of [mocha.stdout, mocha.stderr]) stream?.on("data", (chunk) => printed.push(chunk));
    mocha.stdin.end(JSON.stringify({ files, pattern, report }));
    const [status, signal] = await once(mocha, "close");
    process.stdout.write(Buffer.concat(printed));
    const found = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { passed: 0, failed: 0 };
    if (status !== 0 && found.failed === 0) {
      say(`The test run broke off (${signal ?? `exit status ${status}`}).`);
      found.failed = 1;
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  totals.failed++;
}
say(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

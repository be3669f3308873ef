// `npm run test:vscode [-- [--if-possible] [--limit=SECONDS] [PATTERN]]`: the packaged extension in a real VS Code
// (code-server) in headless Chromium.
//
// What that needs is installed once, by install-vscode.mjs. Screenshots are in build/vscode/shots. A file of tests has
// processes of its own; one that fails is run once more, which is told. The last line is `N passed, N failed`.
// For CI: with --if-possible it is no failure that the tests cannot run here, and with --limit all is over in time.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { places } from "../test/vscode/tools.mjs";
import { CannotTest, installTools } from "./install-vscode.mjs";
import { endProcesses, processesWith } from "./left-processes.mjs";
import { runNpm } from "./npm.mjs";
import { root } from "./set-up.mjs";

const { isOptional, limitMs, pattern } = optionsOf(process.argv.slice(2));
const testLimitMs = 150_000;
/** A file that takes longer is taken for stuck. */
const fileLimitMs = 6 * 60_000;
/** For VS Code to come up with nothing to do. */
const tryLimitMs = 90_000;
/** How long those who are told to end may take. */
const graceMs = 5_000;
/** Every process that is started here has this in its environment, and is found by it. */
const mark = ["WASM_DAP_VSCODE_TEST", String(process.pid)];
process.env[mark[0]] = mark[1];

let isInterrupted = false;

const say = (text) => process.stdout.write(`${text}\n`);
const secondsLeft = () => Math.round((limitMs - performance.now()) / 1000);

process.exitCode = await main();

async function main() {
  try {
    const chromium = installTools(limitMs);
    installExtension();
    if (isOptional) await tryWorkbench(chromium);
    rmSync(places.shots, { recursive: true, force: true });
    return await runFiles(chromium);
  } catch (error) {
    if (!(error instanceof CannotTest)) throw error;
    endProcesses(await processesWith(mark, 0));
    say(`The tests in VS Code were not run: ${error.message}`);
    return isOptional ? 0 : 1;
  }
}

function optionsOf(words) {
  const limit = words.find((word) => word.startsWith("--limit="))?.slice("--limit=".length);
  if (limit !== undefined && !(Number(limit) > 0))
    throw new Error(`--limit wants seconds, and got "${limit}".`);
  return {
    isOptional: words.includes("--if-possible"),
    limitMs: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit) * 1000,
    pattern: words.filter((word) => !word.startsWith("--")).join(" "),
  };
}

function installExtension() {
  if (runNpm(["run", "--silent", "package"], { cwd: root }) !== 0) {
    throw new CannotTest("the extension could not be packaged: see above.");
  }
  const folder = join(root, "extension");
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const vsix = join(folder, `${name}-${version}.vsix`);
  rmSync(places.extensions, { recursive: true, force: true });
  mkdirSync(places.folder, { recursive: true });
  const flags = ["--extensions-dir", places.extensions, "--user-data-dir", join(places.folder, "data")];
  const args = [places.codeServer, ...flags, "--install-extension", vsix];
  const env = { ...process.env, HOME: places.folder };
  const { status, stderr } = spawnSync(places.node, args, { env, encoding: "utf8" });
  if (status !== 0) throw new CannotTest(`code-server did not take ${vsix}: ${stderr}`);
}

/** A machine on which no window comes up, with or without our extension, is none to test on. */
async function tryWorkbench(chromium) {
  const args = [join(root, "scripts/try-vscode.mjs")];
  const env = { ...process.env, WASM_DAP_CHROMIUM: chromium };
  const timeout = Math.min(tryLimitMs, Math.max(1, limitMs - performance.now()));
  const { status, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: root, env, timeout, encoding: "utf8" },
    stdio: ["ignore", "inherit", "pipe"],
  });
  endProcesses(await processesWith(mark, graceMs));
  if (status === 0) return;
  const why = stderr.trim() || `it takes more than ${Math.round(timeout / 1000)} s`;
  throw new CannotTest(`VS Code does not come up here (${why}).`);
}

async function runFiles(chromium) {
  const folder = join(root, "test/vscode");
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
  const totals = { passed: 0, failed: 0 };
  const notRun = [];
  for (const name of files.sort()) {
    if (isInterrupted) break;
    const run = () => runFile(join(folder, name), chromium);
    let result = await run();
    if (result.failed > 0 && !result.isOutOfTime && !isInterrupted) {
      say(`\n${name} failed and is run once more.`);
      result = await run();
      if (result.failed === 0) say(`${name} passed at the second time only.`);
    }
    if (result.isOutOfTime) notRun.push(name);
    else for (const key of Object.keys(totals)) totals[key] += result[key];
  }
  totals.failed += await endWhatIsLeft();
  if (totals.passed + totals.failed === 0 && notRun.length === 0) {
    say("No test matches.");
    totals.failed = 1;
  }
  if (notRun.length > 0) say(`\nThere was no time for ${notRun.join(", ")}.`);
  say(`\n${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 ? 0 : 1;
}

/** Runs a file of tests with mocha. A process group of its own makes sure that it ends with all that it started. */
async function runFile(file, chromium) {
  if (secondsLeft() <= 0) return { isOutOfTime: true };
  // For all that the tests write, and short: names of sockets may have no more than 107 characters.
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-"));
  const report = join(folder, "totals.json");
  const mocha = spawn(process.execPath, [join(root, "scripts/run-mocha.mjs")], {
    ...{ cwd: root, stdio: ["pipe", "inherit", "inherit"], detached: true },
    env: { ...process.env, WASM_DAP_CHROMIUM: chromium, TMPDIR: folder },
  });
  const order = { files: [file], pattern, report, timeoutMs: testLimitMs, reporter: "spec", mayBeNone: true };
  mocha.stdin.end(JSON.stringify(order));
  const tell = (signal) => endGroup(mocha, signal);
  const end = () => {
    tell("SIGTERM");
    setTimeout(() => tell("SIGKILL"), graceMs).unref();
  };
  const interrupt = () => {
    isInterrupted = true;
    end();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  let isLate = false;
  const limit = setTimeout(
    () => {
      isLate = true;
      end();
    },
    Math.min(fileLimitMs, limitMs - performance.now()),
  );
  await once(mocha, "exit");
  clearTimeout(limit);
  process.removeListener("SIGINT", interrupt).removeListener("SIGTERM", interrupt);
  tell("SIGKILL");
  const found = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  // What broke off has ended nothing of its own.
  if (found === undefined) endProcesses(await processesWith(mark, 0));
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  if (found !== undefined) return { ...found, isOutOfTime: false };
  const isOutOfTime = isLate && secondsLeft() <= 0;
  if (!isOutOfTime)
    say(isLate ? `${file} took more than ${fileLimitMs / 60_000} minutes.` : `${file} broke off.`);
  return { passed: 0, failed: 1, isOutOfTime };
}

function endGroup({ pid }, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of it is left.
  }
}

/** Ends processes that outlive the tests. Answers how many there were: each is a failure. */
async function endWhatIsLeft() {
  const left = await processesWith(mark, graceMs);
  for (const { command } of left) say(`Left running by the tests: ${command}`);
  endProcesses(left);
  return left.length;
}

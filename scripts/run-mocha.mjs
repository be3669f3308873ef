// Runs test files with mocha for test.mjs and test-vscode.mjs, which give JSON on standard input: files, pattern, where
// to write the totals, and what else is not as usual. Exit status 0 when all passed.
import { readFileSync, writeFileSync } from "node:fs";
import Mocha from "mocha";

const {
  files,
  pattern,
  report,
  timeoutMs = 60_000,
  reporter = pattern === "" ? "dot" : "spec",
  mayBeNone = false,
} = JSON.parse(readFileSync(0, "utf8"));
/** How long the process may live on after the last test. */
const lingerMs = 10_000;

const mocha = new Mocha({
  ui: "bdd",
  reporter,
  timeout: timeoutMs,
  forbidOnly: true,
  forbidPending: true,
  ...(pattern !== "" && { grep: pattern }),
});
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const totals = { passed: 0, failed: 0 };
const writeTotals = () => writeFileSync(report, JSON.stringify(totals));
const runner = mocha.run((failed) => {
  totals.failed = failed;
  if (totals.passed + totals.failed === 0 && !mayBeNone) {
    process.stdout.write("No test matches.\n");
    totals.failed = 1;
  }
  writeTotals();
  process.exitCode = totals.failed === 0 ? 0 : 1;
  // Runs only if something keeps the process alive: a socket, a process or a timer that a test did not end.
  setTimeout(() => {
    process.stdout.write(`Left open after the last test: ${process.getActiveResourcesInfo().join(", ")}\n`);
    totals.failed++;
    writeTotals();
    process.exit(1);
  }, lingerMs).unref();
});
runner.on("pass", () => totals.passed++);

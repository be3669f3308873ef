/*
 * A program for tests that run the WASI host on another Node: runs guests named in its arguments as
 * `name/build/number of the run` and prints what they did as JSON, and nothing else.
 */
import { fixture } from "./fixtures.ts";
import { runOnHost } from "./run-on-host.ts";

const outcomes = process.argv.slice(2).map((argument) => {
  const [name = "", build = "", number] = argument.split("/");
  const guest = fixture(name, build);
  const run = guest.runs[Number(number)];
  if (!run) throw new Error(`no run ${number} of ${name}`);
  const { stdout, stderr, exit } = runOnHost(guest, run);
  return { stdout, stderr, exit };
});
process.stdout.write(JSON.stringify({ node: process.version, outcomes }));

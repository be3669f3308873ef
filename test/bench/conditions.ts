import { readFileSync } from "node:fs";
import { fixture } from "../support/fixtures.ts";
import type { Debuggee } from "./latency-session.ts";
import { ownAdapter, RawClient } from "./raw-client.ts";
import { formatTable } from "./table.ts";

/** False conditions and logged lines a second, over stdio, on this Node; the guest's own work is in them. */
export async function benchConditions({ smoke }: { readonly smoke: boolean }): Promise<void> {
  const rounds = smoke ? 10_000 : 20_000_000;
  const lines = smoke ? 200 : 200_000;
  const conditions = ["counter == 12345678901234", "step == 3 && counter > 5", "&counter == 0 || limit == 7"];
  const rows: string[][] = [["what", "a second", "aim"]];
  for (const condition of conditions) {
    const seconds = await timeRun(rounds, { condition });
    rows.push([`false ${condition}`, grouped(rounds / seconds), "5,000,000"]);
  }
  const logged = { condition: `counter < ${lines}`, logMessage: "counter is {counter}, step {step}" };
  const seconds = await timeRun(lines, logged);
  rows.push(["log lines, delivered", grouped(lines / seconds), "50,000"]);
  process.stdout.write(`\nbreakpoints that do not stop, ${process.version}\n${formatTable(rows)}\n`);
}

const grouped = (perSecond: number): string => Math.round(perSecond).toLocaleString("en-US");

/** Seconds from the start of the guest to its end, in which it comes to the breakpoint `rounds` times. */
function timeRun(rounds: number, behaviour: Behaviour): Promise<number> {
  const { path, compilationDir, sourceFolder, source } = fixture("spin", "dwarf5.O0");
  const line =
    readFileSync(source(), "utf8")
      .split("\n")
      .findIndex((text) => text.includes("@stop:spin-body")) + 1;
  const sourceFileMap = { [compilationDir]: sourceFolder };
  const debuggee = { program: path, args: [String(rounds)], sourceFileMap, source: source(), line };
  return timeToEnd(debuggee, rounds, behaviour);
}

interface Behaviour {
  readonly condition: string;
  readonly logMessage?: string;
}

/** The same for any program and any adapter. Throws when the program is stopped, or fewer lines are told than there are rounds. */
export async function timeToEnd(
  { source, line, more, ...configuration }: Debuggee,
  rounds: number,
  behaviour: Behaviour,
  adapter: readonly string[] = ownAdapter,
): Promise<number> {
  const client = new RawClient(adapter);
  const initialized = client.event("initialized");
  const terminated = client.event("terminated");
  const stopped = client.event("stopped").then(async ({ description, text }) => {
    await client.end();
    throw new Error(`a breakpoint stopped that should not: ${description ?? ""} ${text ?? ""}`);
  });
  // Nobody waits for it once the program has ended.
  stopped.catch(() => {});
  await client.request("initialize", { adapterID: "wasm", linesStartAt1: true, columnsStartAt1: true });
  const launched = client.request("launch", { ...configuration, ...more });
  await initialized;
  await client.request("setBreakpoints", { source: { path: source }, breakpoints: [{ line, ...behaviour }] });
  let told = 0;
  client.onEvent = (event, body) => {
    if (event === "output" && body.category === "console") told += String(body.output).split("\n").length - 1;
  };
  const begin = performance.now();
  await client.request("configurationDone");
  await launched;
  await Promise.race([terminated, stopped]);
  const seconds = (performance.now() - begin) / 1000;
  if (behaviour.logMessage !== undefined && told < rounds)
    throw new Error(`${told} of ${rounds} lines were told`);
  await client.end();
  return seconds;
}

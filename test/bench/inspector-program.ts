/*
 * Runs a guest of test/bench/guests in this Node, with V8's own debugger attached or not, and prints JSON:
 * `inspector-program time <build> <n> [attached]` the CPU time that `run(n)` takes, in milliseconds, once it is warm;
 * `inspector-program conditions <build> <n> <offset>` how often a second a condition at this byte of the module is false.
 *
 * The debugger's client is a thread of this process. One on a socket, as developer tools are, is no faster.
 */
import { once } from "node:events";
import { Session } from "node:inspector";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { fixture } from "../support/fixtures.ts";

/** Calls before anything is timed, so that the engine's optimising compiler has seen every function. */
const warmUpCalls = 40;

/** Counts how often it is asked, and is false. */
const condition = "(globalThis.asked = (globalThis.asked ?? 0) + 1, false)";

if (isMainThread) await runGuest();
else debugMainThread();

async function runGuest(): Promise<void> {
  const [what = "", build = "", amount = "", option] = process.argv.slice(2);
  const n = Number(amount);
  const isAttached = what === "conditions" || option === "attached";
  const offset = what === "conditions" ? Number(option) : undefined;
  const client = isAttached ? new Worker(new URL(import.meta.url), { workerData: { offset } }) : undefined;
  if (client) await once(client, "message");
  const module = new WebAssembly.Module(fixture("bench", build).bytes);
  const run = new WebAssembly.Instance(module).exports.run as (n: number) => number;
  if (client && offset !== undefined) await once(client, "message");
  if (what === "conditions") {
    const begin = performance.now();
    run(n);
    const seconds = (performance.now() - begin) / 1000;
    const { asked = 0 } = globalThis as { asked?: number };
    process.stdout.write(JSON.stringify({ asked, perSecond: asked / seconds }));
  } else {
    for (let call = 0; call < warmUpCalls; call++) run(Math.max(1, Math.floor(n / 10)));
    const before = process.cpuUsage();
    run(n);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(JSON.stringify({ ms: (user + system) / 1000 }));
  }
  await client?.terminate();
}

function debugMainThread(): void {
  const { offset } = workerData as { readonly offset: number | undefined };
  // Keeps this thread, and with it the session, until it is ended.
  parentPort?.on("message", () => {});
  const session = new Session();
  session.connectToMainThread();
  session.on("Debugger.scriptParsed", ({ params }) => {
    const { scriptId, scriptLanguage } = params as typeof params & { readonly scriptLanguage?: string };
    if (scriptLanguage !== "WebAssembly" || offset === undefined) return;
    const location = { scriptId, lineNumber: 0, columnNumber: offset };
    session.post("Debugger.setBreakpoint", { location, condition }, (error) => {
      if (error) throw error;
      parentPort?.postMessage("set");
    });
  });
  session.post("Debugger.enable", (error) => {
    if (error) throw error;
    parentPort?.postMessage("attached");
  });
}

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromRoot } from "../support/paths.ts";
import { RawClient } from "./raw-client.ts";

/** A module, and where it is stopped: `line` counts from 1. */
export interface LargeGuest {
  readonly program: string;
  readonly source: string;
  readonly line: number;
  /** Sources in the same folder that are stopped in afterwards, on the same line, in this order. */
  readonly otherSources: readonly string[];
}

/** What a session has taken when it was this far. */
export interface Stage {
  readonly name: string;
  /** How long its client has waited since the stage before, in milliseconds. */
  readonly waitedMs: number;
  /** Processor time of the adapter since its start. */
  readonly cpuMs: number;
  /** The most memory that the adapter has had so far, in MiB, as the system counts it. */
  readonly peakMiB: number;
  /** What it has now. */
  readonly nowMiB: number;
  /** The most of the program's process; 0 before it is known. */
  readonly programMiB: number;
}

/** Steps over statements, each followed by a look at the variables. */
const steps = 5;

/**
 * Debugs a program as a user does: stops it, looks at its stack, variables and an expression, makes some steps, does the same in
 * other units, and lets it run to its end. What that takes the adapter, which runs on `node`. Linux only.
 */
export async function largeSession(
  { program, source, line, otherSources }: LargeGuest,
  node: string,
): Promise<readonly Stage[]> {
  const client = new RawClient([node, fromRoot("bin/wasm-dap")]);
  const stages: Stage[] = [];
  let programId: number | undefined;
  client.onEvent = (event, body) => {
    if (event === "process") programId = Number(body.systemProcessId);
  };
  let before = performance.now();
  const reached = (name: string): void => {
    const waitedMs = performance.now() - before;
    const of = usageOf(client.processId);
    stages.push({ name, waitedMs, ...of, programMiB: usageOf(programId).peakMiB });
    before = performance.now();
  };
  const breakIn = (path: string) =>
    client.request("setBreakpoints", { source: { path }, breakpoints: [{ line }] });
  const initialized = client.event("initialized");
  let stopped = client.event("stopped");
  await client.request("initialize", { adapterID: "wasm", linesStartAt1: true, columnsStartAt1: true });
  reached("initialize");
  const sourceFileMap = { "/build/templates": dirname(source) };
  const launched = client.request("launch", { program, sourceFileMap });
  await initialized;
  reached("initialized");
  await breakIn(source);
  reached("setBreakpoints");
  await client.request("configurationDone");
  const threadId = Number((await stopped).threadId);
  await launched;
  reached("stopped");
  const frameId = await topFrame(client, threadId);
  reached("stackTrace");
  const { scopes } = await client.request("scopes", { frameId });
  reached("scopes");
  await showScopes(client, scopes as readonly Scope[]);
  reached("variables");
  await client.request("evaluate", { expression: "sum + seed", frameId, context: "watch" });
  reached("evaluate");
  for (let step = 0; step < steps; step++) {
    stopped = client.event("stopped");
    await client.request("next", { threadId });
    await stopped;
    await showFrame(client, threadId);
  }
  reached(`${steps} steps`);
  for (const other of otherSources) {
    await breakIn(join(dirname(source), other));
    stopped = client.event("stopped");
    await client.request("continue", { threadId });
    await stopped;
    await showFrame(client, threadId);
    reached(other);
  }
  const terminated = client.event("terminated");
  await client.request("continue", { threadId });
  await terminated;
  reached("end");
  await client.end();
  return stages;
}

interface Scope {
  readonly variablesReference: number;
}

async function topFrame(client: RawClient, threadId: number): Promise<number | undefined> {
  const { stackFrames } = await client.request("stackTrace", { threadId, startFrame: 0, levels: 20 });
  return (stackFrames as readonly { readonly id: number }[])[0]?.id;
}

/** What an editor asks at each stop. */
async function showFrame(client: RawClient, threadId: number): Promise<void> {
  const { scopes } = await client.request("scopes", { frameId: await topFrame(client, threadId) });
  await showScopes(client, scopes as readonly Scope[]);
}

/** The variables of the first scope, and what is in each. */
async function showScopes(client: RawClient, [locals]: readonly Scope[]): Promise<void> {
  const { variablesReference } = locals ?? {};
  const { variables } = await client.request("variables", { variablesReference });
  for (const { variablesReference: inside } of variables as readonly Scope[]) {
    if (inside > 0) await client.request("variables", { variablesReference: inside });
  }
}

/** What a process has taken so far, by /proc. */
function usageOf(processId: number | undefined): Omit<Stage, "name" | "waitedMs" | "programMiB"> {
  if (processId === undefined) return { cpuMs: 0, peakMiB: 0, nowMiB: 0 };
  const status = readFileSync(`/proc/${processId}/status`, "utf8");
  const mebibytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  // Behind the name, which may have anything in it: user and system time in ticks of 10 ms are the 12th and 13th.
  const facts = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return {
    cpuMs: (Number(facts[11]) + Number(facts[12])) * 10,
    peakMiB: mebibytes("VmHWM"),
    nowMiB: mebibytes("VmRSS"),
  };
}

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { RawClient } from "./raw-client.ts";

/** A module, and where it is stopped: `line` counts from 1. */
export interface LargeGuest {
  readonly program: string;
  readonly source: string;
  readonly line: number;
}

/** What a session has taken when it was this far. */
export interface Stage {
  readonly name: string;
  /** Processor time of the adapter since its start. */
  readonly cpuMs: number;
  /** The most memory that the adapter has had so far, in MiB, as the system counts it. */
  readonly peakMiB: number;
  /** The same of the program's process; 0 before it is known. */
  readonly programMiB: number;
}

/** Launches a program, stops it, and looks at its stack and its variables: what that takes the adapter. Linux only. */
export async function largeSession({ program, source, line }: LargeGuest): Promise<readonly Stage[]> {
  const client = new RawClient();
  const stages: Stage[] = [];
  let programId: number | undefined;
  client.onEvent = (event, body) => {
    if (event === "process") programId = Number(body.systemProcessId);
  };
  const reached = (name: string): void => {
    const { cpuMs, peakMiB } = usageOf(client.processId);
    stages.push({ name, cpuMs, peakMiB, programMiB: usageOf(programId).peakMiB });
  };
  const initialized = client.event("initialized");
  const stopped = client.event("stopped");
  await client.request("initialize", { adapterID: "wasm", linesStartAt1: true, columnsStartAt1: true });
  reached("initialize");
  const sourceFileMap = { "/build/templates": dirname(source) };
  const launched = client.request("launch", { program, sourceFileMap });
  await initialized;
  reached("initialized");
  await client.request("setBreakpoints", { source: { path: source }, breakpoints: [{ line }] });
  reached("setBreakpoints");
  await client.request("configurationDone");
  const { threadId } = await stopped;
  await launched;
  reached("stopped");
  const { stackFrames } = await client.request("stackTrace", { threadId, startFrame: 0, levels: 20 });
  reached("stackTrace");
  const [frame] = stackFrames as readonly { readonly id: number }[];
  const { scopes } = await client.request("scopes", { frameId: frame?.id });
  reached("scopes");
  const [locals] = scopes as readonly { readonly variablesReference: number }[];
  await client.request("variables", { variablesReference: locals?.variablesReference });
  reached("variables");
  await client.end();
  return stages;
}

/** What a process has taken so far, by /proc. */
function usageOf(processId: number | undefined): { readonly cpuMs: number; readonly peakMiB: number } {
  if (processId === undefined) return { cpuMs: 0, peakMiB: 0 };
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, "utf8"));
  // Behind the name, which may have anything in it: user and system time in ticks of 10 ms are the 12th and 13th.
  const facts = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return { cpuMs: (Number(facts[11]) + Number(facts[12])) * 10, peakMiB: Number(peak?.[1]) / 1024 };
}

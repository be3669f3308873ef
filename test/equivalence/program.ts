/*
 * A program for tests that run guests on another Node: `program <forms as JSON> <name/build>...` runs each guest as
 * it is and in every form, all its runs, and prints one line of JSON for each of those.
 */
import { writeSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { keepAllFrames } from "../../runtime/guest/call-stack.ts";
import { largeGuest } from "../large/large-guest.ts";
import type { Run } from "../support/fixtures.ts";
import { fixture } from "../support/fixtures.ts";
import { runPlain } from "../support/run-plain.ts";
import { type Observation, observe, unchanged } from "./observation.ts";
import { type Form, type Guest, ProbedGuest, type ProbeReport } from "./probed-guest.ts";

/** One line of what the program prints. */
export interface Line {
  readonly node: string;
  readonly guest: string;
  readonly run: string;
  /** Absent for the guest as it is. */
  readonly form?: Form;
  readonly observation: Observation;
  readonly probes?: ProbeReport;
  /** Milliseconds that instrumenting and all runs of this form have taken so far. */
  readonly elapsedMs: number;
}

// As the debuggee does: the engine's compiler then reads the branch hints.
setFlagsFromString("--experimental-wasm-branch-hinting");
keepAllFrames();
const [formsText = "[]", ...names] = process.argv.slice(2);
const forms = JSON.parse(formsText) as readonly Form[];
for (const name of names) {
  const [guestName = "", build = ""] = name.split("/");
  const guest = guestName === "large" ? largeGuest(build) : fixture(guestName, build);
  runInAllForms(name, guest, guest.runs);
}

function runInAllForms(name: string, guest: Guest, runs: readonly Run[]): void {
  for (const run of runs) {
    const started = performance.now();
    const observation = observe(runPlain(guest, run), unchanged);
    print({ guest: name, run: run.name, observation, elapsedMs: performance.now() - started });
  }
  for (const form of forms) {
    const started = performance.now();
    const probed = new ProbedGuest(guest.bytes, form);
    for (const run of runs) {
      const { observation, probes } = probed.run(guest, run);
      print({
        guest: name,
        run: run.name,
        form,
        observation,
        probes,
        elapsedMs: performance.now() - started,
      });
    }
  }
}

function print(line: Omit<Line, "node">): void {
  writeSync(1, `${JSON.stringify({ node: process.version, ...line })}\n`);
}

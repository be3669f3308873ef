import type { Debugger } from "../../src/debugger/debugger.ts";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { debugProgram } from "./debugged-program.ts";
import type { Fixture } from "./fixtures.ts";
import { meetsExpectation } from "./markers.ts";

/** What there was to be seen of a guest's variables when it stopped at every line. */
export interface Survey {
  /** Variables seen in the innermost frame, with each function called at a place counted once. */
  readonly inner: Tally;
  /** Likewise in frames around it. */
  readonly outer: Tally;
  /** Expectations that were met, in any frame. */
  readonly met: number;
  /** Expectations that were not: a value that is another. */
  readonly wrong: readonly string[];
}

export interface Tally {
  available: number;
  /** The compiler says that there is none. */
  optimisedOut: number;
  /** Debug info says where it is, and yet it cannot be read: what, and why. */
  readonly missing: string[];
}

/** Visits of one place that are looked at. */
const mostVisits = 2;

/** Runs a guest to its end and looks at all variables of all frames at all its lines. */
export async function surveyValues(fixture: Fixture, node: string): Promise<Survey> {
  const program = await debugProgram(fixture, node);
  const { guest } = program;
  const surveyor = new Surveyor(guest, fixture);
  for (const name of program.sources) {
    const lines = Array.from({ length: 400 }, (_, line) => ({ line }));
    await guest.setBreakpoints(`${fixture.sourceFolder}/${name}`, lines);
  }
  await guest.start({ stopOnEntry: false });
  while (await program.stopped()) {
    await surveyor.look();
    await guest.continue();
  }
  await guest.kill();
  return surveyor;
}

class Surveyor implements Survey {
  readonly inner: Tally = { available: 0, optimisedOut: 0, missing: [] };
  readonly outer: Tally = { available: 0, optimisedOut: 0, missing: [] };
  met = 0;
  readonly wrong: string[] = [];
  readonly #guest: Debugger;
  readonly #fixture: Fixture;
  readonly #visits = new Map<string, number>();

  constructor(guest: Debugger, fixture: Fixture) {
    this.#guest = guest;
    this.#fixture = fixture;
  }

  /** Looks at the stop at hand. */
  async look(): Promise<void> {
    const { frames } = await this.#guest.stackTrace(0, 50);
    const place = frames.map(({ point, inlineDepth }) => `${point?.offset}/${inlineDepth ?? 0}`).join();
    const visits = (this.#visits.get(place) ?? 0) + 1;
    this.#visits.set(place, visits);
    if (visits > mostVisits) return;
    for (const frame of frames) {
      if (frame.point === undefined) continue;
      const isInnermost = (frame.targetFrame ?? frame.index) === (frames[0]?.targetFrame ?? 0);
      await this.#lookAt(frame, isInnermost ? this.inner : this.outer, visits);
    }
  }

  async #lookAt(frame: Frame, tally: Tally, visits: number): Promise<void> {
    const where = `${frame.name}:${(frame.position?.line ?? -1) + 1} at ${frame.point?.offset}`;
    for (const variable of await localsOf(this.#guest, frame)) {
      if (variable.unavailable === undefined) tally.available++;
      else if (/^(?:pointer )?optimised out/.test(variable.unavailable)) tally.optimisedOut++;
      else tally.missing.push(`${where}: ${variable.name}: ${variable.unavailable}`);
    }
    if (visits > 1 || frame.index > 0) return;
    const markers = this.#fixture.markers();
    const stop = markers.stops.find(({ line }) => line === (frame.position?.line ?? -1) + 1);
    for (const { marker, expression, expected } of stop ? markers.expectationsAt(stop.name) : []) {
      const shown = await this.#guest.evaluate(frame, expression).catch(() => undefined);
      if (shown === undefined || shown.value.includes("<")) continue;
      if (meetsExpectation(shown.value, expected)) this.met++;
      else this.wrong.push(`${marker}: ${expression} = ${shown.value}, not ${expected}`);
    }
  }
}

async function localsOf(guest: Debugger, frame: Frame): Promise<readonly Variable[]> {
  const scopes = await guest.scopes(frame);
  const locals = scopes.find(({ kind }) => kind === "locals");
  return locals ? locals.variables.children("named", 0, 100) : [];
}

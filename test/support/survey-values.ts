import { launch } from "../../adapter/launch/launch.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import type { Variable } from "../../src/symbols/variable.ts";
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
  const ended = gate();
  let stopped = gate();
  const { sourceFolder, compilationDir } = fixture;
  const launched = await launch(
    {
      program: fixture.path,
      args: [],
      env: {},
      cwd: sourceFolder,
      preopens: {},
      stopOnEntry: false,
      noDebug: false,
      console: "internalConsole",
      sourceFileMap: { [compilationDir]: sourceFolder },
      symbols: [],
      granularity: "source",
      dataBreakpoints: false,
      stepFilters: [],
      justMyCode: true,
      runtimeExecutable: node,
      runtimeArgs: [],
    },
    {
      events: {
        stopped: () => stopped.resolve(),
        continued: () => {},
        output: () => {},
        breakpointChanged: () => {},
        exited: () => ended.resolve(),
      },
    },
  );
  const { debugger: guest, debugInfo } = launched;
  const surveyor = new Surveyor(guest, fixture);
  for (const { path } of debugInfo.sources()) {
    const name = path.split("/").at(-1) ?? path;
    if (!/\.(?:c|rs)$/.test(name) || !path.startsWith(compilationDir)) continue;
    const lines = Array.from({ length: 400 }, (_, line) => ({ line }));
    await guest.setBreakpoints(`${sourceFolder}/${name}`, lines);
  }
  await guest.start({ stopOnEntry: false });
  for (;;) {
    const isStop = await Promise.race([stopped.promise.then(() => true), ended.promise.then(() => false)]);
    if (!isStop) break;
    await surveyor.look();
    stopped = gate();
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

interface Gate {
  readonly promise: Promise<void>;
  resolve(): void;
}

/** Something to wait for until somebody opens it. */
function gate(): Gate {
  let resolve = (): void => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve: () => resolve() };
}

import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import { startFixture } from "./engine.ts";
import type { Fixture } from "./fixtures.ts";
import { type Expectation, meetsExpectation } from "./markers.ts";
import { innermost, symbolsOf } from "./paused-fixture.ts";

/** What came of the expectations in a guest's main source during one run. */
export interface CheckedExpectations {
  /** One line for each that was not met. */
  readonly wrong: readonly string[];
  readonly right: number;
  /** Markers with expectations that the run came to. */
  readonly reached: readonly string[];
  /** Markers with expectations that are not in this build. */
  readonly absent: readonly string[];
}

/** Runs a guest to its end and evaluates what its source promises wherever it promises something. */
export async function checkExpectations(
  guest: Fixture,
  args: readonly string[] = [],
): Promise<CheckedExpectations> {
  const markers = guest.markers();
  const promising = markers.stops.filter(({ name }) => markers.expectationsAt(name).length > 0);
  const running = await startFixture(guest, { args: [...args] });
  const symbols = symbolsOf(guest, running.target);
  const points = promising.map(({ name }) => ({ name, point: pointAt(() => running.point(name)) }));
  const absent = points.filter(({ point }) => point === undefined).map(({ name }) => name);
  await running.target.setBreakpointLocations(points.flatMap(({ point }) => point ?? []));
  const byLine = new Map(promising.map(({ line, name }) => [line, name]));
  const reached = new Set<string>();
  const wrong: string[] = [];
  let right = 0;
  for (;;) {
    const halt = await running.target.resume({ kind: "continue" });
    if (halt.kind !== "stop") break;
    const frame = await innermost(running, halt.stop);
    const name = byLine.get(running.lineAt(frame.offset) ?? 0);
    if (name === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const expectation of markers.expectationsAt(name)) {
      const difference = await differenceFrom(symbols, frame, expectation);
      if (difference === undefined) right++;
      else wrong.push(difference);
    }
  }
  return { wrong, right, reached: [...reached], absent };
}

/** How what is shown differs from what is expected; `undefined` where it does not. */
export async function differenceFrom(
  symbols: Symbols,
  frame: FrameContext,
  { marker, expression, expected }: Expectation,
): Promise<string | undefined> {
  const shown = await symbols.evaluate(frame, expression).then(
    (variable) => variable.value,
    (error: Error) => `error: ${error.message}`,
  );
  return meetsExpectation(shown, expected)
    ? undefined
    : `${marker}: ${expression} = ${shown}, not ${expected}`;
}

/** A marker may stand on a line that is compiled for newer languages only. */
export function pointAt<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

import assert from "node:assert/strict";
import { toFuncIndex, toModuleOffset } from "../../src/base/brand.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { endAll } from "../support/engine.ts";
import { allFixtures, type Fixture } from "../support/fixtures.ts";
import { beginWalk, type Place } from "../support/walk.ts";

/** What a program that is stepped through from its first line to its end has gone through. */
async function walkThrough(guest: Fixture, kind: "over" | "in") {
  const walk = await beginWalk(guest);
  const places: Place[] = [];
  for (let place = await walk.enter(); place.frames.length > 0; place = await walk.step(kind)) {
    places.push(place);
    assert.ok(places.length < 5000, `no end: ${place.text}`);
    assert.match(place.reason, /^(entry|step)$/);
  }
  const [run] = guest.runs;
  assert.equal(walk.running.printed(), run?.stdout, "the program does what it does without a debugger");
  return { places, info: walk.running.info };
}

/** Stops that show no line, or one of a source that is not the program's. */
function strays(guest: Fixture, places: readonly Place[]): string[] {
  return places
    .filter(({ frames: [top] }) => !top?.position?.source.path.startsWith(guest.compilationDir))
    .map(({ text }) => text);
}

const offsetOf = ({ frames: [top] }: Place): number => top?.point?.offset ?? 0;
const placeOf = (place: Place): string => `${offsetOf(place)} ${place.text}`;

/** Stops from which the next step did not get anywhere, but for functions that are called once more. */
function standstills(places: readonly Place[]): string[] {
  const first = new Map<string, number>();
  const nameOf = ({ frames: [top] }: Place): string => top?.name ?? "";
  for (const place of places) {
    first.set(nameOf(place), Math.min(first.get(nameOf(place)) ?? Number.POSITIVE_INFINITY, offsetOf(place)));
  }
  return places
    .filter((place, at) => at > 0 && placeOf(place) === placeOf(places[at - 1] as Place))
    .filter((place) => offsetOf(place) !== first.get(nameOf(place)))
    .map(placeOf);
}

/**
 * Where steps go to and fro between two lines of a frame, ever further on in its code, with nothing called on the way: in
 * loops that were unrolled, calls are what is left of them.
 */
function bounces(places: readonly Place[], info: DebugInfo): string[] {
  const found: string[] = [];
  for (let at = 3; at < places.length; at++) {
    const four = places.slice(at - 3, at + 1);
    const [first, second, third, fourth] = four.map(({ text }) => text);
    const rises = four.every(
      (place, index) => index === 0 || offsetOf(place) > offsetOf(four[index - 1] as Place),
    );
    const func = four[0]?.frames[0]?.point?.function ?? toFuncIndex(0);
    const [from, to] = [four[0], four[3]].map((place) => toModuleOffset(place ? offsetOf(place) : 0));
    const calls = info.stackShape(func).hasCallWithin?.(from ?? toModuleOffset(0), to ?? toModuleOffset(0));
    if (rises && !calls && first !== second && first === third && second === fourth)
      found.push(`${first} and ${second}`);
  }
  return found;
}

const builds = allFixtures().filter(({ name }) => name === "optimised" || name === "rust-optimised");

describe("stepping through whole programs", () => {
  afterEach(endAll);

  for (const guest of builds) {
    for (const kind of ["over", "in"] as const) {
      it(`${kind}: shows lines of the program alone, gets on with each step and does not go to and fro, ${guest.name} ${guest.build}`, async () => {
        const { places, info } = await walkThrough(guest, kind);
        assert.deepEqual(strays(guest, places), []);
        assert.deepEqual(standstills(places), []);
        assert.deepEqual(bounces(places, info), []);
        if (kind === "in") assert.ok(places.length > 150, `only ${places.length} steps`);
      });
    }

    it(`in: comes to every function that runs, inlined or not, ${guest.name} ${guest.build}`, async () => {
      const seen = new Set<string>();
      for (const { frames } of (await walkThrough(guest, "in")).places) {
        for (const { name } of frames)
          seen.add(
            name
              .replace(/[<(].*/s, "")
              .split("::")
              .at(-1) ?? name,
          );
      }
      const wanted =
        guest.name === "optimised"
          ? ["inner", "middle", "inlined", "consume", "loops", "recurse", "taken_apart", "print_number"]
          : ["innermost", "between", "inlined", "consume", "iterators", "shapes", "recurse", "print_number"];
      // What the linker's optimiser has merged or worked out beforehand is not there to be stepped into.
      const isWhole = !/^(lto|fat)/.test(guest.build);
      if (isWhole) for (const name of wanted) assert.ok(seen.has(name), `${name} is not in ${[...seen]}`);
      else assert.ok(seen.has("inner") || seen.has("innermost"), [...seen].join());
    });
  }
});

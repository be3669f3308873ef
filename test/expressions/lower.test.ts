import assert from "node:assert/strict";
import type { CodePlace } from "../../src/symbols/frame-context.ts";
import type { LoweredExpression } from "../../src/symbols/lowered-expression.ts";
import { ExpressionError } from "../../src/symbols/variable.ts";
import type { BreakpointRule, LoggedValue } from "../../src/target/guest-code.ts";
import type { PlacedPoints } from "../../src/target/target.ts";
import { asStop, endAll, startFixture } from "../support/engine.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { type PausedFixture, pauseAt, symbolsOf } from "../support/paused-fixture.ts";
import { cGrammar, generated, randomNumbers, rustGrammar } from "../support/random-expression.ts";

/** What the evaluator says of an expression at a stop. */
interface Evaluated {
  readonly text: string;
  readonly value: string | undefined;
  /** With the suffix of each format. */
  readonly formatted: ReadonlyMap<string, string | undefined>;
  readonly truth: boolean | undefined;
}

/** Expressions made of one, most of which have a meaning for some types only. */
const derived = (text: string): readonly string[] => [
  `${text} + 1`,
  `${text} / -1`,
  `${text} % 7`,
  `-(${text})`,
  `~(${text})`,
  `!(${text})`,
  `${text} << 3`,
  `${text} >> 2`,
  `${text} == 3`,
  `${text} < 1000000000000`,
  `${text} > 3u`,
  `${text} ? 1 : 2`,
  `${text} && ${text}`,
  `${text} || 0`,
  `(char)${text}`,
  `(unsigned short)${text}`,
  `(long long)${text}`,
  `(float)${text} / 3`,
  `(double)${text} * 1.5`,
  `(bool)${text}`,
  `sizeof(${text})`,
  `&(${text})`,
  `*&(${text})`,
];

describe("an expression in the guest thread", () => {
  afterEach(endAll);

  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    for (const name of ["types", "list", "steps"]) {
      const guest = fixture(name, build);
      const markers = guest
        .markers()
        .stops.filter(({ name: stop }) => guest.markers().expectationsAt(stop).length > 0)
        .map((stop) => stop.name);
      for (const stop of markers) {
        it(`is what the evaluator says at ${stop} of ${name}, ${build}`, async () => {
          const expected = guest
            .markers()
            .expectationsAt(stop)
            .map(({ expression }) => expression);
          const texts = [...expected, ...expected.flatMap(derived)];
          await compare(guest, stop, [...new Set(texts)]);
        });
      }
    }
  }

  for (const stop of ["scalars", "classes", "polymorphism"]) {
    it(`is what the evaluator says at ${stop} of cpp-language`, async () => {
      const guest = fixture("cpp-language", "dwarf5.O0");
      const texts = guest.markers().expectationsAt(stop);
      await compare(guest, stop, [...new Set(texts.map(({ expression }) => expression))]);
    });
  }

  for (const [name, grammar] of [
    ["calls", cGrammar],
    ["rust-calls", rustGrammar],
  ] as const) {
    it(`is what the evaluator says, whatever the expression, at main of ${name}`, async () => {
      const random = randomNumbers(name.length);
      const texts = Array.from({ length: 600 }, () => generated(grammar, random, 1 + random(3)));
      await compare(fixture(name, "dwarf5.O0"), "main", [...new Set(texts)]);
    });
  }
});

/** Every way that integers can be written, and what asks for it. */
const formats = [
  ["hexadecimal", "x"],
  ["binary", "b"],
  ["octal", "o"],
  ["character", "c"],
  ["decimal-only", "d"],
] as const;

/** Evaluates at a stop, then lets another run of the guest do the same by itself, and compares. */
async function compare(guest: Fixture, marker: string, texts: readonly string[]): Promise<void> {
  const paused = await pauseAt(guest, marker);
  const evaluated: Evaluated[] = [];
  for (const text of texts) evaluated.push(await evaluate(paused, text));
  const { function: func, offset } = paused.frame;
  const running = await startFixture(guest);
  const symbols = symbolsOf(guest, running.target);
  const told = new Map<string, string>();
  const lowered = new Map(texts.map((text) => [text, lower({ function: func, offset }, text)]));
  const rules = ({ point }: PlacedPoints): readonly BreakpointRule[] => {
    assert.equal(point, offset);
    return [
      ...texts.flatMap((text, index): readonly BreakpointRule[] => {
        const expression = lowered.get(text);
        if (typeof expression !== "object") return [];
        const condition = expression.truth();
        const logged = [
          [text, expression.logged()] as const,
          ...formats.map(([format, suffix]) => [`${text},${suffix}`, expression.logged(format)] as const),
        ].flatMap(([name, value]) => (value ? [{ name, value }] : []));
        return [
          ...(condition ? [{ breakpoint: index, condition }] : []),
          {
            breakpoint: 10_000 + index,
            log: {
              values: logged.map(({ value }) => value.value),
              tell: (heard: readonly LoggedValue[]) => {
                for (const [at, { name, value }] of logged.entries()) {
                  const one = heard[at];
                  if (one) told.set(name, value.text(one));
                }
              },
            },
          },
        ];
      }),
      { breakpoint: 99_999 },
    ];
  };
  await running.target.setBreakpointLocations([offset], [], rules);
  const { reason } = asStop(await running.target.resume({ kind: "continue" }));
  assert.equal(reason.kind, "breakpoint");
  const outcome = reason.kind === "breakpoint" ? reason.rules : undefined;
  assert.ok(outcome);
  assert.ok(outcome.hit.includes(99_999));
  assert.deepEqual(outcome.asked, []);
  let compared = 0;
  for (const [index, { text, value, truth, formatted }] of evaluated.entries()) {
    const expression = lowered.get(text);
    if (expression === "error") assert.equal(value, undefined, `${text} is ${value}`);
    // What the evaluator refuses must fail in the guest thread too, rather than be some number.
    if (value === undefined && typeof expression === "object")
      assert.match(told.get(text) ?? "<", /^</, text);
    const failed: unknown = outcome.failed.find(({ breakpoint }) => breakpoint === index);
    if (told.has(text) && value !== undefined) {
      compared++;
      assert.equal(told.get(text), value, text);
      for (const [suffixed, expected] of formatted) {
        if (told.has(suffixed)) assert.equal(told.get(suffixed), expected, suffixed);
      }
    }
    if (typeof expression === "object" && expression.truth() && truth !== undefined) {
      assert.equal(failed, undefined, `${text}: ${JSON.stringify(failed)}`);
      assert.equal(outcome.hit.includes(index), truth, `the truth of ${text}, ${value}`);
      compared++;
    }
  }
  assert.ok(compared > texts.length / 4, `${compared} values of ${texts.length} expressions were compared`);

  function lower(place: CodePlace, text: string): LoweredExpression | "error" | undefined {
    try {
      return symbols.lower?.(place, text);
    } catch (error) {
      if (error instanceof ExpressionError) return "error";
      throw error;
    }
  }
}

async function evaluate({ symbols, frame }: PausedFixture, text: string): Promise<Evaluated> {
  const valueTextOf = async (of: string): Promise<string | undefined> => {
    try {
      const { value, unavailable } = await symbols.evaluate(frame, of);
      return unavailable === undefined ? value : undefined;
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  };
  const truth = await valueTextOf(`(${text}) ? true : false`);
  const formatted = new Map<string, string | undefined>();
  for (const [, suffix] of formats)
    formatted.set(`${text},${suffix}`, await valueTextOf(`${text},${suffix}`));
  const value = await valueTextOf(text);
  return { text, value, formatted, truth: truth === undefined ? undefined : truth === "true" };
}

import { readFileSync } from "node:fs";

/** A place a guest's source names with `@stop:name`. */
export interface StopMarker {
  readonly name: string;
  /** Counts from 1, as DWARF, DAP and editors do. */
  readonly line: number;
}

/** What a debugger stopped at a marker shows for an expression, written in the guest's source. */
export interface Expectation {
  /** The name of the `@stop` where it holds. */
  readonly marker: string;
  readonly expression: string;
  /** A value's text; `?` after `0x` stands for any hexadecimal digit, since addresses depend on the linker. */
  readonly expected: string;
}

/** Everything the comments of one source file promise. */
export interface Markers {
  readonly stops: readonly StopMarker[];
  readonly expectations: readonly Expectation[];
  /**
   * The line that `@stop:name` stands on, counting from 1.
   *
   * Throws an `Error` that lists the names there are when there is none of that name.
   */
  lineOf(name: string): number;
  /** The expectations that hold at `@stop:name`, in the order of the source. */
  expectationsAt(name: string): readonly Expectation[];
}

/** Reads the markers of a source file at `path`. Throws as `parseMarkers` does. */
export function readMarkers(path: string): Markers {
  return parseMarkers(readFileSync(path, "utf8"));
}

/**
 * Reads the markers out of a guest's source.
 *
 * `@stop:name` names the line it stands on. `@expect name: expression = text` may stand on any line and
 * takes all up to the line's end or the comment's; the first ` = ` divides it.
 * Throws an `Error` for a name given twice, an expectation without ` = `, or one at a marker that is not there.
 */
export function parseMarkers(source: string): Markers {
  const stops: StopMarker[] = [];
  const expectations: Expectation[] = [];
  for (const [index, text] of source.split("\n").entries()) {
    for (const [, name = ""] of text.matchAll(/@stop:([\w-]+)/g)) stops.push({ name, line: index + 1 });
    const expectation = readExpectation(text, index + 1);
    if (expectation) expectations.push(expectation);
  }
  const lines = new Map<string, number>();
  for (const { name, line } of stops) {
    const first = lines.get(name);
    if (first !== undefined)
      throw new Error(`the marker ${name} stands on line ${first} and on line ${line}`);
    lines.set(name, line);
  }
  const stray = expectations.find(({ marker }) => !lines.has(marker));
  if (stray) throw new Error(`${stray.expression} is expected at ${stray.marker}, which is no marker`);
  return {
    stops,
    expectations,
    lineOf(name) {
      const line = lines.get(name);
      if (line === undefined)
        throw new Error(`no marker ${name}; there are: ${[...lines.keys()].join(", ")}`);
      return line;
    },
    expectationsAt: (name) => expectations.filter(({ marker }) => marker === name),
  };
}

/** Whether a shown value is the expected one, `?` after `0x` matching any hexadecimal digit. */
export function meetsExpectation(shown: string, expected: string): boolean {
  return expectedPattern(expected).test(shown);
}

function expectedPattern(expected: string): RegExp {
  const literal = expected.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(
    `^${literal.replaceAll(/0x(?:\\\?)+/g, (digits) => digits.replaceAll("\\?", "[0-9a-f]"))}$`,
  );
}

function readExpectation(text: string, line: number): Expectation | undefined {
  const match = /@expect ([\w-]+): (.*?)\s*(?:\*\/.*)?$/.exec(text);
  if (!match) return undefined;
  const [, marker = "", claim = ""] = match;
  const divide = claim.indexOf(" = ");
  if (divide < 0) throw new Error(`line ${line}: an expectation needs " = " between expression and text`);
  return { marker, expression: claim.slice(0, divide), expected: claim.slice(divide + 3) };
}

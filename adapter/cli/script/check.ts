import { unreachable } from "../../../src/base/errors.ts";
import { functionMatcher } from "../../../src/debugger/function-matching.ts";
import { CommandError } from "../console/command-error.ts";
import { findSource } from "../console/commands/code.ts";
import type { ConsoleState, DebugConsole } from "../console/debug-console.ts";
import { evaluateHere } from "../console/evaluate-here.ts";
import { parsePlace } from "../place.ts";
import { reportFrame } from "../report/stop-report.ts";
import { type Expectation, fits, patternText } from "./expectation.ts";

/** What was expected and what is there instead. */
export interface Difference {
  readonly expected: string;
  readonly found: string;
}

/** Compares the program with what is expected of it; `undefined` when it is so. */
export async function differenceFrom(
  console: DebugConsole,
  expectation: Expectation,
): Promise<Difference | undefined> {
  switch (expectation.kind) {
    case "stop":
      return stopDifference(console, expectation.place);
    case "trap":
      return trapDifference(console, expectation);
    case "exit": {
      const { state } = console;
      const { status } = expectation;
      const expected = status === undefined ? "the program's end" : `the program's end with status ${status}`;
      const is = state.kind === "exited" && (status === undefined || state.exit.exitCode === status);
      return is ? undefined : { expected, found: await stateText(console) };
    }
    case "output": {
      const { what } = expectation;
      if (fits(console.printed, what)) return undefined;
      return { expected: patternText(what), found: lastLines(console.printed) };
    }
    case "frames":
      return framesDifference(console, expectation.names);
    case "value": {
      const { expression, what, holds } = expectation;
      const { value } = await evaluateHere(console, expression);
      if (fits(value, what) === holds) return undefined;
      return { expected: holds ? patternText(what) : `anything but ${patternText(what)}`, found: value };
    }
    case "true":
      return truthDifference(console, expectation.expression);
    default:
      return unreachable(expectation);
  }
}

async function stopDifference(
  console: DebugConsole,
  place: string | undefined,
): Promise<Difference | undefined> {
  const expected = place === undefined ? "a stop" : `a stop at ${place}`;
  const { state } = console;
  const isStop =
    state.kind === "stopped" && state.description.kind !== "trap" && state.description.kind !== "exception";
  if (isStop && (place === undefined || (await isAt(console, place)))) return undefined;
  return { expected, found: await stateText(console) };
}

async function trapDifference(
  console: DebugConsole,
  { what, place }: Extract<Expectation, { kind: "trap" }>,
): Promise<Difference | undefined> {
  const { state } = console;
  const description = state.kind === "stopped" ? state.description : undefined;
  const isTrap = description?.kind === "trap" || description?.kind === "exception";
  const kind = description?.kind === "trap" ? description.trap : "exception";
  const isKind = isTrap && (what === undefined || what.text === kind || fits(description.message, what));
  if (isKind && (place === undefined || (await isAt(console, place)))) return undefined;
  const expected = `a trap${what === undefined ? "" : ` (${patternText(what)})`}${place === undefined ? "" : ` at ${place}`}`;
  return { expected, found: await stateText(console) };
}

/** Whether the frame looked at is at a place. @throws {CommandError} there is no such place. */
async function isAt(console: DebugConsole, text: string): Promise<boolean> {
  const frame = await console.frame();
  const place = /^\d+$/.test(text)
    ? ({ kind: "line", path: undefined, line: Number(text) - 1 } as const)
    : parsePlace(text);
  if (place === undefined)
    throw new CommandError(`Expected FILE:LINE, LINE or FUNCTION, but found \`${text}\`.`);
  if (place.kind === "function") {
    const matcher = functionMatcher(place.name);
    if ("problem" in matcher) throw new CommandError(matcher.problem);
    return matcher.matches(frame.name);
  }
  if (frame.position?.line !== place.line) return false;
  return place.path === undefined || frame.position.source === findSource(console, place.path);
}

async function framesDifference(
  console: DebugConsole,
  names: readonly string[],
): Promise<Difference | undefined> {
  const { frames } = await console.stopped.stackTrace(0, names.length);
  const is = names.every((name, at) => {
    const matcher = functionMatcher(name);
    const frame = frames[at];
    return frame !== undefined && "matches" in matcher && matcher.matches(frame.name);
  });
  return is
    ? undefined
    : { expected: names.join(", "), found: frames.map(({ name }) => name).join(", ") || "no frames" };
}

async function truthDifference(console: DebugConsole, expression: string): Promise<Difference | undefined> {
  const variable = await evaluateHere(console, expression);
  if (variable.unavailable !== undefined) return { expected: expression, found: variable.value };
  if (isTrue(variable.value)) return undefined;
  const left = leftOfComparison(expression);
  if (left === undefined) return { expected: expression, found: variable.value };
  const shown = await evaluateHere(console, left).then(
    ({ value }) => `${left} is ${value}`,
    () => variable.value,
  );
  return { expected: expression, found: shown };
}

/** Values of languages that say no: everything else is yes. */
const isTrue = (value: string): boolean => !/^(false|-?0+(\.0+)?|0x0+|null|nullptr|None)\b/i.test(value);

/** What stands before the first comparison that is not inside of brackets or quotes. */
function leftOfComparison(expression: string): string | undefined {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < expression.length; at++) {
    const character = expression[at] as string;
    const two = expression.slice(at, at + 2);
    if (quote !== "") {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (two === "&&" || two === "||") return undefined;
    else if (two === "->" || two === "<<" || two === ">>") at++;
    else if (
      depth === 0 &&
      (["==", "!=", "<=", ">="].includes(two) || character === "<" || character === ">")
    ) {
      return expression.slice(0, at).trim() || undefined;
    }
  }
  return undefined;
}

/** Where the program is, in words. */
export async function stateText(console: DebugConsole): Promise<string> {
  const { state } = console;
  return state.kind === "stopped" ? `${reasonText(state)}${await placeText(console)}` : reasonText(state);
}

function reasonText(state: ConsoleState): string {
  switch (state.kind) {
    case "none":
      return "a program that has not been started";
    case "exited":
      return `the program's end with status ${state.exit.exitCode}`;
    case "stopped": {
      const { description } = state;
      if (description.kind === "trap") return `a trap (${description.message})`;
      if (description.kind === "exception") return `an exception that nobody caught (${description.message})`;
      return "a stop";
    }
    default:
      return unreachable(state);
  }
}

/** ` at words.c:28 in add_word`, of the frame looked at. */
async function placeText(console: DebugConsole): Promise<string> {
  try {
    const { frame, path } = await reportFrame(console.stopped, await console.frame(), console.sources);
    const at =
      path === undefined || frame.position === undefined
        ? ""
        : ` at ${console.frameText.place(path, frame.position.line)}`;
    return `${at} in ${frame.name}`;
  } catch {
    return "";
  }
}

/** The end of what was printed, short enough for a report. */
function lastLines(text: string): string {
  if (text === "") return "no output";
  const tail = text.slice(-200);
  return JSON.stringify(tail.length < text.length ? `…${tail}` : tail);
}

import type { BreakpointBehaviour } from "../../src/debugger/debugger-types.ts";

/** Where a user wants a breakpoint. */
export type AskedPlace =
  /** `line` is 0-based. */
  | { readonly kind: "line"; readonly path: string; readonly line: number }
  | { readonly kind: "function"; readonly name: string };

/** What a place must look like, for sentences. */
export const placeForm = "FILE:LINE with a line from 1, or a function";

/** Files that somebody has forgotten to name a line of: functions of Go, D and Zig have dots in their names, too. */
const sourceFile =
  /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|ipp|inc|rs|ts|js|mjs|d|zig|go|wat|wast|wasm|s|swift|kt|java|cs|py|txt|md|json)$/i;

/**
 * Reads `words.c:28`, `add_word` or `main.(*Point).Sum`; `undefined` for what is neither.
 *
 * The last colon separates: paths of Windows have one of their own. What is no line of a file is a function.
 */
export function parsePlace(text: string): AskedPlace | undefined {
  const [, path, line] = /^(.+):(\d+)$/s.exec(text) ?? [];
  if (path !== undefined && Number(line) >= 1) return { kind: "line", path, line: Number(line) - 1 };
  const isFunction =
    path === undefined &&
    (/^\/.*\/i?$/s.test(text) || (/^[^\s.]/.test(text) && !sourceFile.test(text))) &&
    !/[^:]:[^:]?$/.test(text);
  return isFunction ? { kind: "function", name: text } : undefined;
}

/** A place as the user would write it. */
export const placeText = (place: AskedPlace): string =>
  place.kind === "line" ? `${place.path}:${place.line + 1}` : place.name;

/** Text of a breakpoint, taken apart: `words.c:28 hit >= 3 if line > 2`. */
export interface AskedText {
  readonly place: string;
  readonly behaviour: BreakpointBehaviour;
}

/** Takes `PLACE[ hit COUNT][ if EXPR]` apart; the condition comes last because anything may be in it. */
export function splitBreak(text: string): AskedText {
  const [, before = text, condition] = /^(.*?)(?:^|\s+)if\s+(.*)$/s.exec(text) ?? [];
  const [, place = before, hits] = /^(.*?)\s+hit\s+(.*)$/s.exec(before) ?? [];
  return {
    place: place.trim(),
    behaviour: {
      ...(condition === undefined ? {} : { condition: condition.trim() }),
      ...(hits === undefined ? {} : { hitCondition: hits.trim() }),
    },
  };
}

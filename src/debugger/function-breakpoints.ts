import { lowerBound } from "../base/binary-search.ts";
import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import type { DebugInfo, FunctionInfo } from "../debuginfo/debug-info.ts";
import { findArrivals } from "./arrivals.ts";
import type { Resolution } from "./breakpoint-resolution.ts";
import { briefName } from "./brief-name.ts";
import { type FunctionMatcher, functionMatcher } from "./function-matching.ts";
import { sourceFramesAt } from "./source-frames.ts";

/** Functions that one breakpoint may be on: who asks for `*` wants to see something, not everything. */
const mostFunctions = 2000;

/**
 * Finds the functions that `name` stands for, by their names in the debug info, the name section and the exports, and where
 * each of them begins for its user: its first statement behind the prologue, or its first instruction.
 */
export function resolveFunction(debugInfo: DebugInfo, name: string): Resolution {
  const matcher = functionMatcher(name);
  if ("problem" in matcher) return { kind: "unresolved", message: matcher.problem };
  const index = indexIn(name);
  const found: FunctionInfo[] = [];
  for (const { info, otherNames } of debugInfo.functions?.(hintOf(name)) ?? []) {
    const isMeant = matcher.matches(info.name) || otherNames.some(matcher.matches) || info.index === index;
    if (!isMeant) continue;
    found.push(info);
    if (found.length > mostFunctions) {
      const message = `${name} stands for more than ${mostFunctions} functions: say more of their names.`;
      return { kind: "unresolved", message };
    }
  }
  const { offset } = debugInfo.statements();
  const own = found.map((info) => firstPoint(info, offset)).sort((a, b) => a - b);
  const points = [...new Set([...own, ...inlinedPoints(debugInfo, name, matcher.matches)])];
  if (points.length === 0) {
    const otherwise = name.trim() === "main" ? mainOtherwise(debugInfo) : undefined;
    return otherwise ?? { kind: "unresolved", message: `The program has no function ${name}.` };
  }
  const [first] = points;
  const position = first === undefined ? undefined : positionIn(debugInfo, first, matcher.matches);
  const place = { source: position?.source, line: position?.line ?? 0, points };
  return { kind: "resolved", ...place, ...noteOn(found) };
}

/** That a name stands for functions of several names, which are easily more than its user thought of. */
function noteOn(found: readonly FunctionInfo[]): { readonly note?: string } {
  const names = [...new Set(found.map((info) => briefName(info.name)))];
  if (names.length < 2) return {};
  // Names of generic code and of what it is made for are the longest.
  names.sort((a, b) => a.length - b.length);
  const listed = names.slice(0, namedInNote).join(", ");
  const rest = names.length > namedInNote ? ` and ${names.length - namedInNote} more` : "";
  return { note: `It stops in ${names.length} functions: ${listed}${rest}.` };
}

/** Functions that a note calls by their names. */
const namedInNote = 3;

/**
 * C's `main` where only linkers' names are known: clang calls it after what it takes, since Wasm has no functions that are called
 * with other arguments than theirs. A WASI libc has an `__original_main` of its own beside a `main`.
 */
function mainOtherwise(debugInfo: DebugInfo): Resolution | undefined {
  return ["__original_main", "__main_argc_argv"]
    .map((name) => resolveFunction(debugInfo, name))
    .find(({ kind }) => kind === "resolved");
}

/** Where calls of such functions begin that were inlined. */
function inlinedPoints(debugInfo: DebugInfo, name: string, matches: FunctionMatcher): ModuleOffset[] {
  const points: ModuleOffset[] = [];
  for (const info of debugInfo.functionsInlining?.(hintOf(name)) ?? []) {
    const calls = debugInfo.inlinedCalls?.(info.from);
    if (!calls?.calls.some((call) => matches(call.name))) continue;
    const { entry, offset } = findArrivals(debugInfo, info, calls);
    for (const [index, call] of calls.calls.entries()) {
      const at = offset[entry[index] ?? -1];
      if (at !== undefined && matches(call.name)) points.push(toModuleOffset(at));
      if (points.length >= mostFunctions) return points;
    }
  }
  return points;
}

/** The line a function is on at a place where it may have others inlined into it, or be inlined itself. */
function positionIn(debugInfo: DebugInfo, point: ModuleOffset, matches: FunctionMatcher) {
  const frames = sourceFramesAt(debugInfo, point, "");
  return (frames.find((frame) => matches(frame.name)) ?? frames[0]).position;
}

/** Whether a function that a user calls `asked` may have this name. */
export function isNamed(name: string, asked: string): boolean {
  const matcher = functionMatcher(asked);
  return "matches" in matcher && matcher.matches(name);
}

function firstPoint({ from, to }: FunctionInfo, statements: Uint32Array): ModuleOffset {
  const first = statements[lowerBound(statements, from)];
  return first !== undefined && first < to ? toModuleOffset(first) : from;
}

/** `func[12]`: a function by its index, named or not. */
function indexIn(name: string): number | undefined {
  const [, digits] = /^\s*func\[(\d+)\]\s*$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** A word that mangled names of the functions have in them too; `undefined` when there is none. */
function hintOf(name: string): string | undefined {
  if (/^\s*\//.test(name) || /operator/.test(name)) return undefined;
  const [, word] = /(?:^|::)~?([\p{L}_][\p{L}\p{N}_]*)\s*(?:[(<].*)?$/u.exec(name) ?? [];
  return word;
}

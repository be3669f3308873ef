import { lowerBound, upperBound } from "../base/binary-search.ts";
import {
  type FuncIndex,
  type ModuleOffset,
  toDefinedFuncIndex,
  toFuncIndex,
  toModuleOffset,
} from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import type { DebugInfo, FunctionInfo } from "../debuginfo/debug-info.ts";
import type { StepEnd } from "../target/target.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { CALL, CALL_INDIRECT } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt } from "../wasm/sections/code.ts";
import type { StepFrame } from "./step-frames.ts";
import type { CodeStretch } from "./steppable-functions.ts";

/** A call on the line that the guest stands on, to step into it alone. For one stop. */
export interface StepTarget {
  /** The function's, or that it is not known before the call is made. */
  readonly name: string;
  /** Of the call. */
  readonly call: ModuleOffset;
  /** Wasm frames on the stack where the call is made. */
  readonly depth: number;
  /** What is called; `undefined` where that is not known before. */
  readonly code: CodeStretch | undefined;
}

/**
 * The calls of the line that a frame stands on which it has yet to make, in the order of the code: of functions with
 * lines, and those through pointers.
 */
export function findStepTargets(
  module: WasmModule,
  debugInfo: DebugInfo,
  frame: StepFrame,
): readonly StepTarget[] {
  const info = debugInfo.functionAt(frame.offset);
  const line = debugInfo.lineKeyAt(frame.standing?.offset ?? frame.offset);
  if (!info || line === 0) return [];
  const targets: StepTarget[] = [];
  for (const { offset, callee } of callsOnLine(module, debugInfo, info, line, frame.offset)) {
    const called = callee === undefined ? undefined : functionOf(module, debugInfo, callee);
    if (callee !== undefined && called?.hasLines !== true) continue;
    targets.push({
      name: called?.name ?? "a function through a pointer",
      call: toModuleOffset(offset),
      depth: frame.depth,
      code: called,
    });
  }
  return targets;
}

/** Ends of a step over with those of a step into one call: `within` are all functions that a step may go into. */
export function withTarget(
  ends: readonly StepEnd[],
  { code, depth }: StepTarget,
  within: readonly CodeStretch[],
): readonly StepEnd[] {
  const added = (code ? [code] : within).map(({ from, to }) => ({ from, to, maxDepth: depth + 1 }));
  // In functions that both may end in the engine stops for either, and whoever resumes it looks which it was.
  const both = [...ends, ...added].sort((a, b) => a.from - b.from || a.to - b.to);
  const cuts = [...new Set(both.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const pieces: StepEnd[] = [];
  for (let at = 0; at + 1 < cuts.length; at++) {
    const [from, to] = [cuts[at] as ModuleOffset, cuts[at + 1] as ModuleOffset];
    const isIn = (end: CodeStretch) => end.from <= from && to <= end.to;
    const isAdded = added.some(isIn);
    const own = ends.find(isIn);
    if (isAdded) {
      const line = own?.except?.line;
      const except = line === undefined ? {} : { except: { line, depth } };
      pieces.push({ from, to, maxDepth: depth + 1, ...except });
    } else if (own) pieces.push({ ...own, from, to });
  }
  return pieces;
}

/** What a stop is to a step into one call, by the two innermost wasm frames: its end, not that, or where the step began or further out. */
export function judgeTarget(
  { call, depth }: StepTarget,
  innermost: StepFrame | undefined,
  caller: StepFrame | undefined,
): "end" | "elsewhere" | "outside" {
  if (!innermost || innermost.depth <= depth) return "outside";
  return innermost.depth === depth + 1 && caller?.offset === call ? "end" : "elsewhere";
}

interface Call {
  readonly offset: number;
  /** `undefined` for one through a table. */
  readonly callee: FuncIndex | undefined;
}

function callsOnLine(
  module: WasmModule,
  debugInfo: DebugInfo,
  info: FunctionInfo,
  line: number,
  from: ModuleOffset,
): readonly Call[] {
  const { offset, line: lines } = debugInfo.statements();
  const calls: Call[] = [];
  const end = lowerBound(offset, info.to);
  // The statement that the frame stands in may have begun before.
  const first = Math.max(upperBound(offset, from) - 1, lowerBound(offset, info.from));
  for (let at = first; at < end; at++) {
    if (lines[at] !== line) continue;
    const start = Math.max(offset[at] as number, from);
    const stop = at + 1 < end ? (offset[at + 1] as number) : info.to;
    calls.push(...callsBetween(module, start, stop));
  }
  return calls;
}

/** Rows of line tables may lie a few bytes before an instruction: what cannot be decoded from there has no calls. */
function callsBetween(module: WasmModule, start: number, stop: number): readonly Call[] {
  const calls: Call[] = [];
  const body = findBodyAt(module.code, toModuleOffset(start));
  if (body === undefined) return calls;
  const reader = new CodeReader(module.bytes, start, module.code.bodyEnds[body] as number);
  try {
    while (reader.next() && reader.offset < stop) {
      if (reader.opcode === CALL) calls.push({ offset: reader.offset, callee: toFuncIndex(reader.index()) });
      else if (reader.opcode === CALL_INDIRECT) calls.push({ offset: reader.offset, callee: undefined });
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return calls;
}

/** A function of a module by its index, with the best name there is; imported ones have none. */
export function functionOf(
  module: WasmModule,
  debugInfo: DebugInfo,
  func: FuncIndex,
): FunctionInfo | undefined {
  const imported = module.imports.filter(({ type }) => type.kind === "func").length;
  const start = func < imported ? undefined : module.code.bodyStarts[toDefinedFuncIndex(func - imported)];
  return start === undefined ? undefined : debugInfo.functionAt(toModuleOffset(start));
}

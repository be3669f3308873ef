import {
  type FuncIndex,
  type LineKey,
  type ModuleOffset,
  toFuncIndex,
  toLineKey,
  toModuleOffset,
} from "../../src/base/brand.ts";
import type {
  DebugInfo,
  DebugInfoStatus,
  FunctionInfo,
  SourceFile,
  StackShape,
} from "../../src/debuginfo/debug-info.ts";
import type { StopReason, TargetFrame } from "../../src/target/target.ts";

/** A function of a toy guest: where its lines are, and what it does. */
export interface ToyFunction {
  /** Path of its source; without one it has no lines. */
  readonly source?: string;
  /** Lines (from 1) with statements, in code order; a line may occur twice. */
  readonly lines?: readonly number[];
  /** Bytes by which it lowers the stack pointer; 0: it has no frame of its own. Default 16. */
  readonly frameSize?: number;
  /** Whether nothing can be told about its stack pointer, as after alloca. */
  readonly unprovable?: boolean;
  /** The place in `lines` from which on it may come to a statement again; by default it has no loop. */
  readonly loopFrom?: number;
  /** Whether it calls nothing. */
  readonly leaf?: boolean;
  /** Its behaviour. Without one it passes its lines once, in order. */
  readonly run?: (guest: ToyGuest) => ToyRun;
}

/** What a function does, one site at a time. */
export type ToyRun = Generator<ToyEvent, void, undefined>;

/** What the toy's engine sees of it. */
export type ToyEvent =
  | { readonly kind: "site"; readonly offset: ModuleOffset }
  /** The guest computes or waits, until it is paused or `release` is called. */
  | { readonly kind: "busy" }
  | { readonly kind: "stop"; readonly reason: StopReason }
  | { readonly kind: "exit"; readonly exitCode: number };

interface ToyFrame {
  readonly name: string;
  offset: ModuleOffset;
  stackPointer: bigint;
  /** Calls since its last statement. */
  calls: number;
}

const bytesPerFunction = 0x100;
const bytesPerStatement = 0x10;

/**
 * A guest made of generators: functions with lines, a call stack, a stack pointer, and sites at which an engine may
 * stop it. Function `i` occupies the bytes from 0x100 × (i + 1); its statements lie 0x10 apart.
 *
 * ```ts
 * new ToyGuest({
 *   main: { source: "/a.c", lines: [1, 2], *run(guest) { yield* guest.line(1); yield* guest.call("f"); } },
 *   f: { source: "/a.c", lines: [5, 6] },
 * });
 * ```
 */
export class ToyGuest {
  readonly functions: Readonly<Record<string, ToyFunction>>;
  readonly debugInfo: DebugInfo;
  stackPointer = 0x10_0000n;
  readonly #stack: (ToyFrame | { readonly host: string })[] = [];

  constructor(functions: Readonly<Record<string, ToyFunction>>, status: DebugInfoStatus = toyStatus) {
    this.functions = functions;
    this.debugInfo = toyDebugInfo(functions, status);
  }

  /** The whole run, from the call of the first function. */
  *run(): ToyRun {
    const [first] = Object.keys(this.functions);
    if (first !== undefined) yield* this.call(first);
    yield { kind: "exit", exitCode: 0 };
  }

  /** Frames as an engine reports them, innermost first. */
  frames(): readonly TargetFrame[] {
    const wasm = this.#stack.filter((frame) => "name" in frame).length;
    let depth = 0;
    const frames = this.#stack.map((frame): TargetFrame => {
      if ("host" in frame) return { kind: "host", name: frame.host };
      const func = toFuncIndex(Object.keys(this.functions).indexOf(frame.name));
      return { kind: "wasm", function: func, offset: frame.offset, depth: ++depth };
    });
    if (depth !== wasm) throw new Error("a frame was lost");
    return frames.reverse();
  }

  /** Wasm frames on the stack. */
  get depth(): number {
    return this.#stack.filter((frame) => "name" in frame).length;
  }

  /** Passes the statement of a line; the `nth` (from 0) where it has several. */
  *line(line: number, nth = 0): ToyRun {
    const frame = this.#top();
    frame.offset = statementOffset(this.functions, frame.name, line, nth);
    frame.calls = 0;
    yield { kind: "site", offset: frame.offset };
  }

  /** Calls a function. Each call since the last statement is an instruction of its own. */
  *call(name: string): ToyRun {
    const called = this.functions[name];
    if (!called) throw new Error(`no function ${name}`);
    const caller = this.#stack.at(-1);
    if (caller && "name" in caller)
      caller.offset = toModuleOffset(caller.offset - caller.calls + ++caller.calls);
    const entry = this.stackPointer;
    this.stackPointer = entry - BigInt(called.frameSize ?? 16);
    const offset = functionStart(this.functions, name);
    this.#stack.push({ name, offset, stackPointer: this.stackPointer, calls: 0 });
    try {
      if (called.run) yield* called.run(this);
      else for (const line of called.lines ?? []) yield* this.line(line);
    } finally {
      this.#stack.pop();
      this.stackPointer = entry;
    }
  }

  /** Has the host call back into the guest. */
  *host(name: string, callBack: () => ToyRun): ToyRun {
    this.#stack.push({ host: name });
    try {
      yield* callBack();
    } finally {
      this.#stack.pop();
    }
  }

  #top(): ToyFrame {
    const top = this.#stack.at(-1);
    if (!top || !("name" in top)) throw new Error("no function is running");
    return top;
  }
}

/** A behaviour without turns: passes the statements of these lines and calls the functions of these names, in order. */
export const doing = (...steps: readonly (number | string)[]) =>
  function* (guest: ToyGuest): ToyRun {
    for (const step of steps) yield* typeof step === "number" ? guest.line(step) : guest.call(step);
  };

const toyStatus: DebugInfoStatus = { kind: "dwarf", versions: [5], units: 1 };

const functionStart = (functions: Readonly<Record<string, ToyFunction>>, name: string): ModuleOffset =>
  toModuleOffset(bytesPerFunction * (Object.keys(functions).indexOf(name) + 1));

/** Where the statement of a line is: what `resolveLine` and stops answer. */
export function statementOffset(
  functions: Readonly<Record<string, ToyFunction>>,
  name: string,
  line: number,
  nth = 0,
): ModuleOffset {
  const positions = (functions[name]?.lines ?? []).flatMap((of, at) => (of === line ? [at] : []));
  const position = positions[nth];
  if (position === undefined) throw new Error(`${name} has no statement ${nth} on line ${line}`);
  return toModuleOffset(functionStart(functions, name) + bytesPerStatement * (position + 1));
}

/** Debug info for toy functions. A line's key is its number, plus a thousand for each source before its own. */
function toyDebugInfo(functions: Readonly<Record<string, ToyFunction>>, status: DebugInfoStatus): DebugInfo {
  const paths = [...new Set(Object.values(functions).flatMap(({ source }) => source ?? []))];
  const sources = paths.map((path, id): SourceFile => ({ id, path }));
  const names = Object.keys(functions);
  const statements = names.flatMap((name) => {
    const { source, lines = [] } = functions[name] ?? {};
    const file = sources.find(({ path }) => path === source);
    if (!file) return [];
    const start = functionStart(functions, name);
    return lines.map((line, at) => ({ file, line, offset: start + bytesPerStatement * (at + 1) }));
  });
  const keyOf = (source: number, line: number): LineKey => toLineKey(source * 1000 + line);
  const nameAt = (offset: ModuleOffset): string | undefined =>
    names[Math.floor(offset / bytesPerFunction) - 1];
  const find = (offset: ModuleOffset) =>
    statements.findLast(
      (one) => one.offset <= offset && nameAt(toModuleOffset(one.offset)) === nameAt(offset),
    );
  const describe = (name: string): FunctionInfo => {
    const from = functionStart(functions, name);
    const hasLines = statements.some(({ offset }) => nameAt(toModuleOffset(offset)) === name);
    return {
      index: toFuncIndex(names.indexOf(name)),
      name,
      from,
      to: toModuleOffset(from + bytesPerFunction),
      hasLines,
    };
  };
  return {
    status,
    problems: [],
    stackPointerGlobal: 0,
    sources: () => sources,
    statements: () => ({
      offset: Uint32Array.from(statements, ({ offset }) => offset),
      line: Uint32Array.from(statements, ({ file, line }) => keyOf(file.id, line)),
    }),
    resolveLine: (source, line) => {
      const there = statements.filter((one) => one.file === source && one.line >= line + 1);
      const taken = Math.min(...there.map((one) => one.line));
      const points = there.filter((one) => one.line === taken).map(({ offset }) => toModuleOffset(offset));
      return points.length > 0 ? { line: taken - 1, points: points.slice(0, 1) } : undefined;
    },
    linesWithCode: () => [],
    locate: (offset) => {
      const found = find(offset);
      return found && { source: found.file, line: found.line - 1, column: undefined };
    },
    lineKeyAt: (offset) => {
      const found = find(offset);
      return found ? keyOf(found.file.id, found.line) : toLineKey(0);
    },
    functionAt: (offset) => {
      const name = nameAt(offset);
      return name === undefined ? undefined : describe(name);
    },
    stackShape: (func) => {
      const name = names[func] ?? "";
      return toyShape(functionStart(functions, name), functions[name]);
    },
  };
}

function toyShape(start: ModuleOffset, toy: ToyFunction = {}): StackShape {
  const { frameSize = 16, leaf = false, unprovable = false, loopFrom } = toy;
  const straight = loopFrom === undefined ? bytesPerFunction : bytesPerStatement * (loopFrom + 1);
  return {
    fixed: !leaf && !unprovable && frameSize > 0,
    leaf,
    straightUntil: toModuleOffset(start + straight),
    deltaAt: () => (unprovable ? undefined : frameSize),
    localDelta: () => undefined,
  };
}

/** Index of a toy function, by its place in the table. */
export const toyIndex = (functions: Readonly<Record<string, ToyFunction>>, name: string): FuncIndex =>
  toFuncIndex(Object.keys(functions).indexOf(name));

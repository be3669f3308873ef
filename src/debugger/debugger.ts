import type { Abort } from "../base/abort.ts";
import type { MemoryAddress, ModuleOffset } from "../base/brand.ts";
import type { DebugInfo, Listing } from "../debuginfo/debug-info.ts";
import type { Symbols, TypeDescription } from "../symbols/symbols.ts";
import type { Completions, EvaluateOptions } from "../symbols/symbols-parts.ts";
import type { Scope, Variable } from "../symbols/variable.ts";
import type { Target } from "../target/target.ts";
import type { TrapExplainer } from "../traps/trap-explainer.ts";
import type { WasmModule } from "../wasm/module.ts";
import type {
  Breakpoint,
  BreakpointBehaviour,
  BreakpointRequest,
  DataBreakpoint,
  DataBreakpointRequest,
  DataQuery,
  DebuggerEvents,
  ExceptionRequest,
  FoundData,
  Frame,
  FunctionBreakpointRequest,
  InstructionBreakpoint,
  StepGranularity,
  StepKind,
} from "./debugger-types.ts";
import type { StepFilters } from "./step-filters.ts";
import type { StepTarget } from "./step-targets.ts";

/** What the debugger core is made of; put together by `adapter/launch`. */
export interface DebuggerParts {
  readonly target: Target;
  readonly debugInfo: DebugInfo;
  /** The code of functions without lines, to be shown in place of a source. */
  readonly listing?: Listing;
  readonly symbols: Symbols;
  readonly events: DebuggerEvents;
  /** Whether a source can be shown; a step does not go into functions whose source cannot. */
  readonly isShown: (path: string) => boolean;
  /** Which code is not the user's own; all of it is, without. */
  readonly stepFilters?: StepFilters;
  /** The guest's code, as far as it is at hand: who catches what is read from it. */
  readonly module?: WasmModule;
  /** Says what made the guest trap; absent where its code is not at hand. */
  readonly traps?: Pick<TrapExplainer, "explain">;
  /** Where the C stack begins, going down: the stack pointer before the program runs. */
  readonly stackTop?: bigint | undefined;
  /** `sourceFileMap` of the launch configuration: debug-info prefix → prefix on the client's side. */
  readonly sourceFileMap: Readonly<Record<string, string>>;
}

/**
 * Everything a debugger does, without a protocol: DAP and the command line drive the same one.
 *
 * Methods that need a paused guest reject with `TargetError` `not-stopped`; those that need a running one with `not-running`.
 */
export interface Debugger {
  /** Breakpoints of one source, replacing those it had. In the order asked. Running or paused. */
  setBreakpoints(path: string, requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]>;
  /** The breakpoints on functions, replacing those there were; in the order asked. Running or paused. */
  setFunctionBreakpoints(requests: readonly FunctionBreakpointRequest[]): Promise<readonly Breakpoint[]>;
  /**
   * The breakpoints on instructions, replacing those there were; in the order asked. One that no site is at is not
   * verified and stops nothing. Running or paused.
   */
  setInstructionBreakpoints(
    points: readonly ModuleOffset[],
    /** What each does, by its position. */
    behaviours?: readonly BreakpointBehaviour[],
  ): Promise<readonly InstructionBreakpoint[]>;
  /** Finds what in memory can be watched. Needs: paused. */
  findData(query: DataQuery): Promise<FoundData>;
  /** The data breakpoints, replacing those there were; in the order asked. Running or paused. */
  setDataBreakpoints(requests: readonly DataBreakpointRequest[]): Promise<readonly DataBreakpoint[]>;
  /** Runs the guest from before its first instruction. Once. */
  start(options: { readonly stopOnEntry: boolean }): Promise<void>;
  continue(): Promise<void>;
  /** By line, unless said otherwise. Resolves once the guest runs; `stopped` follows when the step has ended. */
  step(kind: StepKind, granularity?: StepGranularity, target?: StepTarget): Promise<void>;
  /** The calls of the line that the paused guest stands on, to step into one of them. Of this stop. */
  stepTargets(): Promise<readonly StepTarget[]>;
  pause(): Promise<void>;
  /** Frames of the current stop, from `start`, at most `count`; inlined and host frames among them. */
  stackTrace(
    start: number,
    count: number,
    /** Number of one of `threads`; by default the first. */
    thread?: number,
  ): Promise<{ readonly frames: readonly Frame[]; readonly total: number }>;
  scopes(frame: Frame): Promise<readonly Scope[]>;
  /** `name(arg=value, …)` pieces for a backtrace. */
  parameters(frame: Frame): Promise<readonly Variable[]>;
  /** An expression's value; what changes the guest is refused unless `options` allow it. */
  evaluate(frame: Frame, text: string, options?: EvaluateOptions): Promise<Variable>;
  /** The type that a text names in a frame, or that the value of an expression has. */
  describeType(frame: Frame, text: string): Promise<TypeDescription>;
  /** What may stand at a place of an expression that is being typed in a frame. */
  complete(frame: Frame, text: string, column: number): Promise<Completions>;
  /** Bytes of a memory of the paused guest, fewer where it ends. Rejects with `bad-address` when there is no such memory. */
  readMemory(memory: number, address: MemoryAddress, length: number, signal?: Abort): Promise<Uint8Array>;
  /** Writes all of `bytes` or rejects with `bad-address`. `memoryChanged` is told before it resolves. */
  writeMemory(memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void>;
  /** Bytes that each memory of the paused guest has now. */
  memorySizes(): Promise<readonly bigint[]>;
  /** Of a guest that has stopped at a trap: the instruction and what it was about to do, as a clause, as far as is known. */
  explainTrap(): Promise<string | undefined>;
  /**
   * Which traps, exceptions and ends stop the guest from now on: all traps and what nobody catches, unless said otherwise.
   * The others take their course. Answers what is wrong with each request.
   */
  setExceptionFilters(requests: readonly ExceptionRequest[]): Promise<readonly (string | undefined)[]>;
  terminate(): Promise<void>;
  kill(): Promise<void>;
  /**
   * Lets the program run on by itself, with nothing that stops it; the debugger is of no more use then, and tells of no end.
   * Answers false where it has ended meanwhile. Absent where nothing runs.
   */
  detach?(): Promise<boolean>;
  readonly state: "paused" | "running" | "exited";
  /** The guest's threads, the one that stopped first; absent for a guest of one thread, which has number 1. */
  readonly threads?: readonly DebuggerThread[];
  /** Why the guest never runs: a sentence. Absent for one that does. */
  readonly cannotRun?: string;
}

/** A thread of a guest that may have several. */
export interface DebuggerThread {
  /** From 1. */
  readonly number: number;
  readonly name: string;
}

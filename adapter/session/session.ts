import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { ExceptionRequest, Frame } from "../../src/debugger/debugger-types.ts";
import { findConditionProblem } from "../../src/debugger/exception-conditions.ts";
import type { StepTarget } from "../../src/debugger/step-targets.ts";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { toBreakpoint, toInstructionBreakpoint } from "../convert/breakpoint.ts";
import { noLinesReason } from "../convert/module.ts";
import { toSource } from "../convert/source.ts";
import type { Launched, launch } from "../launch/launch.ts";
import type { ClientFacts } from "../protocol/client.ts";
import type { Client } from "../protocol/events.ts";
import type { Needs } from "../protocol/handler.ts";
import { type BreakpointTarget, type SessionBreakpoint, SessionBreakpoints } from "./breakpoints.ts";
import { type DataTarget, SessionDataBreakpoints } from "./data-breakpoints.ts";
import {
  doesNotRun,
  initializedTwice,
  notInitialized,
  notLaunched,
  notStopped,
  programEnded,
} from "./errors.ts";
import { Handles } from "./handles.ts";
import {
  type InstructionTarget,
  type SessionInstructionBreakpoint,
  SessionInstructionBreakpoints,
} from "./instruction-breakpoints.ts";
import { MemoryReferences } from "./memory-references.ts";
import { Phase } from "./phase.ts";
import type { Program } from "./program.ts";
import { ProgressReports } from "./progress.ts";
import { restartAdvice } from "./restart-options.ts";
import { Sources } from "./sources.ts";

/** Something with children that the client may ask for, and those it has been shown. */
export interface VariableContainer {
  readonly variable: Variable;
  /** By name: what `setVariable` may mean. */
  readonly shown: Map<string, Variable>;
}

/** What a session is made of. */
export interface SessionParts {
  readonly client: Client;
  /** `adapter/launch`'s, or a test's. */
  readonly launch: typeof launch;
  /** What the request table promises; the answer to `initialize`. */
  readonly capabilities: DebugProtocol.Capabilities;
  /** Takes one line for whoever looks after the adapter. */
  readonly log: (text: string) => void;
  /** How long a loaded program waits for `configurationDone` before its user is told why nothing happens, in milliseconds. */
  readonly patienceMs: number;
  /** Where the launch configuration wants the messages written; called once it is known. Answers a problem, if there is one. */
  readonly trace: (file: string | undefined) => string | undefined;
  /** Takes what is said to the program at its suspend point, for the trace. */
  readonly traceGuest: (line: string) => void;
}

/** One client's state. What happens when is in `lifecycle.ts`, which works on it as requests do. */
export class Session {
  readonly parts: SessionParts;
  readonly client: Client;
  readonly frames = new Handles<Frame>("Frame");
  readonly values = new Handles<VariableContainer>("Variables reference");
  readonly stepTargets = new Handles<StepTarget>("Step target");
  readonly sources = new Sources();
  readonly breakpoints = new SessionBreakpoints();
  readonly instructionBreakpoints = new SessionInstructionBreakpoints(() => this.breakpoints.newId());
  readonly dataBreakpoints = new SessionDataBreakpoints(() => this.breakpoints.newId());
  readonly memoryReferences = new MemoryReferences();
  readonly phase = new Phase();
  readonly progress: ProgressReports;
  /** The program of now; one that is being loaded has no `launched` yet. */
  program: Program | undefined;
  /** Set by a request that implies that the program runs on, so that `continued` need not be sent. */
  resumeImplied = false;

  /** Numbers of this stop's frames by their position on the stack. */
  readonly #frameIds = new Map<number, number>();
  #facts: ClientFacts | undefined;
  /** As the client has chosen; all of them, before it has. */
  #exceptionFilters: readonly ExceptionRequest[] | undefined;
  #terminated = false;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.client = parts.client;
    this.progress = new ProgressReports(parts.client, () => this.#facts?.supportsProgressReporting ?? false);
  }

  /** @throws {UserError} the second time. */
  initialize(facts: ClientFacts): DebugProtocol.Capabilities {
    if (this.#facts !== undefined) throw initializedTwice();
    this.#facts = facts;
    return this.parts.capabilities;
  }

  /** @throws {UserError} before `initialize`. */
  get facts(): ClientFacts {
    if (this.#facts === undefined) throw notInitialized();
    return this.#facts;
  }

  /** @throws {UserError} without a loaded program. */
  get launched(): Launched {
    const launched = this.program?.launched;
    if (launched === undefined) throw notLaunched();
    return launched;
  }

  get debugger(): Debugger {
    return this.launched.debugger;
  }

  /** Refuses a request that comes at the wrong time. */
  check(needs: Needs): void {
    if (needs === "nothing") return;
    if (this.#facts === undefined) throw notInitialized();
    if (needs === "initialized") return;
    const { program } = this;
    if (program?.ended === true) throw programEnded();
    const state = this.debugger.state;
    if (needs === "launched") return;
    if (state === "exited") throw programEnded();
    if (program?.started !== true)
      throw notStopped("The program has not started: `configurationDone` or `continue` starts it.");
    if (state === "running") throw notStopped("The program is running: pause it first.");
  }

  /**
   * How the program left a stop, while it runs after one: a client may not have noticed yet, and ask of that stop or ask
   * for what is under way. VS Code pops up a refusal of the second of two fast steps; for the rest see `Handles.hasLapsed`.
   */
  get goesOnBy(): Program["leftBy"] {
    return this.program?.launched?.debugger.state === "running" ? this.program.leftBy : undefined;
  }

  /** Lets the program run by `action`: what the client holds of this stop lapses before it does. */
  async resume(by: "step" | "continue", action: () => Promise<void>): Promise<void> {
    const { cannotRun } = this.debugger;
    if (cannotRun !== undefined) throw doesNotRun(cannotRun);
    if (this.program?.stop !== undefined) this.program.leftBy = by;
    this.lapse();
    this.resumeImplied = true;
    try {
      await action();
    } finally {
      this.resumeImplied = false;
    }
  }

  /** Takes back every number lent for the stop. */
  lapse(): void {
    this.frames.lapse();
    this.values.lapse();
    this.stepTargets.lapse();
    this.#frameIds.clear();
    if (this.program !== undefined) this.program.stop = undefined;
  }

  /** The number of a frame; the same each time it is shown during a stop. */
  frameId(frame: Frame): number {
    // Threads have stops of their own.
    const key = frame.stop * 2 ** 24 + frame.index;
    const id = this.#frameIds.get(key) ?? this.frames.lend(frame);
    this.#frameIds.set(key, id);
    return id;
  }

  /** A number for something with children. */
  lend(variable: Variable): number {
    return this.values.lend({ variable, shown: new Map() });
  }

  /** Whether the client has been told that there is nothing more to debug: it hears nothing more then. */
  get isTerminated(): boolean {
    return this.#terminated;
  }

  /** Tells the client that there is nothing more to debug, once in a session. */
  tellTerminated(): void {
    if (this.#terminated) return;
    this.#terminated = true;
    this.client.send("terminated", undefined);
  }

  /** A source of the program for the client. */
  toSource(file: SourceFile): DebugProtocol.Source {
    return toSource(this.facts, this.sources.place(file));
  }

  /** Chooses what stops this program and those after it before it ends them. Answers what is wrong with each request. */
  async setExceptionFilters(requests: readonly ExceptionRequest[]): Promise<readonly (string | undefined)[]> {
    this.#exceptionFilters = requests;
    const { program } = this;
    if (program?.launched !== undefined && !program.ended) return this.applyExceptionFilters(program);
    return requests.map(findConditionProblem);
  }

  /** Nothing stops a program that runs without debugging. */
  async applyExceptionFilters({
    launched,
    configuration,
  }: Program): Promise<readonly (string | undefined)[]> {
    const requests = configuration.noDebug ? [] : this.#exceptionFilters;
    return (requests && (await launched?.debugger.setExceptionFilters(requests))) ?? [];
  }

  /** A breakpoint on a line or a function for the client. */
  toBreakpoint(breakpoint: SessionBreakpoint): DebugProtocol.Breakpoint {
    const { source } = breakpoint;
    return toBreakpoint(this.facts, breakpoint, source === undefined ? undefined : this.toSource(source));
  }

  /** A breakpoint on an instruction for the client, with the line it belongs to. */
  toInstructionBreakpoint(breakpoint: SessionInstructionBreakpoint): DebugProtocol.Breakpoint {
    const { point } = breakpoint;
    const position = point === undefined ? undefined : this.launched.debugInfo.locate(point);
    const source = position === undefined ? undefined : this.toSource(position.source);
    return toInstructionBreakpoint(this.facts, breakpoint, position, source);
  }

  /** Where breakpoints on instructions can be set now, if anywhere. */
  get instructionTarget(): InstructionTarget | undefined {
    if (this.breakpointTarget === undefined) return undefined;
    const { debugger: core, disassembly, module } = this.launched;
    const isCurable = core.cannotRun === undefined && this.program?.configuration.granularity === "source";
    return {
      debugger: core,
      disassembly,
      moduleBytes: module.bytes,
      ...(isCurable ? { cure: restartAdvice("instructionStepping") } : {}),
    };
  }

  /** Where data breakpoints can be set now, if anywhere. */
  get dataTarget(): DataTarget | undefined {
    const { breakpointTarget: target } = this;
    return target && { debugger: target.debugger, cure: restartAdvice("dataBreakpoints") };
  }

  /** Why breakpoints that are asked for while there is no target are not verified: a sentence. */
  get waitingFor(): string {
    return this.program?.configuration.noDebug
      ? "The program runs without debugging."
      : "The program is not loaded yet.";
  }

  /** What the client calls a breakpoint of the debugger's, of whatever kind. */
  breakpointId(id: number): number | undefined {
    return this.breakpoints.idOf(id) ?? this.instructionBreakpoints.idOf(id) ?? this.dataBreakpoints.idOf(id);
  }

  /** Where breakpoints can be set now, if anywhere. */
  get breakpointTarget(): BreakpointTarget | undefined {
    const { program } = this;
    if (program?.launched === undefined || program.ended || program.configuration.noDebug) return undefined;
    const { debugger: core, debugInfo } = program.launched;
    return { debugger: core, noLines: (path) => noLinesReason(debugInfo.status, path) };
  }
}

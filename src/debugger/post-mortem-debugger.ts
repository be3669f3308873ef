import type { MemoryAddress, ModuleOffset, StopNumber } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import type { DebugInfo, Listing } from "../debuginfo/debug-info.ts";
import type { FrameContext } from "../symbols/frame-context.ts";
import type { Symbols, TypeDescription } from "../symbols/symbols.ts";
import type { Completions } from "../symbols/symbols-parts.ts";
import { ExpressionError, type Scope, type Variable } from "../symbols/variable.ts";
import type { Target } from "../target/target.ts";
import type { TrapExplainer } from "../traps/trap-explainer.ts";
import type { Debugger, DebuggerThread } from "./debugger.ts";
import type {
  Breakpoint,
  BreakpointRequest,
  DataBreakpoint,
  DataBreakpointRequest,
  DebuggerEvents,
  ExceptionRequest,
  FoundData,
  Frame,
  FunctionBreakpointRequest,
  InstructionBreakpoint,
  StopDescription,
} from "./debugger-types.ts";
import { PausedGuest, targetFrameOf } from "./paused-guest.ts";
import type { StepFilters } from "./step-filters.ts";

/** One module instance's part of one thread: frames of other instances are the host's to it. */
export interface PostMortemView {
  readonly target: Target;
  readonly debugInfo: DebugInfo;
  /** As `DebuggerParts.listing`. */
  readonly listing?: Listing;
  /** As `DebuggerParts.stepFilters`: frames of what they hide are shown in the background. */
  readonly filters?: StepFilters;
  readonly symbols: Symbols;
  /** Belongs to this view alone: frames are told apart by it. */
  readonly stop: StopNumber;
  /** Number of the instance's module, from 1. */
  readonly module: number;
  /** Whether any raw local of a frame is known, or all that its variables show is worked out from memory. */
  readonly hasLocals: (frame: number) => boolean;
  /** Says what made it trap; absent where its module is not there. */
  readonly traps?: Pick<TrapExplainer, "explain">;
}

/** A thread as every instance that has frames in it sees it; at least one. */
export interface PostMortemThread extends DebuggerThread {
  readonly views: readonly PostMortemView[];
}

export interface PostMortemParts {
  /** The one that stopped first. */
  readonly threads: readonly PostMortemThread[];
  /** Why it stopped, when that is known. */
  readonly description: StopDescription;
  readonly events: DebuggerEvents;
  /** Called once nobody looks any more. */
  readonly closed: () => void;
}

const neverHit = "A coredump does not run: nothing stops at a breakpoint.";

/**
 * The debugger over what a program left behind: it looks like one that is paused, and stays so.
 *
 * What would run the guest rejects with `TargetError` `unsupported`; what would change it, as the targets do.
 */
export class PostMortemDebugger implements Debugger {
  readonly threads: readonly DebuggerThread[];
  readonly cannotRun = "A coredump is what is left of a program: it can be looked at, but it does not run.";
  readonly #parts: PostMortemParts;
  readonly #guests = new Map<PostMortemView, PausedGuest>();
  #nextBreakpoint = 1;
  #isClosed = false;

  constructor(parts: PostMortemParts) {
    this.#parts = parts;
    this.threads = parts.threads.map(({ number, name }) => ({ number, name }));
  }

  /** Why the program stopped. */
  get description(): StopDescription {
    return this.#parts.description;
  }

  get state(): "paused" | "exited" {
    return this.#isClosed ? "exited" : "paused";
  }

  /** None of them is ever hit, and each says so. */
  async setBreakpoints(path: string, requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    return requests.map((request) => this.#refuseBreakpoint(path, request));
  }

  async setFunctionBreakpoints(
    requests: readonly FunctionBreakpointRequest[],
  ): Promise<readonly Breakpoint[]> {
    return requests.map((request) => this.#refuseBreakpoint("", { ...request, line: 0 }));
  }

  async findData(): Promise<FoundData> {
    return { kind: "refused", reason: neverHit };
  }

  async setDataBreakpoints(requests: readonly DataBreakpointRequest[]): Promise<readonly DataBreakpoint[]> {
    return requests.map(({ dataId }) => ({
      ...{ id: this.#nextBreakpoint++, dataId, verified: false },
      message: neverHit,
    }));
  }

  async setInstructionBreakpoints(
    points: readonly ModuleOffset[],
  ): Promise<readonly InstructionBreakpoint[]> {
    return points.map((point) => ({
      ...{ id: this.#nextBreakpoint++, point, verified: false },
      message: neverHit,
    }));
  }

  /** Tells the stop at which the program was left. */
  async start(): Promise<void> {
    const { description, events } = this.#parts;
    events.stopped({ number: this.#first().stop, description });
  }

  async explainTrap(): Promise<string | undefined> {
    const { description } = this.#parts;
    const { traps, stop } = this.#first();
    return description.kind === "trap" ? traps?.explain(stop, description.trap) : undefined;
  }

  /** It has ended as it has. */
  async setExceptionFilters(requests: readonly ExceptionRequest[]): Promise<readonly undefined[]> {
    return requests.map(() => undefined);
  }

  continue(): Promise<void> {
    return this.#refuse();
  }
  step(): Promise<void> {
    return this.#refuse();
  }
  async stepTargets(): Promise<readonly never[]> {
    return [];
  }
  async pause(): Promise<void> {
    throw new TargetError("not-running", "The program is paused already, and for good.");
  }

  async stackTrace(start: number, count: number, thread?: number) {
    this.#checkOpen();
    const { views } = this.#thread(thread);
    const [only] = views;
    if (only && views.length === 1) {
      const { frames, total } = await this.#traceOf(only, start, count);
      return { frames: frames.map((frame) => this.#withModule(frame, only)), total };
    }
    // Each view knows the frames of its own module, of which one Wasm frame may be several.
    const traces = await Promise.all(views.map((view) => this.#traceOf(view, 0, Number.MAX_SAFE_INTEGER)));
    const merged: Frame[] = [];
    const byView = traces.map(({ frames }) => groupByTarget(frames));
    for (let at = 0; at < (byView[0]?.length ?? 0); at++) {
      const own = byView.findIndex((groups) => groups[at]?.[0]?.kind !== "host");
      for (const frame of byView[Math.max(own, 0)]?.[at] ?? []) {
        const view = views[own];
        merged.push({ ...(view ? this.#withModule(frame, view) : frame), index: merged.length });
      }
    }
    return { frames: merged.slice(start, start + count), total: merged.length };
  }

  async #traceOf(view: PostMortemView, start: number, count: number) {
    const guest = this.#guestOf(view);
    // A guest without frames is shown with one that says it has not begun, which is not so here.
    const total = await guest.pages.total();
    return total === 0 ? { frames: [], total } : guest.stackTrace(start, count);
  }

  /** Says which module a frame is of where there are several. */
  #withModule(frame: Frame, { module }: PostMortemView): Frame {
    const several = this.#parts.threads.some((one) => one.views.some((view) => view.module !== 1));
    return several && frame.kind !== "host" ? { ...frame, module } : frame;
  }

  async scopes(frame: Frame): Promise<readonly Scope[]> {
    const { view, context } = await this.#find(frame);
    if (!context) return [];
    const scopes = await view.symbols.scopes(context);
    if (view.hasLocals(targetFrameOf(frame))) return scopes;
    return scopes.map((scope) =>
      scope.kind === "locals" ? { ...scope, name: `${scope.name} (recovered)` } : scope,
    );
  }

  async parameters(frame: Frame): Promise<readonly Variable[]> {
    const { view, context } = await this.#find(frame);
    return context ? view.symbols.parameters(context) : [];
  }

  async evaluate(frame: Frame, text: string): Promise<Variable> {
    const { view, context } = await this.#find(frame);
    if (!context) {
      throw new ExpressionError(`${frame.name} is not code that can be looked into: it has no variables.`, 0);
    }
    return view.symbols.evaluate(context, text);
  }

  async describeType(frame: Frame, text: string): Promise<TypeDescription> {
    const { view, context } = await this.#find(frame);
    if (!context) throw new ExpressionError(`${frame.name} is not code that can be looked into.`, 0);
    return view.symbols.describeType(context, text);
  }

  async complete(frame: Frame, text: string, column: number): Promise<Completions> {
    const { view, context } = await this.#find(frame);
    return context ? view.symbols.complete(context, text, column) : { start: column, items: [] };
  }

  /** Memories are those of the instance that the first thread stopped in. */
  async readMemory(memory: number, address: MemoryAddress, length: number): Promise<Uint8Array> {
    const { target, stop } = this.#first();
    return target.readMemory(stop, memory, address, length);
  }

  async writeMemory(memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    const { target, stop } = this.#first();
    return target.writeMemory(stop, memory, address, bytes);
  }

  async memorySizes(): Promise<readonly bigint[]> {
    const { target, stop } = this.#first();
    return target.memorySizes(stop);
  }

  terminate(): Promise<void> {
    return this.kill();
  }

  async kill(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { views } of this.#parts.threads) for (const { target } of views) await target.kill();
    this.#parts.closed();
  }

  #refuseBreakpoint(path: string, request: Breakpoint["request"]): Breakpoint {
    const { line } = request;
    return { id: this.#nextBreakpoint++, path, request, verified: false, line, message: neverHit };
  }

  #refuse(): Promise<never> {
    return Promise.reject(new TargetError("unsupported", this.cannotRun));
  }

  #first(): PostMortemView {
    this.#checkOpen();
    const [view] = this.#thread(undefined).views;
    if (!view) throw new TargetError("unsupported", "The coredump has no instance that can be looked into.");
    return view;
  }

  #thread(number: number | undefined): PostMortemThread {
    const { threads } = this.#parts;
    const found = number === undefined ? threads[0] : threads.find((thread) => thread.number === number);
    if (!found) throw new TargetError("unsupported", `The coredump has no thread ${number ?? 1}.`);
    return found;
  }

  #guestOf(view: PostMortemView): PausedGuest {
    const known = this.#guests.get(view);
    if (known) return known;
    const { listing, filters } = view;
    const options = { ...(listing && { listing }), ...(filters && { filters }) };
    const guest = new PausedGuest(view.target, view.debugInfo, view.stop, options);
    this.#guests.set(view, guest);
    return guest;
  }

  /** The view a frame was shown by, and what its symbols need to know of it. */
  async #find(frame: Frame): Promise<{ view: PostMortemView; context: FrameContext | undefined }> {
    this.#checkOpen();
    const views = this.#parts.threads.flatMap((thread) => thread.views);
    const view = views.find(({ stop }) => stop === frame.stop);
    if (!view) throw new TargetError("stale-stop", "This frame is not one of this coredump.");
    return { view, context: await this.#guestOf(view).context(frame) };
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new TargetError("exited", "The coredump has been closed.");
  }
}

/** Frames by the target's frame that they stand for, in order. */
function groupByTarget(frames: readonly Frame[]): readonly (readonly Frame[])[] {
  const groups: Frame[][] = [];
  for (const frame of frames) {
    const at = targetFrameOf(frame);
    const group = groups[at];
    if (group) group.push(frame);
    else groups[at] = [frame];
  }
  return groups;
}

import type { Abort } from "../../src/base/abort.ts";
import type { Awaitable } from "../../src/base/awaitable.ts";
import {
  type FuncIndex,
  type MemoryAddress,
  type ModuleOffset,
  type StopNumber,
  toStopNumber,
} from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { BreakpointRule } from "../../src/target/guest-code.ts";
import type {
  CallOutcome,
  DataWatch,
  EndWatch,
  Exit,
  FrameList,
  GuestCall,
  Halt,
  PlacedLocation,
  PlacedPoints,
  PlacedWatch,
  RawValue,
  ResumePlan,
  Target,
  TargetModule,
  TargetOutput,
  WasmValue,
} from "../../src/target/target.ts";
import type { GuestEvent } from "../suspend/messages.ts";
import { BreakpointRules } from "./breakpoint-rules.ts";
import { setDataWatches } from "./data-watches.ts";
import type { Debuggee, DebuggeeEnd } from "./debuggee.ts";
import type { StopPlace } from "./frame-values.ts";
import { type AskAtStop, GuestStop } from "./guest-stop.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";
import { StopCache } from "./stop-cache.ts";
import { toStopReason } from "./stop-reason.ts";

/** How long a guest may take to unwind before it is killed, in milliseconds. */
const unwindMs = 700;

/**
 * The engine that runs a guest on V8 in a process of its own, with probes compiled in.
 *
 * Made by `launchEmbedded`; from there on it is `Target` and nothing more. Everything that crosses to the
 * debuggee is in the instrumented module's terms, everything that leaves here in the original's.
 */
export class EmbeddedTarget implements Target {
  readonly module: TargetModule;
  readonly #debuggee: Debuggee;
  readonly #guest: InstrumentedGuest;
  readonly #rules: BreakpointRules;
  #state: "paused" | "running" | "exited" = "paused";
  #stop = toStopNumber(0);
  /** What can be asked at the newest stop. */
  #here: GuestStop;
  #pending: ((halt: Halt) => void) | undefined;
  #exit: Exit | undefined;
  #tellExited: (exit: Exit) => void = () => {};
  readonly exited: Promise<Exit> = new Promise((resolve) => {
    this.#tellExited = resolve;
  });
  #killed = false;
  #isDetached = false;
  readonly setDataWatches: ((watches: readonly DataWatch[]) => Promise<readonly PlacedWatch[]>) | undefined;
  onWatchesOver: ((breakpoints: readonly number[]) => void) | undefined;

  constructor(
    module: TargetModule,
    debuggee: Debuggee,
    guest: InstrumentedGuest,
    onOutput: (output: TargetOutput) => void,
  ) {
    this.module = module;
    this.#debuggee = debuggee;
    this.#guest = guest;
    this.#rules = new BreakpointRules(guest);
    this.#here = this.#standAt({ site: undefined, postMortem: false, isUnwound: false }, new StopCache());
    if (guest.watches.length > 0) this.setDataWatches = (watches) => this.#setDataWatches(watches);
    debuggee.onEvent = (event, body) => {
      if (event.e === "output") {
        if (event.stream === "log") this.#rules.told(body);
        else onOutput({ stream: event.stream, bytes: body });
      } else this.#onEvent(event, body);
    };
    void debuggee.ended.then((end) => this.#ended(end));
  }

  get state(): "paused" | "running" | "exited" {
    return this.#state;
  }

  get uncheckedStores(): readonly FuncIndex[] {
    return this.#guest.unchecked;
  }

  get processId(): number {
    return this.#debuggee.processId;
  }

  async resume(plan: ResumePlan): Promise<Halt> {
    if (this.#exit !== undefined) return this.#exit;
    if (this.#isDetached) return { kind: "detached" };
    if (this.#state !== "paused") throw new TargetError("not-stopped", "The guest is running already.");
    this.#state = "running";
    const halt = new Promise<Halt>((resolve) => {
      this.#pending = resolve;
    });
    const guestPlan =
      plan.kind === "continue"
        ? plan
        : { kind: "step" as const, ends: this.#guest.sites.stepEnds(plan.ends) };
    // What follows is the answer: the halt, or the debuggee's end.
    this.#debuggee.tell({ q: "resume", plan: guestPlan });
    return halt;
  }

  async watchEnds({ throws, rethrows, exits }: EndWatch): Promise<void> {
    if (this.#exit === undefined) await this.#debuggee.ask({ q: "watch-ends", throws, rethrows, exits });
  }

  async pause(): Promise<void> {
    if (this.#state === "running") await this.#debuggee.ask({ q: "pause" });
  }

  async setBreakpointLocations(
    points: readonly ModuleOffset[],
    exact: readonly ModuleOffset[] = [],
    rulesAt: (place: PlacedPoints) => readonly BreakpointRule[] | undefined = () => undefined,
  ): Promise<readonly PlacedLocation[]> {
    const { sites: index } = this.#guest;
    const placed = [
      ...points.map((point) => index.place(point)),
      ...exact.map((point) => index.placeExactly(point)),
    ];
    const askedBySite = new Map<number, ModuleOffset[]>();
    [...points, ...exact].forEach((point, at) => {
      const place = placed[at];
      if (!place || !("site" in place)) return;
      const asked = askedBySite.get(place.site);
      if (asked) asked.push(point);
      else askedBySite.set(place.site, [point]);
    });
    if (this.#state !== "exited") {
      const { sites, rules, code, logs } = this.#rules.prepare(askedBySite, rulesAt);
      await this.#debuggee.ask({ q: "arm", sites, ...(rules.length > 0 ? { rules } : {}) }, code);
      this.#rules.keepLogs(logs);
    }
    return placed.map((place) => ("site" in place ? place.placed : place));
  }

  #setDataWatches(watches: readonly DataWatch[]): Promise<readonly PlacedWatch[]> {
    const ask: Debuggee["ask"] = (...question) => this.#debuggee.ask(...question);
    return setDataWatches(watches, this.#guest, ask, async () => {
      if (this.#state !== "paused") return undefined;
      const { frames } = await this.frames(this.#stop, 0, 8);
      return frames.find((frame) => frame.kind === "wasm")?.function;
    });
  }

  async frames(stop: StopNumber, start: number, count: number): Promise<FrameList> {
    return this.#at(stop).frames(start, count);
  }

  locals(stop: StopNumber, frame: number): Awaitable<readonly RawValue[]> {
    return this.#stands(stop) ? this.#here.values.locals(frame) : this.#refused(stop);
  }

  async operands(stop: StopNumber, frame: number): Promise<readonly RawValue[]> {
    return this.#at(stop).values.operands(frame);
  }

  async returned(stop: StopNumber): Promise<RawValue | undefined> {
    return this.#at(stop).values.returned();
  }

  async writeLocal(stop: StopNumber, frame: number, local: number, value: WasmValue): Promise<void> {
    return this.#at(stop).values.writeLocal(frame, local, value);
  }

  globals(stop: StopNumber): Awaitable<readonly RawValue[]> {
    return this.#stands(stop) ? this.#here.globals() : this.#refused(stop);
  }

  async writeGlobal(stop: StopNumber, global: number, value: WasmValue): Promise<void> {
    return this.#at(stop).writeGlobal(global, value);
  }

  async readMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    length: number,
    signal?: Abort,
  ): Promise<Uint8Array> {
    return this.#at(stop).readMemory(memory, address, length, signal);
  }

  memoryAtHand(stop: StopNumber, address: MemoryAddress, length: number): Uint8Array | undefined {
    return this.#stands(stop) ? this.#here.memoryAtHand(address, length) : undefined;
  }

  async writeMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    bytes: Uint8Array,
  ): Promise<void> {
    return this.#at(stop).writeMemory(memory, address, bytes);
  }

  async memorySizes(stop: StopNumber): Promise<readonly bigint[]> {
    return this.#at(stop).memorySizes();
  }

  async nonZeroPages(stop: StopNumber, memory: number): Promise<Uint8Array> {
    return this.#at(stop).nonZeroPages(memory);
  }

  async call(stop: StopNumber, call: GuestCall): Promise<CallOutcome> {
    return this.#at(stop).call(call);
  }

  breakOffCall(): void {
    this.#debuggee.tell({ q: "break-call" });
  }

  readTable(stop: StopNumber, table: number, index: number): Awaitable<FuncIndex | undefined> {
    return this.#stands(stop) ? this.#here.tableEntry(table, index) : this.#refused(stop);
  }

  async terminate(): Promise<void> {
    if (this.#isDetached) return;
    if (this.#state !== "exited") this.#debuggee.ask({ q: "terminate" }).catch(() => {});
    const timer = setTimeout(() => void this.kill(), unwindMs);
    await this.#debuggee.ended;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    if (this.#isDetached) return;
    this.#killed = true;
    this.#debuggee.kill();
    await this.#debuggee.ended;
  }

  async detach(): Promise<boolean> {
    if (this.#exit !== undefined || this.#killed) return false;
    this.#isDetached = await this.#debuggee.detach();
    if (this.#isDetached) {
      this.#state = "exited";
      this.#settle({ kind: "detached" });
    }
    return this.#isDetached;
  }

  writeStdin(bytes: Uint8Array | undefined): void {
    if (this.#state === "exited") return;
    this.#debuggee.ask({ q: "stdin", end: bytes === undefined }, bytes).catch(() => {});
  }

  #onEvent(event: Exclude<GuestEvent, { e: "output" }>, body: Uint8Array): void {
    if (event.e === "stopped") {
      this.#stop = toStopNumber(event.stop);
      const { reason, snapshot } = event;
      const isUnwound = reason.kind === "exception";
      this.#here = this.#standAt(
        {
          site: "site" in reason ? reason.site : undefined,
          postMortem: reason.kind === "trap" || isUnwound,
          isUnwound,
        },
        new StopCache(snapshot, this.#guest.snapshotNames, body),
      );
      this.#state = "paused";
      this.#settle({ kind: "stop", stop: this.#stop, reason: toStopReason(reason, this.#guest.sites) });
    } else if (event.e === "expired") {
      this.onWatchesOver?.(event.breakpoints);
    } else if (event.e === "exited") {
      const { exitCode, cause, results } = event;
      this.#leave({ kind: "exited", exitCode, cause, ...(results ? { results } : {}) });
    }
  }

  #ended(end: DebuggeeEnd): void {
    if (this.#exit !== undefined) return;
    if (this.#killed) this.#leave({ kind: "exited", exitCode: 137, cause: { kind: "terminated" } });
    else
      this.#leave({
        kind: "exited",
        exitCode: end.exitCode ?? 137,
        cause: { kind: "crashed", message: crashText(end) },
      });
  }

  #leave(exit: Exit): void {
    this.#exit = exit;
    this.#state = "exited";
    this.#tellExited(exit);
    this.#settle(exit);
  }

  #settle(halt: Halt): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.(halt);
  }

  /** Whether the guest stands at a stop: without that `#refused` says why it does not. */
  #stands(stop: StopNumber): boolean {
    return this.#state === "paused" && stop === this.#stop && this.#exit === undefined && !this.#isDetached;
  }

  async #refused(stop: StopNumber): Promise<never> {
    this.#check(stop);
    throw new TargetError("not-stopped", "The guest is running.");
  }

  #check(stop: StopNumber): void {
    if (this.#exit !== undefined) throw new TargetError("exited", "The guest has ended.");
    if (this.#isDetached) throw new TargetError("disconnected", "The guest has been let go of.");
    if (this.#state !== "paused") throw new TargetError("not-stopped", "The guest is running.");
    if (stop !== this.#stop)
      throw new TargetError("stale-stop", "The guest has run since; ask again at this stop.");
  }

  #standAt(place: StopPlace, cache: StopCache): GuestStop {
    const stop = this.#stop;
    const ask: AskAtStop = (...question) => {
      this.#check(stop);
      return this.#debuggee.ask(...question);
    };
    return new GuestStop(this.#guest, ask, place, cache);
  }

  /** The stop that is asked about. @throws {TargetError} unless the guest stands at it. */
  #at(stop: StopNumber): GuestStop {
    this.#check(stop);
    return this.#here;
  }
}

function crashText({ exitCode, signal, stderr }: DebuggeeEnd): string {
  const how =
    signal !== null
      ? `was ended by ${signal}`
      : exitCode !== null
        ? `ended with status ${exitCode}`
        : "went away";
  const fatal = /FATAL ERROR: .*/.exec(stderr)?.[0];
  return `The debuggee's process ${how}${fatal ? ` (${fatal})` : ""}.`;
}

import type { Abort } from "../../src/base/abort.ts";
import { type Awaitable, whenKnown } from "../../src/base/awaitable.ts";
import {
  type FuncIndex,
  type MemoryAddress,
  type ModuleOffset,
  type StopNumber,
  toFuncIndex,
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
  Stop,
  StopReason,
  Target,
  TargetFrame,
  TargetModule,
  TargetOutput,
  WasmValue,
} from "../../src/target/target.ts";
import type { EncodedFrame, EncodedValue, GuestEvent, GuestStopReason } from "../suspend/messages.ts";
import { BreakpointRules } from "./breakpoint-rules.ts";
import { callQuestion, decodeOutcome } from "./calls.ts";
import { dataReason, setDataWatches } from "./data-watches.ts";
import type { Answered, Debuggee, DebuggeeEnd } from "./debuggee.ts";
import { FrameValues } from "./frame-values.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";
import { readInChunks } from "./read-in-chunks.ts";
import { StopCache } from "./stop-cache.ts";
import { trapKindOf } from "./trap-kind.ts";
import { decodeRaw, encodeWasm } from "./wasm-values.ts";

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
  #site: number | undefined;
  #cache = new StopCache();
  /** Of this stop. */
  #frameValues: FrameValues | undefined;
  /** Whether the frames of this stop are gone: a trap's. */
  #postMortem = false;
  #isUnwound = false;
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
    return this.#framesAt(stop, start, count);
  }

  #framesAt(stop: StopNumber, start: number, count: number): Awaitable<FrameList> {
    this.#check(stop);
    const known: Awaitable<Pick<Answered, "frames" | "total">> =
      this.#cache.frames(start, count) ?? this.#askPaused(stop, { q: "frames", start, count });
    return whenKnown(known, ({ frames = [], total = frames.length }) => ({
      frames: frames.map((frame) => this.#frame(frame)),
      total,
    }));
  }

  locals(stop: StopNumber, frame: number): Awaitable<readonly RawValue[]> {
    return this.#stands(stop) ? this.#values(stop).locals(frame) : this.#refused(stop);
  }

  async operands(stop: StopNumber, frame: number): Promise<readonly RawValue[]> {
    return this.#values(stop).operands(frame);
  }

  async returned(stop: StopNumber): Promise<RawValue | undefined> {
    return this.#values(stop).returned();
  }

  async writeLocal(stop: StopNumber, frame: number, local: number, value: WasmValue): Promise<void> {
    return this.#values(stop).writeLocal(frame, local, value);
  }

  globals(stop: StopNumber): Awaitable<readonly RawValue[]> {
    if (!this.#stands(stop)) return this.#refused(stop);
    const { globals } = this.#guest;
    const read = this.#readGlobals(
      stop,
      globals.map(({ name }) => name),
    );
    return whenKnown(read, (values) => globals.map(({ type }, i) => decodeRaw(type, values.slice(i, i + 1))));
  }

  async writeGlobal(stop: StopNumber, global: number, value: WasmValue): Promise<void> {
    const known = this.#guest.globals[global];
    const [encoded] = encodeWasm(value);
    if (known === undefined || encoded === undefined)
      throw new TargetError("unsupported", `No global ${global} to write.`);
    await this.#setGlobal(stop, known.name, encoded);
  }

  async readMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    length: number,
    signal?: Abort,
  ): Promise<Uint8Array> {
    const name = this.#memory(memory);
    this.#check(stop);
    const known = memory === 0 ? this.#cache.memory(address, length) : undefined;
    if (known) return known.slice();
    const readFrom = async (from: number, count: number) => {
      const at = String(address + BigInt(from));
      return (await this.#askPaused(stop, { q: "read-memory", name, address: at, length: count })).body;
    };
    return readInChunks(length, readFrom, signal);
  }

  memoryAtHand(stop: StopNumber, address: MemoryAddress, length: number): Uint8Array | undefined {
    return this.#stands(stop) ? this.#cache.memory(address, length) : undefined;
  }

  async writeMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    bytes: Uint8Array,
  ): Promise<void> {
    if (memory === 0) this.#cache.forgetMemory();
    await this.#askPaused(
      stop,
      { q: "write-memory", name: this.#memory(memory), address: String(address) },
      bytes,
    );
  }

  async memorySizes(stop: StopNumber): Promise<readonly bigint[]> {
    const answer = await this.#askPaused(stop, { q: "memory-sizes", names: this.#guest.memories });
    return (answer.sizes ?? []).map(BigInt);
  }

  async nonZeroPages(stop: StopNumber, memory: number): Promise<Uint8Array> {
    return (await this.#askPaused(stop, { q: "non-zero-pages", name: this.#memory(memory) })).body;
  }

  async call(stop: StopNumber, call: GuestCall): Promise<CallOutcome> {
    try {
      const { called } = await this.#askPaused(stop, callQuestion(this.#guest, call));
      return decodeOutcome(called, call);
    } finally {
      this.#cache = this.#cache.framesOnly();
    }
  }

  breakOffCall(): void {
    this.#debuggee.tell({ q: "break-call" });
  }

  readTable(stop: StopNumber, table: number, index: number): Awaitable<FuncIndex | undefined> {
    const name = this.#guest.tables[table];
    if (name === undefined) return undefined;
    if (!this.#stands(stop)) return this.#refused(stop);
    const known = this.#cache.tableEntry(name, index);
    const entry: Awaitable<Pick<Answered, "function">> =
      known === undefined ? this.#askPaused(stop, { q: "read-table", name, index }) : { function: known };
    return whenKnown(entry, ({ function: func = -1 }) => (func < 0 ? undefined : toFuncIndex(func)));
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

  #readGlobals(stop: StopNumber, names: readonly string[]): Awaitable<readonly EncodedValue[]> {
    this.#check(stop);
    const known = this.#cache.values(names);
    return known ?? this.#askPaused(stop, { q: "globals", names }).then(({ values }) => values ?? []);
  }

  async #setGlobal(stop: StopNumber, name: string, value: EncodedValue): Promise<void> {
    this.#cache.forget(name);
    await this.#askPaused(stop, { q: "set-global", name, value });
  }

  #onEvent(event: Exclude<GuestEvent, { e: "output" }>, body: Uint8Array): void {
    if (event.e === "stopped") {
      this.#stop = toStopNumber(event.stop);
      this.#site = "site" in event.reason ? event.reason.site : undefined;
      this.#isUnwound = event.reason.kind === "exception";
      this.#postMortem = event.reason.kind === "trap" || event.reason.kind === "exception";
      this.#cache = new StopCache(event.snapshot, this.#guest.snapshotNames, body);
      this.#frameValues = undefined;
      this.#state = "paused";
      this.#settle({ kind: "stop", stop: this.#stop, reason: this.#reason(event.reason) } satisfies Stop);
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

  #reason(reason: GuestStopReason): StopReason {
    switch (reason.kind) {
      case "breakpoint":
        return {
          kind: "breakpoint",
          point: this.#guest.sites.offsetOf(reason.site),
          ...this.#guest.sites.roleOf(reason.site),
          ...(reason.rules ? { rules: reason.rules } : {}),
        };
      case "step":
        return {
          kind: reason.kind,
          point: this.#guest.sites.offsetOf(reason.site),
          ...this.#guest.sites.roleOf(reason.site),
        };
      case "pause":
        return { kind: "pause" };
      case "data":
        return dataReason(reason);
      case "unreachable":
        return {
          ...{ kind: "trap", trap: "unreachable", message: reason.message ?? "unreachable", alive: true },
          ...(reason.words === undefined ? {} : { words: reason.words }),
        };
      case "throw":
        return { kind: "throw", at: this.#guest.sites.offsetOf(reason.site), again: reason.again };
      case "exit":
        return reason;
      case "trap":
        return { kind: "trap", trap: trapKindOf(reason.message), message: reason.message, alive: false };
      case "exception":
        return reason;
    }
  }

  #frame(frame: EncodedFrame): TargetFrame {
    if ("n" in frame)
      return {
        kind: "host",
        name: frame.n,
        ...(frame.p === undefined ? {} : { path: frame.p }),
        ...(frame.l === undefined ? {} : { line: frame.l }),
      };
    return {
      kind: "wasm",
      function: toFuncIndex(frame.f),
      offset: this.#guest.originalOffset(frame.o),
      depth: frame.d,
    };
  }

  #values(stop: StopNumber): FrameValues {
    this.#check(stop);
    this.#frameValues ??= new FrameValues(
      this.#guest,
      {
        frames: (start, end) => whenKnown(this.#framesAt(stop, start, end - start), ({ frames }) => frames),
        globals: (names) => this.#readGlobals(stop, names),
        setGlobal: (name, value) => this.#setGlobal(stop, name, value),
        readMemory: async (name, address, length) =>
          (await this.#askPaused(stop, { q: "read-memory", name, address: String(address), length })).body,
        writeMemory: async (name, address, bytes) => {
          await this.#askPaused(stop, { q: "write-memory", name, address: String(address) }, bytes);
        },
      },
      { site: this.#site, postMortem: this.#postMortem, isUnwound: this.#isUnwound },
    );
    return this.#frameValues;
  }

  #memory(memory: number): string {
    const name = this.#guest.memories[memory];
    if (name === undefined)
      throw new TargetError(
        "bad-address",
        `The module has ${this.#guest.memories.length} memories; there is no memory ${memory}.`,
      );
    return name;
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

  #askPaused(stop: StopNumber, ...question: Parameters<Debuggee["ask"]>): Promise<Answered> {
    this.#check(stop);
    return this.#debuggee.ask(...question);
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

import {
  type MemoryAddress,
  type ModuleOffset,
  type StopNumber,
  toStopNumber,
} from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type {
  Exit,
  FrameList,
  Halt,
  PlacedLocation,
  RawValue,
  ResumePlan,
  StepEnd,
  StopReason,
  Target,
} from "../../src/target/target.ts";
import type { ToyEvent, ToyGuest, ToyRun } from "./toy-guest.ts";

/**
 * An engine for toy guests that does what `Target` promises and no more, and writes down what it was asked.
 *
 * A guest runs without pause inside of `resume` until something stops it; one that is `busy` keeps running until it
 * is paused, released or ended.
 */
export class FakeTarget implements Target {
  readonly module = { path: "/project/toy.wasm", bytes: new Uint8Array(0) };
  /** Every plan resumed with, in order. */
  readonly plans: ResumePlan[] = [];
  /** Every `frames` question: start and count. */
  readonly framesAsked: (readonly [start: number, count: number])[] = [];
  /** How often sites of a plan counted the stack's frames, as the stack pointer could not tell. */
  depthTests = 0;
  /** What the next `setBreakpointLocations` answers; by default everything is placed as asked. */
  place: (points: readonly ModuleOffset[]) => readonly PlacedLocation[] | Promise<readonly PlacedLocation[]> =
    (points) => points.map((point) => ({ kind: "placed", point }));
  armed: ReadonlySet<ModuleOffset> = new Set();
  /** Whether a site is at the very instruction. */
  isSite: (point: ModuleOffset) => boolean = () => true;
  /** Memory 0; a toy has none of its own. */
  memory = new Uint8Array(0);
  /** Locals of a frame, by its index; by default none is kept. */
  locals: Target["locals"] = async () => [];
  readonly #guest: ToyGuest;
  readonly #run: ToyRun;
  #state: "paused" | "running" | "exited" = "paused";
  #stop = 0;
  #plan: ResumePlan = { kind: "continue" };
  #settle: { readonly resolve: (halt: Halt) => void; readonly reject: (error: unknown) => void } | undefined;
  #pauseAsked = false;
  /** A trap's frames are kept to be shown when they are gone. */
  #endsNext: Exit | undefined;

  constructor(guest: ToyGuest) {
    this.#guest = guest;
    this.#run = guest.run();
  }

  get state(): "paused" | "running" | "exited" {
    return this.#state;
  }

  resume(plan: ResumePlan): Promise<Halt> {
    if (this.#state === "exited") return Promise.reject(gone());
    if (this.#state === "running") return Promise.reject(new TargetError("not-stopped", "running"));
    this.plans.push(plan);
    this.#plan = plan;
    this.#state = "running";
    const halt = new Promise<Halt>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Never at once: a real guest's stop arrives in a later turn.
    queueMicrotask(() => this.#go());
    return halt;
  }

  async pause(): Promise<void> {
    if (this.#state === "running") this.#pauseAsked = true;
    if (this.#busy) this.#stopFor({ kind: "pause" });
  }

  /** Lets a busy guest go on. */
  release(): void {
    this.#busy = false;
    this.#go();
  }
  #busy = false;

  /** Ends the process behind the debugger's back. */
  die(message: string): void {
    this.#state = "exited";
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.reject(new TargetError("disconnected", message));
  }

  async setBreakpointLocations(
    points: readonly ModuleOffset[],
    exact: readonly ModuleOffset[] = [],
  ): Promise<readonly PlacedLocation[]> {
    if (this.#state === "exited") throw gone();
    const exactly = exact.map((point): PlacedLocation => {
      if (this.isSite(point)) return { kind: "placed", point };
      return { kind: "refused", reason: "No statement begins here." };
    });
    const placed = [...(await this.place(points)), ...exactly];
    this.armed = new Set(placed.flatMap((one) => (one.kind === "placed" ? [one.point] : [])));
    return placed;
  }

  async frames(stop: StopNumber, start: number, count: number): Promise<FrameList> {
    this.#check(stop);
    this.framesAsked.push([start, count]);
    const frames = this.#guest.frames();
    return { frames: frames.slice(start, start + count), total: frames.length };
  }

  async globals(stop: StopNumber): Promise<readonly RawValue[]> {
    this.#check(stop);
    return [{ type: "i32", value: Number(this.#guest.stackPointer) }];
  }

  async terminate(): Promise<void> {
    this.#exit({ kind: "exited", exitCode: 143, cause: { kind: "terminated" } });
  }

  async kill(): Promise<void> {
    this.#exit({ kind: "exited", exitCode: 137, cause: { kind: "terminated" } });
  }

  writeStdin(): void {}
  async writeLocal(): Promise<void> {
    throw unsupported();
  }
  async writeGlobal(): Promise<void> {
    throw unsupported();
  }
  async readMemory(
    stop: StopNumber,
    _memory: number,
    address: MemoryAddress,
    length: number,
  ): Promise<Uint8Array> {
    this.#check(stop);
    return this.memory.slice(Number(address), Number(address) + length);
  }
  async writeMemory(
    stop: StopNumber,
    _memory: number,
    address: MemoryAddress,
    bytes: Uint8Array,
  ): Promise<void> {
    this.#check(stop);
    if (Number(address) + bytes.length > this.memory.length)
      throw new TargetError("bad-address", "it does not fit");
    this.memory.set(bytes, Number(address));
  }
  async memorySizes(): Promise<readonly bigint[]> {
    return [BigInt(this.memory.length)];
  }
  async readTable(): Promise<undefined> {
    throw unsupported();
  }

  #go(): void {
    while (this.#state === "running" && !this.#busy) {
      if (this.#endsNext) this.#exit(this.#endsNext);
      else this.#deal(this.#run.next().value ?? { kind: "exit", exitCode: 0 });
    }
  }

  #deal(event: ToyEvent): void {
    if (event.kind === "exit") this.#exit({ ...event, kind: "exited", cause: { kind: "exit" } });
    else if (event.kind === "stop") this.#halt(event.reason);
    else if (this.#pauseAsked) this.#stopFor({ kind: "pause" });
    else if (event.kind === "busy") this.#busy = true;
    else if (this.armed.has(event.offset)) this.#stopFor({ kind: "breakpoint", point: event.offset });
    else if (this.#stepEndsAt(event.offset)) this.#stopFor({ kind: "step", point: event.offset });
  }

  #stepEndsAt(point: ModuleOffset): boolean {
    return this.#plan.kind === "step" && this.#plan.ends.some((end) => this.#endsAt(end, point));
  }

  /** As `StepEnd` says. */
  #endsAt(end: StepEnd, point: ModuleOffset): boolean {
    if (point < end.from || point >= end.to) return false;
    const { maxDepth, maxDepthStackPointer, except } = end;
    if (maxDepth !== undefined) {
      const shallow =
        maxDepthStackPointer === undefined
          ? this.#countDepth() <= maxDepth
          : this.#guest.stackPointer >= maxDepthStackPointer;
      if (!shallow) return false;
    }
    if (!except || this.#guest.debugInfo.lineKeyAt(point) !== except.line) return true;
    if (except.stackPointer !== undefined) return this.#guest.stackPointer !== except.stackPointer;
    return this.#countDepth() !== except.depth;
  }

  #countDepth(): number {
    this.depthTests++;
    return this.#guest.depth;
  }

  #halt(reason: StopReason): void {
    const dead = reason.kind === "exception" || (reason.kind === "trap" && !reason.alive);
    if (dead) {
      const { message } = reason;
      this.#endsNext = { kind: "exited", exitCode: 134, cause: { kind: "trap", message } };
    }
    this.#stopFor(reason);
  }

  #stopFor(reason: StopReason): void {
    this.#state = "paused";
    this.#busy = false;
    this.#pauseAsked = false;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ kind: "stop", stop: toStopNumber(++this.#stop), reason });
  }

  #exit(exit: Exit): void {
    if (this.#state === "exited") return;
    this.#state = "exited";
    this.#busy = false;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve(exit);
  }

  #check(stop: StopNumber): void {
    if (this.#state === "exited") throw gone();
    if (this.#state === "running") throw new TargetError("not-stopped", "running");
    if (stop !== this.#stop) throw new TargetError("stale-stop", `stop ${stop} is over`);
  }
}

const gone = (): TargetError => new TargetError("exited", "gone");
const unsupported = (): TargetError => new TargetError("unsupported", "toys have no memory");

import type { Abort } from "../base/abort.ts";
import type { Awaitable } from "../base/awaitable.ts";
import type { FuncIndex, LineKey, MemoryAddress, ModuleOffset, StopNumber } from "../base/brand.ts";
import type { BreakpointRule } from "./guest-code.ts";

/**
 * What any engine must offer to the debugger above it.
 *
 * ```
 *           launch               resume                 exit, kill
 *   (none) ────────▶ paused ────────────────▶ running ─────────────▶ exited
 *                       ▲                        │
 *                       └────── a Stop ──────────┘
 * ```
 *
 * A target is paused, running or exited, and each operation says which it needs; called in another
 * state it rejects with `TargetError` (`not-stopped`, `not-running`, `exited`, `disconnected`).
 * Answers that are `Awaitable` are given at once where nobody has to be asked; they never fail otherwise than by rejecting.
 * A target begins paused with stop number 0: instantiated, no guest instruction run yet.
 * One module, one guest thread: the types leave room for more (`module`, `thread`).
 */
export interface Target {
  readonly module: TargetModule;
  readonly state: "paused" | "running" | "exited";

  /** Settles when the guest has gone, also while it is paused and nobody has asked. Absent where nothing can go: there is no process. */
  readonly exited?: Promise<Exit>;

  /**
   * Runs the guest under `plan` until it halts. Needs: paused. At most one call is pending.
   * Handles of the stop before are stale from here on.
   * When the debuggee's process dies for a reason of its own, the halt is an exit whose cause is `crashed`.
   */
  resume(plan: ResumePlan): Promise<Halt>;

  /** Chooses what stops the guest besides breakpoints and traps; nothing, at first. Any state. Absent where nothing of it can. */
  watchEnds?(watch: EndWatch): Promise<void>;

  /** Asks for a stop as soon as the guest can; the pending `resume` settles with it. Needs: running. No effect when paused. */
  pause(): Promise<void>;

  /**
   * Makes `points` the set of armed breakpoint locations, whole or not at all, whether the guest
   * runs or is paused. Answers one entry per point, in order: where it was really placed (slipped
   * forward to an instruction that has a site, in the same function), or why it could not be.
   * `exact` points are armed too, but only where a site is at the very instruction; their entries follow the others.
   */
  setBreakpointLocations(
    points: readonly ModuleOffset[],
    exact?: readonly ModuleOffset[],
    /**
     * What the breakpoints of the points that were placed at one place do there; asked before anything is armed. Without
     * an answer the guest stops there whenever it comes by, without any rule never.
     */
    rules?: (place: PlacedPoints) => readonly BreakpointRule[] | undefined,
  ): Promise<readonly PlacedLocation[]>;

  /**
   * Makes these what is watched of the guest's memories, whole or not at all, whether the guest runs or is paused. Answers
   * one entry per watch, in order. Absent where the guest's stores are not checked.
   */
  setDataWatches?: ((watches: readonly DataWatch[]) => Promise<readonly PlacedWatch[]>) | undefined;
  /** Functions whose stores are not checked, though stores are. */
  readonly uncheckedStores?: readonly FuncIndex[];
  /** Called with breakpoints whose watches are over, because the frame they were set in has returned. To be set by whoever wants to know. */
  onWatchesOver?: ((breakpoints: readonly number[]) => void) | undefined;

  /**
   * Frames of the paused guest, innermost first, from `start` (0 = innermost), at most `count`.
   * Host frames between wasm frames are among them. Needs: paused.
   */
  frames(stop: StopNumber, start: number, count: number): Promise<FrameList>;

  /**
   * Raw locals of one frame, params first: one entry per local of the function's type and declarations. Needs: paused.
   * `frame` is the index in `frames`. Values the engine did not keep are `unavailable` with the reason.
   */
  locals(stop: StopNumber, frame: number): Awaitable<readonly RawValue[]>;
  /** Values on the operand stack of one frame, bottom first, where the engine has them. Needs: paused. */
  operands?(stop: StopNumber, frame: number): Promise<readonly RawValue[]>;
  /**
   * What the call has returned that the innermost frame stands behind: the last of its results. `undefined` where the engine has
   * not kept it. Says nothing for a stop that is not in the `return` role, or behind a call that returns nothing. Needs: paused.
   */
  returned?(stop: StopNumber): Promise<RawValue | undefined>;
  writeLocal(stop: StopNumber, frame: number, local: number, value: WasmValue): Promise<void>;

  /** All globals of the original module's index space, imports first. Needs: paused. */
  globals(stop: StopNumber): Awaitable<readonly RawValue[]>;
  writeGlobal(stop: StopNumber, global: number, value: WasmValue): Promise<void>;

  /**
   * Bytes of linear memory `memory`. Needs: paused. Answers fewer bytes than asked (perhaps none)
   * where the memory ends; never rejects for a bad address. `memory` out of range: `bad-address`.
   */
  readMemory(
    stop: StopNumber,
    memory: number,
    address: MemoryAddress,
    length: number,
    /** Gives up what is left of a long read: rejects with the signal's reason. */
    signal?: Abort,
  ): Promise<Uint8Array>;
  /**
   * Bytes of memory 0 that `readMemory` would answer without asking anybody, all of them; `undefined` where it would ask. Not to
   * be written to. Absent where nothing is at hand.
   */
  memoryAtHand?(stop: StopNumber, address: MemoryAddress, length: number): Uint8Array | undefined;
  /** Why memory answers nothing at all, for a target that has lost it: a clause for the user. */
  readonly missingMemory?: string | undefined;
  /** Writes all of `bytes` or rejects with `bad-address`. Needs: paused. */
  writeMemory(stop: StopNumber, memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void>;
  /** Current size in bytes of each memory. Needs: paused. */
  memorySizes(stop: StopNumber): Promise<readonly bigint[]>;
  /**
   * Which pages of 4096 bytes of a memory hold anything but zeros: a bit for each, the lowest of a byte first. Needs:
   * paused. Engines that would have to fetch the memory to find out have no such method.
   */
  nonZeroPages?(stop: StopNumber, memory: number): Promise<Uint8Array>;
  /**
   * Calls a function of the paused guest where it stands and answers how that ended; the guest then stands as before, at the
   * same stop, but for what the function has changed. Nothing stops it on its way, and what it prints comes before the
   * answer. Needs: paused. Engines that run nothing have no such method.
   */
  call?(stop: StopNumber, call: GuestCall): Promise<CallOutcome>;
  /**
   * Breaks off the call under way, if there is one: at the next place where the guest can be stopped, or in the host call that it
   * waits in. It then settles with `broken-off`, unless it returns before. Any state.
   */
  breakOffCall?(): void;
  /** Entry of a table as the function it holds; `undefined` for null, a host function or an index out of range. Needs: paused. */
  readTable(stop: StopNumber, table: number, index: number): Awaitable<FuncIndex | undefined>;

  /**
   * Ends the guest: unwinds it through its host frames so that their `finally` blocks run, then ends
   * its process; kills it when that has not happened in time. Any state. Settles when no process is left.
   * A pending `resume` settles with an `exited` halt.
   */
  terminate(): Promise<void>;
  /** Ends the guest's process at once. Any state. Settles when no process is left. */
  kill(): Promise<void>;
  /**
   * Lets the guest go: it runs on by itself from wherever it stands, nothing stops it any more, and its process is nobody's.
   * What it prints into a terminal goes on to appear there; otherwise it is dropped, and its input ends. Any state; settles when the
   * guest's process has been told, which takes no longer while the guest is busy. The target has nothing to say from then on, and
   * counts as exited; a pending `resume` settles with `detached`. Resolves to whether it lives on: it may have ended meanwhile.
   * Absent where there is no process.
   */
  detach?(): Promise<boolean>;

  /** Bytes for the guest's stdin; `undefined` closes it. Any state but exited. */
  writeStdin(bytes: Uint8Array | undefined): void;
}

/** What the guest prints, in order with its stops: every byte printed before a stop arrives before that stop. */
export interface TargetOutput {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

/** The module an engine runs, in the words of its original, uninstrumented bytes. */
export interface TargetModule {
  /** Path or URL it was read from. */
  readonly path: string;
  /** The original bytes; instrumented ones never leave the engine. */
  readonly bytes: Uint8Array;
}

/** Ways for a guest to leave a function, or to end, that it is to be stopped at. */
export interface EndWatch {
  /**
   * `throw` instructions: none, all, or those come to by calls that led to none before: whether an exception is caught
   * depends on the frames it is thrown in alone.
   */
  readonly throws: "none" | "new" | "all";
  /** `rethrow` and `throw_ref`: an exception that was caught goes on. */
  readonly rethrows: boolean;
  /** The guest's own request to end with a status that is not 0. */
  readonly exits: boolean;
}

/** How a paused guest goes on. */
export type ResumePlan = { readonly kind: "continue" } | StepPlan;

/**
 * Runs until a site lies in one of `ends`; armed breakpoint locations still stop on the way.
 *
 * Everything in it is plain data, decided in the guest thread at each armed site: sites outside all
 * `ends` stay disarmed and cost nothing.
 */
export interface StepPlan {
  readonly kind: "step";
  readonly ends: readonly StepEnd[];
}

/** One function body in which a step may end. */
export interface StepEnd {
  /** Sites at `from` ≤ offset < `to`. */
  readonly from: ModuleOffset;
  readonly to: ModuleOffset;
  /** Whether sites between statements count as well, where there are some. */
  readonly everySite?: boolean;
  /**
   * The deepest frame that counts, as a number of wasm frames from the outermost (which is 1);
   * `undefined`: any frame.
   */
  readonly maxDepth?: number;
  /**
   * Value of the stack pointer in the frame at exactly `maxDepth`, when all frames of this function
   * keep theirs fixed and distinct: a frame is then as shallow as that when its stack pointer is ≥
   * this, which costs nanoseconds where counting frames costs microseconds.
   */
  readonly maxDepthStackPointer?: bigint;
  /**
   * A site of this line, or any where none is given, does not count while the frame is the one the step began in: the line
   * has not been left.
   */
  readonly except?: { readonly line?: LineKey; readonly depth: number; readonly stackPointer?: bigint };
  /**
   * How many inlined calls deep in the frame the step began in the sites here are. They do not count once a site has been
   * passed that `leaves` those calls.
   */
  readonly level?: number;
  /** In the frame the step began in, sites here tell that calls deeper than `level` have been left. */
  readonly leaves?: boolean;
  /** No statement here counts: it only tells what has been left. */
  readonly passing?: boolean;
  /** Whether places that calls return to count as well: the guest is then behind a call, in the midst of a statement. */
  readonly returns?: boolean;
}

/** Why a running guest no longer runs. */
export type Halt = Stop | Exit | Detached;

/** The guest has been let go of: it is out there, and nothing more will be heard of it. */
export interface Detached {
  readonly kind: "detached";
}

/** The guest is paused. Handles made at `stop` hold until the next `resume`. */
export interface Stop {
  readonly kind: "stop";
  readonly stop: StopNumber;
  readonly reason: StopReason;
}

/** Why a guest stands still, in terms of its engine: what that means to a user is for `src/debugger` to say. */
export type StopReason =
  /** Armed breakpoint locations at the site where the guest stands (original offset). */
  | {
      readonly kind: "breakpoint";
      readonly point: ModuleOffset;
      readonly role?: SiteRole;
      /** Where there are rules: what came of them. */
      readonly rules?: RuleOutcome;
    }
  /** The step plan ended here. `point` is a site. */
  | { readonly kind: "step"; readonly point: ModuleOffset; readonly role?: SiteRole }
  /** `pause` was asked for. Where it stands is in `frames`. */
  | { readonly kind: "pause" }
  /**
   * Watched memory has been written, by the instruction at which the guest stands and which it has done, or by the host in the call in
   * progress. Of several watches that were met, each has an entry.
   */
  | {
      readonly kind: "data";
      readonly changes: readonly DataChange[];
      readonly rules: RuleOutcome;
      /** The host function that wrote. */
      readonly host?: string;
    }
  /**
   * A trap. `alive`: the guest stands before the trapping instruction with all its frames; otherwise
   * its frames are gone, `frames` shows where they were, and the next resume ends the guest.
   */
  | {
      readonly kind: "trap";
      readonly trap: TrapKind;
      readonly message: string;
      readonly alive: boolean;
      /** Of an `unreachable`: the end of what the guest has written to stderr. */
      readonly words?: string;
    }
  /** Before a `throw`, or `again` before a `rethrow` or `throw_ref`, that is watched. All frames are there. */
  | { readonly kind: "throw"; readonly at: ModuleOffset; readonly again: boolean }
  /** In the host function by which the guest ends itself, which is watched. All frames are there. */
  | { readonly kind: "exit"; readonly exitCode: number }
  /**
   * An exception (Wasm or host) that nobody caught: as a trap that is not alive. Exceptions of Wasm have no stack: frames
   * are those of the last `throw` that was watched, where `known`.
   */
  | { readonly kind: "exception"; readonly message: string; readonly known?: boolean };

/** Bytes of a memory that are watched for a breakpoint: each write to them is an arrival at it. */
export interface DataWatch {
  /** What counts and what comes of it. Code in it reads no locals: stores are anywhere. */
  readonly rule: Omit<BreakpointRule, "log">;
  /** Index of the memory. */
  readonly memory: number;
  readonly address: MemoryAddress;
  /** Bytes; at least 1. */
  readonly length: number;
  /** As many bytes, the bits that count: for bit-fields, which share their bytes with others. Only changes of them count. */
  readonly mask?: Uint8Array;
  /** Whether only writes count that change something, and not those that leave everything as it was. */
  readonly changesOnly: boolean;
  /** The watch is over once the frame has returned to which the bytes belong. Needs a paused guest when it is set for the first time. */
  readonly inFrame?: true;
}

/** What a write did to watched bytes. */
export interface DataChange {
  readonly breakpoint: number;
  /** Of the first byte told, from where the watch begins: not 0 only of watches of more than 4096 bytes. */
  readonly offset: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** What came of a watch that was asked for. */
export type PlacedWatch =
  | { readonly kind: "placed" }
  /** A sentence. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * What a site is for that does not stand at the first instruction of a statement, as most do: it is behind a call that has
 * just returned, or there for its instruction alone.
 */
export type SiteRole = "return" | "instruction";

/** A place in the module, and the points asked for that were placed there. */
export interface PlacedPoints {
  readonly point: ModuleOffset;
  readonly asked: readonly ModuleOffset[];
}

/** What the rules at a place came to when the guest stopped there. */
export interface RuleOutcome {
  /** Breakpoints that stop the guest here and now. */
  readonly hit: readonly number[];
  /** Breakpoints with `ask`: whoever resumes the guest decides whether this is a stop. */
  readonly asked: readonly number[];
  /** Breakpoints whose condition failed, for the first time, with the reason. They stop the guest too. */
  readonly failed: readonly { readonly breakpoint: number; readonly reason: string }[];
  /** What would have stopped the guest here without any breakpoint. */
  readonly otherwise?: "step" | "pause";
}

/** Kinds of traps, in the words of the core specification. */
export type TrapKind =
  | "unreachable"
  | "memory-out-of-bounds"
  | "table-out-of-bounds"
  | "indirect-call-type-mismatch"
  | "null-reference"
  | "integer-divide-by-zero"
  | "integer-overflow"
  | "invalid-conversion-to-integer"
  | "stack-overflow"
  | "out-of-memory"
  | "unaligned-atomic"
  | "cast-failure"
  | "other";

/** A call of a function of the paused guest. */
export interface GuestCall {
  readonly function: FuncIndex;
  /** As many and of such types as the function takes. */
  readonly args: readonly WasmValue[];
  /** Wasm types of what it gives back. */
  readonly results: readonly string[];
  /** What the C stack pointer is during the call, below what is in use; it is put back after it. */
  readonly stackPointer?: { readonly global: number; readonly value: WasmValue };
  /** A call that takes longer is broken off, in milliseconds. */
  readonly timeoutMs: number;
}

/** How a call ended. Whatever it was, the guest can go on. */
export type CallOutcome =
  | { readonly kind: "returned"; readonly results: readonly WasmValue[] }
  | { readonly kind: "trapped"; readonly message: string }
  /** `message`: what, as a noun. */
  | { readonly kind: "threw"; readonly message: string }
  | { readonly kind: "timed-out" | "broken-off" }
  /** It asked for the end of the program, which it did not get. */
  | { readonly kind: "exited"; readonly exitCode: number };

/** The guest is gone. */
export interface Exit {
  readonly kind: "exited";
  /** Status the guest gave; 134 after a trap; 137 when killed. */
  readonly exitCode: number;
  /** How it came to that. */
  readonly cause:
    | { readonly kind: "exit" }
    | { readonly kind: "trap"; readonly message: string }
    | { readonly kind: "terminated" }
    /** The process died by itself (signal, V8 abort, out of memory): `message` says how. */
    | { readonly kind: "crashed"; readonly message: string };
  /** Results of the invoked export, as text, when one was named. */
  readonly results?: readonly string[];
}

/** A part of a stack, innermost frame first. */
export interface FrameList {
  readonly frames: readonly TargetFrame[];
  /** Frames on the whole stack. */
  readonly total: number;
}

/** One frame of a stack: a function of the guest, or of the host between two of them. */
export type TargetFrame =
  | {
      readonly kind: "wasm";
      readonly function: FuncIndex;
      /** Instruction about to run (innermost frame) or the call in progress (outer frames), in the original module. */
      readonly offset: ModuleOffset;
      /** Wasm frames from the outermost, which is 1. */
      readonly depth: number;
    }
  | { readonly kind: "host"; readonly name: string; readonly path?: string; readonly line?: number };

/** A value of a Wasm value type. References carry text only: they cannot be passed on. */
export type WasmValue =
  | { readonly type: "i32"; readonly value: number }
  | { readonly type: "i64"; readonly value: bigint }
  | { readonly type: "f32"; readonly value: number }
  | { readonly type: "f64"; readonly value: number }
  | { readonly type: "v128"; readonly value: Uint8Array }
  | { readonly type: "ref"; readonly value: string };

/** A value, or why there is none. */
export type RawValue = WasmValue | { readonly type: "unavailable"; readonly reason: string };

/** What came of a breakpoint location that was asked for: the point where the guest will stop, or a sentence why it cannot. */
export type PlacedLocation =
  | { readonly kind: "placed"; readonly point: ModuleOffset }
  | { readonly kind: "refused"; readonly reason: string };

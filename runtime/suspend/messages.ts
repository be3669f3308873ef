import type { TargetErrorCode } from "../../src/base/errors.ts";

/**
 * Everything that is ever said between an engine and the guest thread it drives: a closed list.
 *
 * Offsets and indices here are those of the *instrumented* module; only `runtime/embedded` translates them.
 * A message is a JSON header and, where noted, a body of bytes. Headers travel as text through the agent,
 * which forwards them unread.
 */

/** Asked of the guest thread; answered once, in order, with the same `id`, unless that is 0: then nobody waits for an answer. */
export type Question = { readonly id: number } & QuestionKind;

export type QuestionKind =
  /**
   * Some of the module's code, in order, which `load` does not have again. Body: the bytes. The numbers are about how much room the whole
   * module takes, and what of it comes before the code.
   */
  | { readonly q: "code"; readonly beforeCode: number; readonly wholeBytes: number }
  | LoadQuestion
  /** Needs: paused. The halt follows as an event. */
  | { readonly q: "resume"; readonly plan: GuestPlan }
  /**
   * Makes `sites` the set of armed breakpoint sites and `rules` what happens at some of them, whole. Body: a module of
   * the code they name, or nothing. Any state.
   */
  | { readonly q: "arm"; readonly sites: readonly number[]; readonly rules?: readonly GuestRule[] }
  /**
   * Makes `watches` what is watched of memory, whole; the answer says of each why it is not. Body: as of `arm`. Any state.
   */
  | { readonly q: "watch"; readonly watches: readonly GuestWatch[] }
  /** What stops the guest besides breakpoints and traps. Any state. */
  | ({ readonly q: "watch-ends" } & EndWatch)
  /** Any state; no effect when paused. */
  | { readonly q: "pause" }
  /** Lets go of records of logpoints that are held back. Sent by the agent alone. Any state. */
  | { readonly q: "flush-log" }
  /** Stops right here, inside the interrupt, when a `pause` has met no site. Sent by the agent alone. */
  | { readonly q: "pause-here" }
  /** Unwinds the guest. Any state. */
  | { readonly q: "terminate" }
  /** Breaks off the call under way, where the guest can be stopped next. Any state; no effect without a call. */
  | { readonly q: "break-call" }
  /** Nobody debugs the guest any more: it goes on, and nothing stops it. Sent by the agent alone. Any state. */
  | { readonly q: "go-alone" }
  /** Body: bytes for stdin. `end` closes it. Any state. */
  | { readonly q: "stdin"; readonly end: boolean }
  // The following need a paused guest.
  | { readonly q: "frames"; readonly start: number; readonly count: number }
  | { readonly q: "globals"; readonly names: readonly string[] }
  | { readonly q: "set-global"; readonly name: string; readonly value: EncodedValue }
  /** Answer's body: the bytes there are, at most `length`. */
  | { readonly q: "read-memory"; readonly name: string; readonly address: string; readonly length: number }
  /** Answer's body: a bit for each page of 4096 bytes that is not all zero, the lowest of a byte first. */
  | { readonly q: "non-zero-pages"; readonly name: string }
  /** Body: the bytes. */
  | { readonly q: "write-memory"; readonly name: string; readonly address: string }
  | { readonly q: "memory-sizes"; readonly names: readonly string[] }
  | { readonly q: "read-table"; readonly name: string; readonly index: number }
  | CallQuestion;

/** Calls a function where the guest stands, and puts back what belongs to the stop. */
export interface CallQuestion {
  readonly q: "call";
  /** Export name of the table of all functions, and the one in it. */
  readonly table: string;
  readonly function: number;
  readonly args: readonly EncodedValue[];
  /** Types of what it gives back. */
  readonly results: readonly string[];
  /** Globals that are to have their values again after it: the stack pointer, the copies of locals. */
  readonly kept: readonly string[];
  /** The stack pointer during the call. */
  readonly stackPointer: { readonly name: string; readonly value: EncodedValue } | null;
  readonly timeoutMs: number;
}

/**
 * What is said to the agent itself, which forwards all else unread: the guest is to live on without its controller. Answered
 * by the event `detached`, whatever the guest is busy with, and then the connection ends.
 */
export const detachHeader = '{"agent":"detach"}';

/** An `EndWatch` of `src/target`. */
export interface EndWatch {
  readonly throws: "none" | "new" | "all";
  readonly rethrows: boolean;
  readonly exits: boolean;
}

/** Compiles and instantiates the guest and makes it ready to run; the guest is then paused at stop 0. */
export interface LoadQuestion {
  readonly q: "load";
  /** The body: `siteCount` u32 line keys, `siteCount` u8 kinds (see `SiteKind`), then the module. */
  readonly siteCount: number;
  /** Where in the module the code goes that came before. */
  readonly beforeCode: number;
  readonly path: string;
  readonly names: GuestNames;
  /** Functions of the original module: those from here on are ours. */
  readonly functionCount: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly preopens: Readonly<Record<string, string>>;
  readonly stdinFile: string | null;
  readonly console: "piped" | "terminal";
  /** Export to call instead of `_start`, with its parameters' types. */
  readonly invoke: { readonly name: string; readonly params: readonly string[] } | null;
  /** Name under which the stack pointer global is exported. */
  readonly stackPointer: string | null;
  /** Export names of globals whose values go with every stop. */
  readonly snapshot: readonly string[];
  /** What it imports as programs of AssemblyScript do, and whether each of its aborts ends in an `unreachable`. */
  readonly assemblyScript: { readonly names: readonly string[]; readonly abortsTrap: boolean };
  /** Memories that it imports: each is given one of its own. */
  readonly importedMemories: readonly ImportedMemory[];
}

/** A memory that a module imports: from where, and of what limits, in pages. */
export interface ImportedMemory {
  readonly module: string;
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number | null;
  readonly isShared: boolean;
  readonly is64: boolean;
}

/** Export names of what instrumentation appended. */
export interface GuestNames {
  readonly suspendTable: string;
  readonly setMask: string;
  readonly maskWords: number;
  readonly memories: readonly string[];
  /** By memory: what sets the bounds of its watched range, and whether addresses have 64 bits. Empty: stores are not checked. */
  readonly watches: readonly { readonly name: string; readonly is64: boolean }[];
  /** The global with which the C stack pointer is compared. */
  readonly stackLimit: string | null;
  /** The start function that was taken out. */
  readonly start: string | null;
  /** All names that are ours, to be hidden. */
  readonly prefix: string;
}

/** A `BreakpointRule` of `src/target`, without its log. Code is named by the number that the arming module exports it under. */
export interface GuestRuleBody {
  readonly breakpoint: number;
  readonly condition?: number;
  readonly hits?: GuestHits;
  readonly ask?: true;
}

/** The rule of a breakpoint at a site. */
export interface GuestRule extends GuestRuleBody {
  readonly site: number;
  readonly log?: { readonly number: number; readonly values: readonly GuestLogSource[] };
}

/** A `DataWatch` of `src/target`. */
export interface GuestWatch extends GuestRuleBody {
  /** Index of the memory. */
  readonly memory: number;
  readonly address: number;
  /** Bytes. */
  readonly length: number;
  /** Bits that count, as hex of `length` bytes. */
  readonly mask?: string;
  readonly changesOnly?: true;
  /** It ends with the frame it was set in: the function's sites and stores, first to end. */
  readonly frame?: {
    readonly sites: readonly [first: number, end: number];
    readonly stores: readonly [first: number, end: number];
  };
}

/** What became of watched bytes: `offset` counts from where the watch begins, values are hex. */
export interface GuestChange {
  readonly breakpoint: number;
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

export interface GuestHits {
  readonly operator: "==" | ">=" | ">" | "<" | "<=" | "%";
  readonly count: number;
}

/** A value to be logged; with `unitBytes` it is the address of at most `length` bytes of text. */
export interface GuestLogSource {
  readonly code: number;
  readonly isFloat?: boolean;
  readonly unitBytes?: number;
  readonly length?: number;
}

/** A `RuleOutcome` of `src/target`. */
export interface GuestRuleOutcome {
  readonly hit: readonly number[];
  readonly asked: readonly number[];
  readonly failed: readonly { readonly breakpoint: number; readonly reason: string }[];
  readonly otherwise?: "step" | "pause";
}

/** A step plan in sites. */
export type GuestPlan =
  | { readonly kind: "continue" }
  | { readonly kind: "step"; readonly ends: readonly GuestStepEnd[] };

/** As `StepEnd` of `src/target`, for sites `first` ≤ site < `end`. Stack pointers are decimal text. */
export interface GuestStepEnd {
  readonly first: number;
  readonly end: number;
  readonly everySite?: boolean;
  readonly maxDepth?: number;
  readonly maxDepthStackPointer?: string;
  readonly except?: { readonly line?: number; readonly depth: number; readonly stackPointer?: string };
  readonly level?: number;
  readonly leaves?: boolean;
  readonly passing?: boolean;
  readonly returns?: boolean;
}

/** Answer to a question. */
export type Answer =
  | ({ readonly id: number; readonly ok: true } & AnswerFacts)
  | { readonly id: number; readonly ok: false; readonly code: TargetErrorCode; readonly message: string };

/** What an answer carries besides its body; which fields depends on the question. */
export interface AnswerFacts {
  readonly frames?: readonly EncodedFrame[];
  readonly total?: number;
  readonly values?: readonly EncodedValue[];
  readonly sizes?: readonly string[];
  /** Function index, or −1. */
  readonly function?: number;
  /** Of `watch`: in order. */
  readonly refused?: readonly (string | null)[];
  readonly called?: EncodedOutcome;
}

/** A `CallOutcome` of `src/target`. */
export type EncodedOutcome =
  | { readonly kind: "returned"; readonly results: readonly EncodedValue[] }
  | { readonly kind: "trapped" | "threw"; readonly message: string }
  | { readonly kind: "timed-out" | "broken-off" }
  | { readonly kind: "exited"; readonly exitCode: number };

/** Told by the debuggee unasked. */
export type GuestEvent =
  /** First message on the socket, from the agent. */
  | { readonly e: "hello"; readonly token: string; readonly pid: number; readonly node: string }
  /** The last message of a guest that lives on, from the agent. */
  | { readonly e: "detached" }
  /** Body: bytes of memory 0, see `StopSnapshot.memory`. */
  | {
      readonly e: "stopped";
      readonly stop: number;
      readonly reason: GuestStopReason;
      readonly snapshot: StopSnapshot;
    }
  /** What is watched for these breakpoints is no more: its frame has returned. */
  | { readonly e: "expired"; readonly breakpoints: readonly number[] }
  /** Body: bytes; of `log` they are records, see log-record.ts. */
  | { readonly e: "output"; readonly stream: "stdout" | "stderr" | "log" }
  | {
      readonly e: "exited";
      readonly exitCode: number;
      readonly cause: GuestExitCause;
      readonly results?: readonly string[];
    };

/** What is asked for at nearly every stop, sent along with it: each round trip less is a step felt less. */
export interface StopSnapshot {
  /** The whole stack, when it is short. */
  readonly frames?: readonly EncodedFrame[];
  /** Values of the globals named in `LoadQuestion.snapshot`, in that order. */
  readonly values: readonly EncodedValue[];
  /** Ranges of memory 0, whose bytes are the event's body, one after the other; addresses are decimal text. */
  readonly memory?: readonly { readonly address: string; readonly length: number }[];
  readonly tables?: readonly EncodedTableEntry[];
}

/** An entry of a table by the table's export name; `function` as in an answer. */
export interface EncodedTableEntry {
  readonly name: string;
  readonly index: number;
  readonly function: number;
}

/** Why the guest thread has parked, in terms of the instrumented module. */
export type GuestStopReason =
  | { readonly kind: "breakpoint"; readonly site: number; readonly rules?: GuestRuleOutcome }
  | { readonly kind: "step"; readonly site: number }
  | { readonly kind: "pause"; readonly site?: number }
  /** Watched memory has been written: by the store at `site`, or by the host in a call of the guest's. */
  | {
      readonly kind: "data";
      readonly site?: number;
      readonly host?: string;
      readonly changes: readonly GuestChange[];
      readonly rules: GuestRuleOutcome;
    }
  /** `message`: what the guest has said before about why it gives up; `words`: the last that it has written to stderr. */
  | {
      readonly kind: "unreachable";
      readonly site: number;
      readonly message?: string;
      readonly words?: string;
    }
  | { readonly kind: "throw"; readonly site: number; readonly again: boolean }
  /** The guest stands in the host function that ends it, with a status that is not 0. */
  | { readonly kind: "exit"; readonly exitCode: number }
  | { readonly kind: "trap"; readonly message: string; readonly stackOverflow: boolean }
  /** `known`: its frames are those of the last `throw`. */
  | { readonly kind: "exception"; readonly message: string; readonly known: boolean };

/** Kinds of sites in `LoadQuestion`: those of `src/instrument/site-table` that a guest thread knows. */
export const SiteKind = { beforeUnreachable: 1, beforeThrow: 4, beforeRethrow: 5 } as const;

/** How the guest ended, as far as its own thread can tell. */
export type GuestExitCause =
  | { readonly kind: "exit" }
  | { readonly kind: "trap"; readonly message: string }
  | { readonly kind: "terminated" };

/** A wasm frame: function index and byte offset; a host frame: what JavaScript says of it. */
export type EncodedFrame =
  | { readonly f: number; readonly o: number; readonly d: number }
  | { readonly n: string; readonly p?: string; readonly l?: number };

/** A Wasm value, exact: `bits` are its bytes as hex, most significant first; a reference has text instead. */
export type EncodedValue =
  | { readonly t: "i32" | "i64" | "f32" | "f64"; readonly bits: string }
  | { readonly t: "ref"; readonly text: string }
  | { readonly t: "none"; readonly reason: string };

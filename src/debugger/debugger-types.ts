import type { FuncIndex, MemoryAddress, ModuleOffset, StopNumber } from "../base/brand.ts";
import type { SourceFile } from "../debuginfo/debug-info.ts";
import type { Variable } from "../symbols/variable.ts";
import type { Exit, TargetOutput, TrapKind } from "../target/target.ts";

/** What the user asked for: one line of one source. */
export interface BreakpointRequest extends BreakpointBehaviour {
  /** 0-based. */
  readonly line: number;
  /** 0-based: the statement of the line that begins there, or next behind it. Without it, where the line begins. */
  readonly column?: number;
}

/** What the user asked for: the beginning of every function of a name. */
export interface FunctionBreakpointRequest extends BreakpointBehaviour {
  readonly name: string;
}

/** What a breakpoint does when the guest comes there. */
export interface BreakpointBehaviour {
  /** An expression: it counts only where this is true. */
  readonly condition?: string;
  /** Which arrivals that count are meant: `5`, `>= 5`, `% 3`. */
  readonly hitCondition?: string;
  /** Says this instead of stopping, with the values of expressions in braces. */
  readonly logMessage?: string;
}

/** A breakpoint: what was asked, and what came of it. `id` lasts for the session. */
export interface Breakpoint {
  readonly id: number;
  /** As the client named it; empty for a breakpoint on a function. */
  readonly path: string;
  readonly request: BreakpointRequest & { readonly name?: string };
  readonly verified: boolean;
  /** Line taken, 0-based; the line asked for while unverified. */
  readonly line: number;
  /** Column taken, 0-based, where one was asked for. */
  readonly column?: number;
  /** Why it is not verified, or where it moved. */
  readonly message?: string;
  readonly source?: SourceFile;
}

/** A breakpoint on one instruction. `id` lasts for the session and differs from those of all other breakpoints. */
export interface InstructionBreakpoint {
  readonly id: number;
  readonly point: ModuleOffset;
  readonly verified: boolean;
  /** Why it is not verified. */
  readonly message?: string;
  /** Whether the guest cannot be stopped there at all. */
  readonly isRefused?: boolean;
}

/** What a user points at to be told when it is written. */
export type DataQuery =
  | { readonly kind: "variable"; readonly variable: Variable; readonly length?: number }
  /** In a frame, or without one of what is known everywhere. */
  | { readonly kind: "expression"; readonly text: string; readonly frame?: Frame; readonly length?: number }
  | {
      readonly kind: "bytes";
      readonly memory: number;
      readonly address: MemoryAddress;
      readonly length: number;
    };

/** Something that can be watched, or a sentence saying why it cannot. */
export type FoundData =
  | {
      readonly kind: "found";
      /** For `DataBreakpointRequest`. */
      readonly id: string;
      readonly label: string;
      /** Bytes. */
      readonly length: number;
      /** Whether the id means something in another run of the program. */
      readonly canPersist: boolean;
      /** Whether it ends with the function it belongs to. */
      readonly inFrame: boolean;
    }
  | { readonly kind: "refused"; readonly reason: string };

/** What the user asked for: to stop when something in memory has been written. */
export interface DataBreakpointRequest {
  /** Of `FoundData`, or `=EXPRESSION` for what lies at a fixed address. */
  readonly dataId: string;
  /** Only when it has changed; a condition that begins with `$changed` says the same. */
  readonly changesOnly?: boolean;
  readonly condition?: string;
  readonly hitCondition?: string;
}

/** A data breakpoint, and what came of it. `id` lasts for the session and differs from those of all other breakpoints. */
export interface DataBreakpoint {
  readonly id: number;
  readonly dataId: string;
  readonly verified: boolean;
  /** Why it is not verified, or what it does not see. */
  readonly message?: string;
  /** Only a program that is launched for it can be watched, and this one has not been. */
  readonly needsRestart?: true;
  /** What it watched is no more. */
  readonly isOver?: true;
}

/** A frame as a user sees it. */
export interface Frame {
  /** Number of the frame at this stop, from 0 (innermost). */
  readonly index: number;
  readonly stop: StopNumber;
  readonly name: string;
  readonly kind: "source" | "no-source" | "host";
  readonly position?: {
    readonly source: SourceFile;
    readonly line: number;
    readonly column: number | undefined;
  };
  /** Index in the target's frames, of which one may stand for several of these; `index`, where it is absent. */
  readonly targetFrame?: number;
  /** Which of the frames that one Wasm frame stands for this is: 0, or absent, is the innermost. */
  readonly inlineDepth?: number;
  /** Set for a call that was inlined: there is no such frame in the machine. */
  readonly isInlined?: boolean;
  /** Whether its code is not the user's own. */
  readonly isLibrary?: boolean;
  /** Number of its module, from 1; absent where there is one module. */
  readonly module?: number;
  /** For wasm frames. */
  readonly point?: { readonly function: FuncIndex; readonly offset: ModuleOffset };
}

/** Why the program stands still, as a user understands it. For one stop. */
export type StopDescription =
  | { readonly kind: "entry" }
  | {
      readonly kind: "breakpoint";
      readonly breakpoints: readonly number[];
      /** Whether all of them are on the instruction itself. */
      readonly onInstruction?: boolean;
      /** Whether all of them are on functions. */
      readonly onFunction?: boolean;
      /** Sentences about conditions that failed. */
      readonly problems?: readonly string[];
    }
  | {
      readonly kind: "data";
      readonly breakpoints: readonly number[];
      /** What was written, from what to what: `counter changed from 1 to 2`. */
      readonly text: string;
      /** Sentences about conditions that failed. */
      readonly problems?: readonly string[];
    }
  | { readonly kind: "step" }
  | { readonly kind: "pause" }
  | {
      readonly kind: "trap";
      readonly trap: TrapKind;
      readonly message: string;
      readonly alive: boolean;
      /** What the program does there by itself, where that is known: `message` then says why. */
      readonly givesUp?: "panic" | "abort";
    }
  | {
      readonly kind: "exception";
      readonly message: string;
      /** How it came to this; without it, an exception has left the program that nobody caught. */
      readonly how?: "thrown" | "rethrown" | "uncaught" | "exit";
      /** Whether the program stands there with all its frames; else it has been unwound. */
      readonly alive?: boolean;
      /** Of the object that is thrown. */
      readonly typeName?: string;
      /** An expression for it. */
      readonly object?: string;
    };

/** What happens to a guest, in order. Listeners must not throw. */
export interface DebuggerEvents {
  stopped(stop: { readonly number: StopNumber; readonly description: StopDescription }): void;
  /** The guest runs again: after every resume, before anything it causes. */
  continued(): void;
  output(output: TargetOutput): void;
  breakpointChanged(breakpoint: Breakpoint): void;
  exited(exit: Exit): void;
  /** Something has become of a data breakpoint: what it watched is no more. */
  dataBreakpointChanged?(breakpoint: DataBreakpoint): void;
  /** A breakpoint says something instead of stopping; in order with the output. */
  logged?(message: LoggedMessage): void;
  /** A user has changed the guest's memory, by assigning to a variable or by writing bytes. */
  memoryChanged?(change: MemoryChange): void;
}

/** What a breakpoint with a log message says, without a line break at its end, and where it is. */
export interface LoggedMessage {
  readonly text: string;
  readonly source?: SourceFile;
  /** 0-based. */
  readonly line: number;
}

/**
 * What can end a guest, or a function of it, and be stopped at before: a kind of trap, of which those that a runtime makes
 * on purpose (`panic`, `abort`) are apart; an exception that nobody catches; one that is thrown, or thrown again, whoever
 * catches it; an end with a status that is not 0.
 */
export type ExceptionFilter = TrapKind | "panic" | "abort" | "exception" | "thrown" | "rethrown" | "exit";

/** One of them that is to stop the guest. */
export interface ExceptionRequest {
  readonly filter: ExceptionFilter;
  /**
   * Which of them are meant. Of exceptions: names of their types, as functions are named in breakpoints, with commas
   * between them. Of ends: a status, as hits are counted: `3`, `> 100`. Of panics and aborts: part of their message, or a
   * regular expression between slashes. For traps there is none.
   */
  readonly condition?: string;
}

/** Which calls a step goes into or leaves. */
export type StepKind = "over" | "in" | "out";

/** How far a step goes: to another line, or to the next place where the guest can be stopped. */
export type StepGranularity = "line" | "instruction";

/** A part of the guest's memory that has been written to from outside of it. */
export interface MemoryChange {
  /** Index of the memory. */
  readonly memory: number;
  readonly address: MemoryAddress;
  /** Bytes. */
  readonly length: number;
}

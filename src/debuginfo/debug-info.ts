import type { FuncIndex, LineKey, ModuleOffset } from "../base/brand.ts";

/**
 * What is known about the source of one module, whatever told it (DWARF, a source map, names, nothing).
 *
 * Lines and columns are 0-based from here up. Everything is decoded on first need and kept for the session.
 * A broken section costs what it describes, never the session: it is in `problems`.
 */
export interface DebugInfo {
  readonly status: DebugInfoStatus;
  /** Sentences for the user about what could not be read, as they turn up. */
  readonly problems: readonly string[];

  /** Every source file that has at least one line with code. */
  sources(): readonly SourceFile[];

  /**
   * Where a guest may be stopped: one program point per statement of functions with debug info, in rising order.
   * Rows with line 0, rows before the end of a function's prologue (when it is marked) and rows of dropped
   * functions are not among them. Points may lie a few bytes before an instruction; engines slip them forward.
   */
  statements(): StatementColumns;

  /** Finds out what the first breakpoint asks of all functions, for who has time for it before. Absent where that is nothing. */
  prepareBreakpoints?(): void;

  /**
   * Program points for a breakpoint on `line` (0-based) of `source`: all copies (inlined, template instances).
   * A line without code moves to the next line that has some in the same function (or, outside any function,
   * to nothing). `undefined` when there is none; `line` in the answer is the line taken. With `column` (0-based), on a
   * line with code, those of the statement that begins there or next behind it on the line, or else of its last one.
   */
  resolveLine(source: SourceFile, line: number, column?: number): ResolvedLine | undefined;

  /** Lines of `source` from `firstLine` to `lastLine` inclusive that a breakpoint can take as they are. */
  linesWithCode(source: SourceFile, firstLine: number, lastLine: number): readonly number[];

  /** Where statements of those lines begin, by line and column: what breakpoints can take as it is. */
  positionsWithCode?(source: SourceFile, firstLine: number, lastLine: number): readonly LineColumn[];

  /** The statement a program point belongs to; `undefined` where there is no line (line 0, no debug info). */
  locate(offset: ModuleOffset): SourcePosition | undefined;

  /** The key of the line a program point belongs to; 0 where there is none. Two points have one key when "step to another line" must not stop between them. */
  lineKeyAt(offset: ModuleOffset): LineKey;

  /** The function whose body holds `offset`. Always answers for an offset inside a body, with names from the best source there is. */
  functionAt(offset: ModuleOffset): FunctionInfo | undefined;

  /**
   * The calls that were inlined into the function at `offset`; `undefined` where there are none, or none is known of. Absent
   * where nothing could know of any.
   */
  inlinedCalls?(offset: ModuleOffset): InlinedCalls | undefined;

  /**
   * The functions into which calls were inlined of functions whose own names have `hint` in them; without, of any.
   */
  functionsInlining?(hint?: string): Iterable<FunctionInfo>;

  /**
   * Every function with a body, with the names it has besides its own: in the name section and as an export. With `hint`
   * those may be left out of which it is known that no name has it in it.
   */
  functions?(hint?: string): Iterable<NamedFunction>;

  /** How the stack pointer moves in the function at `offset`; see `StackShape`. */
  stackShape(func: FuncIndex): StackShape;

  /** Index of the C stack pointer among the module's globals, if it keeps one. */
  readonly stackPointerGlobal: number | undefined;

  /**
   * Since when the operand at `index` of a function's stack, from its bottom, has been there as the instruction at `offset`
   * begins: the offset behind the instruction that put it there. `undefined` where the stack is not that deep.
   */
  operandSince?(offset: ModuleOffset, index: number): ModuleOffset | undefined;

  /**
   * Whether a local has been given to another variable between two places of a function: it is written there, and some variable
   * is in it from that instruction on. Compilers go on saying that the one before is in it.
   */
  isGivenAway?(local: number, since: ModuleOffset, offset: ModuleOffset): boolean;

  /** Whether a local is a parameter that its function never writes, so that it still holds what the caller gave. `offset` lies in the function. */
  isAsGiven?(local: number, offset: ModuleOffset): boolean;

  /** Which slots of Wasm frames hold variables, and where: for engines, which must keep those. Absent where nothing says so. */
  namedSlots?(): NamedSlotColumns;
}

/** Slots of Wasm frames that debug info finds variables in, rising by `begin`; a row holds at `begin` ≤ `ModuleOffset` < `end`. */
export interface NamedSlotColumns {
  readonly begin: Uint32Array;
  readonly end: Uint32Array;
  /** 1 for a slot of the operand stack, 0 for a local. */
  readonly isOperand: Uint8Array;
  /** Of the local, params first; of the operand, from the bottom of its frame's stack. */
  readonly index: Uint32Array;
}

/** Where what is known of a module's source comes from, or why there is nothing. */
export type DebugInfoStatus =
  | { readonly kind: "dwarf"; readonly versions: readonly number[]; readonly units: number }
  | { readonly kind: "source-map" }
  /** `reason`: why there is no more, where more was to be expected. */
  | { readonly kind: "names"; readonly reason?: string }
  /** `reason`: sentences that say why and what to do; `cause`: why in a few words, `wasm-opt emptied the line table`. */
  | { readonly kind: "none"; readonly reason: string; readonly cause?: string };

/** The code of a module as sources: one for each function. */
export interface Listing {
  /** The line of the instruction that `offset` lies in. */
  positionAt(offset: ModuleOffset): SourcePosition | undefined;
  /** The source that a path means, also one from before the module was built anew. */
  findSource(path: string): SourceFile | undefined;
  /** As `DebugInfo.resolveLine`. */
  resolveLine(source: SourceFile, line: number): ResolvedLine | undefined;
}

/** A source file as the debug info names it. One object per distinct file for the whole session. */
export interface SourceFile {
  /** Number of the file in this module, from 0. */
  readonly id: number;
  /** Joined from compilation directory, include directory and name, `.` and `..` resolved, separators as given; absolute or relative. */
  readonly path: string;
  /** Text embedded in the debug info. */
  readonly text?: () => string | undefined;
  /** 32 hex digits. */
  readonly md5?: string;
  /** Whether it is no source but the module's code as text, which is nowhere but in `text`. */
  readonly isListing?: true;
  /** One line of a listing, 0-based, for whom the whole of it would be too much. */
  readonly lineText?: (line: number) => string | undefined;
}

/** A place in a source. */
export interface SourcePosition {
  readonly source: SourceFile;
  /** 0-based. */
  readonly line: number;
  /** 0-based; `undefined` when only the line is known. */
  readonly column: number | undefined;
}

/** One entry per statement. */
export interface StatementColumns {
  /** ModuleOffset, rising, no duplicates. */
  readonly offset: Uint32Array;
  /** LineKey. */
  readonly line: Uint32Array;
}

/** Where a statement begins, 0-based. */
export interface LineColumn {
  readonly line: number;
  /** `undefined` when only the line is known. */
  readonly column: number | undefined;
}

/** Where a breakpoint on a line went: the line that was taken, and all places in the code that stand for it. */
export interface ResolvedLine {
  /** The line taken, 0-based. */
  readonly line: number;
  /** The column taken, 0-based, where one was asked for and is known. */
  readonly column?: number;
  readonly points: readonly ModuleOffset[];
}

/** A function of the module, as its debug info or its names have it. For the session. */
export interface FunctionInfo {
  readonly index: FuncIndex;
  /** As a user of the language would write it: `main`, `shapes::area(Circle const&)`. */
  readonly name: string;
  /** What the linker knows it by, where that is another, mangled: `_ZN6shapes4areaERK6Circle`. */
  readonly linkerName?: string | undefined;
  /** First byte of the body (its local declarations), and one past the last. */
  readonly from: ModuleOffset;
  readonly to: ModuleOffset;
  /** Whether it has statements of its own. */
  readonly hasLines: boolean;
  /** Row in DWARF: unit and DIE offset, for whoever reads scopes. */
  readonly die?: { readonly unit: number; readonly offset: number } | undefined;
}

/** The calls that were inlined into one function: their code is part of its body. For the session. */
export interface InlinedCalls {
  /** Those around others before them. */
  readonly calls: readonly InlinedCall[];
  /** Index of the innermost call whose code holds `offset`; −1 where the code is the function's own. */
  callAt(offset: ModuleOffset): number;
}

/** A call that is no call any more: the code of what was called stands in its place. */
export interface InlinedCall {
  /** Index of the call that it was made in; −1 for the function itself. */
  readonly parent: number;
  /** Of what was called, as a user of the language would write it. */
  readonly name: string;
  /** Where it was called; `undefined` where that is not said. */
  readonly position: SourcePosition | undefined;
  /** The key of the line it was called on; 0 where that is not said. */
  readonly line: LineKey;
  /** Where its code begins, and behind its end; other code may lie between. */
  readonly from: ModuleOffset;
  readonly to: ModuleOffset;
}

/** A function, and the names it has besides its own. */
export interface NamedFunction {
  readonly info: FunctionInfo;
  readonly otherNames: readonly string[];
}

/**
 * What a function does to the C stack pointer, found by walking its body.
 *
 * `deltaAt(offset)`: how far below its value at function entry the stack pointer stands before the instruction at
 * `offset` runs; `undefined` where that is not constant (alloca, variable length arrays) or not provable.
 * `localDelta(local, offset)`: the same for a local that holds `entry − n` at `offset`.
 * `fixed`: after its prologue the function keeps one delta, > 0, in which it makes all its calls, so its frames
 * have distinct stack pointers.
 */
export interface StackShape {
  readonly fixed: boolean;
  /** Set where the function calls nothing (tail calls aside), so that no frame of it lies below another. */
  readonly leaf?: boolean;
  /** No instruction before this offset can run twice in one frame: where the function's first loop begins, or its end. */
  readonly straightUntil?: ModuleOffset;
  /** Whether no execution can come to `offset`: compilers leave statements behind in such places. */
  isDead?(offset: ModuleOffset): boolean;
  /** Whether a call other than a tail call is made at `from` ≤ offset < `to`; absent where that is not known. */
  hasCallWithin?(from: ModuleOffset, to: ModuleOffset): boolean;
  /** Whether a loop begins at `from` ≤ offset < `to`; absent where that is not known. */
  loopBeginsWithin?(from: ModuleOffset, to: ModuleOffset): boolean;
  deltaAt(offset: ModuleOffset): number | undefined;
  localDelta(local: number, offset: ModuleOffset): number | undefined;
}

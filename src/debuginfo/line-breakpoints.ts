import { lowerBound, upperBound } from "../base/binary-search.ts";
import {
  type DefinedFuncIndex,
  type ModuleOffset,
  toDefinedFuncIndex,
  toModuleOffset,
} from "../base/brand.ts";
import { once } from "../base/once.ts";
import { type CodeSection, findBodyAt } from "../wasm/sections/code.ts";
import type { CallLine } from "./call-lines.ts";
import type { LineColumn, ResolvedLine } from "./debug-info.ts";
import { type FunctionLines, measureFunctions } from "./function-lines.ts";
import type { LineTable } from "./line-table.ts";
import type { Statements } from "./statements.ts";

/** The line on which a function's declaration begins, 0-based, when that is known; asked rarely. */
export type DeclarationLine = (body: DefinedFuncIndex) => number | undefined;

/** Which of the calls inlined into a function an offset is in, by any number; −1 for the function itself. */
export type InlinedCallAt = (offset: ModuleOffset) => number;

/** The calls inlined into a function; none where nothing says so. Asked where a line has no statements of its own. */
export type CallLines = (body: DefinedFuncIndex) => readonly CallLine[];

const unknownCall = -2;

/**
 * Where breakpoints on source lines go.
 *
 * In each function that has statements of the line, the first of them in code order is a location, and so it is in each call
 * that was inlined. Where the line has code in several places of one of these, each further place is a location only if it
 * begins at the same column as the first: then it is a copy of the same statement (an unrolled loop, the end of a scope left
 * in several ways). Otherwise it is another part of the line, such as the `i++` of a `for`, which runs because
 * the line already ran once: so a breakpoint on a loop's head stops when the loop begins and not at every turn.
 *
 * A line that holds nothing but calls that were inlined has no statement. Its locations are where the code of these begins,
 * to which a guest comes standing on the line.
 */
export class LineBreakpoints {
  readonly #table: LineTable;
  readonly #statements: Statements;
  readonly #code: CodeSection;
  readonly #declarationLine: DeclarationLine;
  readonly #bySource = new Map<number, SourceStatements>();
  readonly #functions: () => FunctionLines;
  readonly #callAt: InlinedCallAt;
  readonly #callLines: CallLines;

  constructor(
    table: LineTable,
    statements: Statements,
    code: CodeSection,
    declarationLine: DeclarationLine,
    callAt: InlinedCallAt = () => -1,
    callLines: CallLines = () => [],
  ) {
    this.#callAt = callAt;
    this.#callLines = callLines;
    this.#table = table;
    this.#statements = statements;
    this.#code = code;
    this.#declarationLine = declarationLine;
    this.#functions = once(() => measureFunctions(table, code));
  }

  /** As `DebugInfo.resolveLine`. */
  resolve(source: number, line: number, column?: number): ResolvedLine | undefined {
    const statements = this.#ofLine(source, line);
    if (column !== undefined && statements.length > 0) {
      const [at, points] = this.#atColumn(statements, column);
      return { line, points, ...(at === undefined ? {} : { column: at }) };
    }
    const calls = statements.length > 0 ? [] : this.#callsOn(source, line);
    if (calls.length > 0) return atCalls(calls, line, column);
    const taken = statements.length > 0 ? line : this.#nextLine(source, line);
    if (taken === undefined) return undefined;
    const there = this.#ofLine(source, taken);
    if (there.length > 0) return { line: taken, points: this.#locations(there) };
    return atCalls(this.#callsOn(source, taken), taken, undefined);
  }

  /** As `DebugInfo.linesWithCode`. */
  lines(source: number, firstLine: number, lastLine: number): readonly number[] {
    const base = this.#table.keys.rangeOf(source).from;
    const { key } = this.#ofSource(source);
    const found = key.subarray(lowerBound(key, base + firstLine), upperBound(key, base + lastLine));
    const lines = new Set(Array.from(found, (of) => of - base));
    for (const { line } of this.#callsBetween(source, firstLine, lastLine)) {
      // More functions lie around many lines than around the one: a breakpoint looks at the latter.
      if (!lines.has(line) && this.#callsOn(source, line).length > 0) lines.add(line);
    }
    return [...lines].sort((a, b) => a - b);
  }

  /** As `DebugInfo.positionsWithCode`. */
  positions(source: number, firstLine: number, lastLine: number): readonly LineColumn[] {
    const calls = this.#callsBetween(source, firstLine, lastLine);
    return this.lines(source, firstLine, lastLine).flatMap((line) => {
      const statements = this.#ofLine(source, line);
      const columns = new Set(
        statements.length > 0
          ? Array.from(statements, (statement) => this.#columnOf(statement))
          : calls.filter((call) => call.line === line).map(({ column }) => column),
      );
      return [...columns]
        .sort((a, b) => (a ?? -1) - (b ?? -1))
        .map((column): LineColumn => ({ line, column }));
    });
  }

  #callsOn(source: number, line: number): readonly CallLine[] {
    return this.#callsBetween(source, line, line);
  }

  /** The inlined calls made on lines of a source, of functions that have code of these lines or of the ones next to them. */
  #callsBetween(source: number, firstLine: number, lastLine: number): readonly CallLine[] {
    const { key, statement } = this.#ofSource(source);
    const base = this.#table.keys.rangeOf(source).from;
    const from = lowerBound(key, base + firstLine);
    const to = upperBound(key, base + lastLine);
    const before = from > 0 ? lowerBound(key, key[from - 1] as number) : from;
    const behind = to < key.length ? upperBound(key, key[to] as number) : to;
    const bodies = new Set(this.#functionsAround(source, firstLine).map(({ body }) => body));
    for (let at = before; at < behind; at++) {
      const body = this.#bodyOf(statement[at] as number);
      if (body !== undefined) bodies.add(body);
    }
    return [...bodies]
      .flatMap((body) => this.#callLines(body))
      .filter((call) => call.source === source && call.line >= firstLine && call.line <= lastLine);
  }

  /** 0-based; `undefined` where it is not known. */
  #columnOf(statement: number): number | undefined {
    const column = this.#table.column[this.#statements.row[statement] as number] ?? 0;
    return column === 0 ? undefined : column - 1;
  }

  /** The statements of a line that begin at the first column from `asked` on, or else at its last. */
  #atColumn(ofLine: Uint32Array, asked: number): [number | undefined, ModuleOffset[]] {
    const columns = Array.from(ofLine, (statement) => this.#columnOf(statement));
    const known = columns.filter((column) => column !== undefined);
    const behind = known.filter((column) => column >= asked);
    const taken = behind.length > 0 ? Math.min(...behind) : known.length > 0 ? Math.max(...known) : undefined;
    const points = [...ofLine]
      .filter((_, at) => columns[at] === taken)
      .map((statement) => toModuleOffset(this.#statements.offset[statement] as number));
    return [taken, points];
  }

  #ofSource(source: number): SourceStatements {
    let known = this.#bySource.get(source);
    if (!known) {
      known = sortByLine(this.#statements, this.#table.keys.rangeOf(source));
      this.#bySource.set(source, known);
    }
    return known;
  }

  /** Statements of one line, in code order. */
  #ofLine(source: number, line: number): Uint32Array {
    const wanted = this.#table.keys.rangeOf(source).from + line;
    const { key, statement } = this.#ofSource(source);
    return line < 0
      ? new Uint32Array(0)
      : statement.subarray(lowerBound(key, wanted), upperBound(key, wanted));
  }

  #bodyOf(statement: number): DefinedFuncIndex | undefined {
    return findBodyAt(this.#code, toModuleOffset(this.#statements.offset[statement] as number));
  }

  /** Of the statements of one line, those a breakpoint stops at. */
  #locations(ofLine: Uint32Array): ModuleOffset[] {
    const locations: ModuleOffset[] = [];
    let body: DefinedFuncIndex | undefined;
    let previous = -2;
    let first = toModuleOffset(0);
    /** Of the function at hand: the column that the line's code begins at, by the inlined call it is in. */
    const columns = new Map<number, number | undefined>();
    for (const statement of ofLine) {
      const here = this.#bodyOf(statement);
      const offset = toModuleOffset(this.#statements.offset[statement] as number);
      const column = this.#table.column[this.#statements.row[statement] as number];
      if (here !== body) {
        columns.clear();
        columns.set(unknownCall, column);
        first = offset;
        locations.push(offset);
      } else if (statement !== previous + 1) {
        // Only now does it matter which calls these are: to know that takes reading more than lines.
        if (columns.has(unknownCall)) {
          columns.set(this.#callAt(first), columns.get(unknownCall));
          columns.delete(unknownCall);
        }
        const call = this.#callAt(offset);
        if (!columns.has(call)) columns.set(call, column);
        if (columns.get(call) === column) locations.push(offset);
      }
      body = here;
      previous = statement;
    }
    return locations;
  }

  /** The line that a breakpoint on a line without code moves to, within the function that the line is in. */
  #nextLine(source: number, line: number): number | undefined {
    const functions = this.#functionsAround(source, line);
    const opening = functions.find(({ opensOn }) => opensOn >= line);
    if (opening) return this.#firstLineOf(source, opening.body);
    let next: number | undefined;
    for (const { body } of functions) {
      const calling = this.#callLines(body).filter((call) => call.isOwn && call.source === source);
      const candidates = [...this.#linesOf(source, body), ...calling.map((call) => call.line)];
      for (const candidate of candidates) {
        if (candidate > line && (next === undefined || candidate < next)) next = candidate;
      }
    }
    return next;
  }

  /** The functions that a line lies in: of those around it the ones that open last, since functions nest. */
  #functionsAround(source: number, line: number): readonly { body: DefinedFuncIndex; opensOn: number }[] {
    const { body, source: sources, first, last } = this.#functions();
    const base = this.#table.keys.rangeOf(source).from;
    let around: { body: DefinedFuncIndex; opensOn: number }[] = [];
    let after: { body: DefinedFuncIndex; opensOn: number } | undefined;
    for (let at = 0; at < body.length; at++) {
      if (sources[at] !== source) continue;
      const opensOn = (first[at] as number) - base;
      const found = { body: toDefinedFuncIndex(body[at] as number), opensOn };
      if (opensOn > line) {
        if (after === undefined || opensOn < after.opensOn) after = found;
      } else if ((last[at] as number) - base >= line) {
        const nearest = around[0]?.opensOn ?? -1;
        if (opensOn > nearest) around = [found];
        else if (opensOn === nearest) around.push(found);
      }
    }
    if (around.length > 0 || after === undefined) return around;
    // The head of a function may begin lines above the brace that its code begins with.
    const declared = this.#declarationLine(after.body);
    return declared !== undefined && declared <= line ? [after] : [];
  }

  #firstLineOf(source: number, body: DefinedFuncIndex): number | undefined {
    for (const line of this.#linesOf(source, body)) return line;
    return undefined;
  }

  /** Lines of `source` that a function has statements for, in code order. */
  *#linesOf(source: number, body: DefinedFuncIndex): Generator<number, void, undefined> {
    const { from, to } = this.#table.keys.rangeOf(source);
    const { offset } = this.#statements;
    const end = lowerBound(offset, this.#code.bodyEnds[body] as number);
    for (let at = lowerBound(offset, this.#code.bodyStarts[body] as number); at < end; at++) {
      const key = this.#statements.line[at] as number;
      if (key >= from && key < to) yield key - from;
    }
  }
}

/** Where a breakpoint goes on a line that holds calls alone: to all of them, or to those at the first column from the one asked for on. */
function atCalls(calls: readonly CallLine[], line: number, asked: number | undefined): ResolvedLine {
  const columns = calls.flatMap(({ column }) => column ?? []);
  const behind = columns.filter((column) => column >= (asked ?? 0));
  const taken =
    asked === undefined || columns.length === 0 ? undefined : Math.min(...behind, Math.max(...columns));
  const meant = taken === undefined ? calls : calls.filter(({ column }) => column === taken);
  const points = [...new Set(meant.map(({ offset }) => offset))].sort((a, b) => a - b);
  return { line, points, ...(taken === undefined ? {} : { column: taken }) };
}

/** Statements of one source by line, those of one line in code order. */
interface SourceStatements {
  /** Index in the module's statements. */
  readonly statement: Uint32Array;
  /** LineKey, rising. */
  readonly key: Uint32Array;
}

/** By counting: lines are as many as the file has, and a comparing sort of a large file's statements takes as long as decoding them. */
function sortByLine({ line }: Statements, { from, to }: { from: number; to: number }): SourceStatements {
  const next = new Uint32Array(Math.max(0, to - from) + 1);
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    const of = (line[at] as number) - from;
    if (of < 0 || of >= to - from) continue;
    next[of + 1] = (next[of + 1] as number) + 1;
    count++;
  }
  for (let of = 1; of < next.length; of++) next[of] = (next[of] as number) + (next[of - 1] as number);
  const statement = new Uint32Array(count);
  const key = new Uint32Array(count);
  for (let at = 0; at < line.length; at++) {
    const of = (line[at] as number) - from;
    if (of < 0 || of >= to - from) continue;
    const place = next[of] as number;
    next[of] = place + 1;
    statement[place] = at;
    key[place] = line[at] as number;
  }
  return { statement, key };
}

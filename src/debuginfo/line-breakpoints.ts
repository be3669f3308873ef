import { lowerBound, upperBound } from "../base/binary-search.ts";
import {
  type DefinedFuncIndex,
  type LineKey,
  type ModuleOffset,
  toDefinedFuncIndex,
  toLineKey,
  toModuleOffset,
} from "../base/brand.ts";
import { once } from "../base/once.ts";
import { type CodeSection, findBodyAt } from "../wasm/sections/code.ts";
import { type CallLine, callLinesOf } from "./call-lines.ts";
import type { CodeBlocks } from "./code-blocks.ts";
import type { InlinedCalls, LineColumn, ResolvedLine } from "./debug-info.ts";
import { type FunctionLines, measureFunctions } from "./function-lines.ts";
import { type LinePlace, placesToStop } from "./line-locations.ts";
import type { LineTable } from "./line-table.ts";
import type { Statements } from "./statements.ts";

/** What there is to know of functions besides their lines; asked for those that a breakpoint has to do with. */
export interface FunctionFacts {
  /** The line on which a function's declaration begins, 0-based, when that is known; asked rarely. */
  declarationLine(body: DefinedFuncIndex): number | undefined;
  /** The calls inlined into a function; `undefined` where nothing says so. */
  inlinedCalls(body: DefinedFuncIndex): InlinedCalls | undefined;
  /** Where execution goes in a function. */
  blocks(body: DefinedFuncIndex): CodeBlocks;
}

/** Lines with code that are looked at for one in a function that a line without code is in: functions within it have fewer. */
const mostLinesTried = 200;

/** How many functions' code is remembered. */
const mostFunctions = 200;

/**
 * Where breakpoints on source lines go.
 *
 * A line is at its statements, and where the code begins of what was inlined in place of its calls: to those a guest comes
 * standing on the line, and some lines have nothing else. At which of them it stops: see `placesToStop`.
 */
export class LineBreakpoints {
  readonly #table: LineTable;
  readonly #statements: Statements;
  readonly #code: CodeSection;
  readonly #facts: FunctionFacts;
  readonly #bySource = new Map<number, SourceStatements>();
  readonly #functions: () => FunctionLines;
  readonly #callsByBody = new Map<DefinedFuncIndex, readonly CallLine[]>();
  readonly #blocksByBody = new Map<DefinedFuncIndex, CodeBlocks>();

  constructor(table: LineTable, statements: Statements, code: CodeSection, facts: FunctionFacts) {
    this.#facts = facts;
    this.#table = table;
    this.#statements = statements;
    this.#code = code;
    this.#functions = once(() => measureFunctions(table, code));
  }

  /** As `DebugInfo.prepareBreakpoints`. */
  prepare(): void {
    this.#functions();
  }

  /** As `DebugInfo.resolveLine`. */
  resolve(source: number, line: number, column?: number): ResolvedLine | undefined {
    const statements = this.#ofLine(source, line);
    if (column !== undefined && statements.length > 0) {
      const [at, points] = this.#atColumn(statements, column);
      return { line, points, ...(at === undefined ? {} : { column: at }) };
    }
    const calls = this.#callsOn(source, line);
    if (statements.length === 0 && column !== undefined && calls.length > 0) {
      const at = columnTaken(calls, column);
      const meant = at === undefined ? calls : calls.filter((call) => call.column === at);
      const points = this.#locations(source, line, meant);
      return { line, points, ...(at === undefined ? {} : { column: at }) };
    }
    if (statements.length > 0 || calls.length > 0) return { line, points: this.#locations(source, line) };
    const taken = this.#nextLine(source, line);
    return taken === undefined ? undefined : { line: taken, points: this.#locations(source, taken) };
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
    const column = this.#statements.column[statement] ?? 0;
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

  /** Where a breakpoint on one line stops. */
  #locations(source: number, line: number, calls = this.#callsOn(source, line)): ModuleOffset[] {
    const places = new Map<DefinedFuncIndex, LinePlace[]>();
    const add = (statement: number, place: (body: DefinedFuncIndex) => LinePlace): void => {
      const body = this.#bodyOf(statement);
      if (body === undefined) return;
      const known = places.get(body);
      if (known) known.push(place(body));
      else places.set(body, [place(body)]);
    };
    for (const statement of this.#ofLine(source, line)) {
      const column = this.#statements.column[statement] ?? 0;
      const offset = toModuleOffset(this.#statements.offset[statement] as number);
      add(statement, (body) => {
        const owner = this.#facts.inlinedCalls(body)?.callAt(offset) ?? -1;
        return { kind: "statement", statement, owner, column };
      });
    }
    for (const { offset, parent, column } of calls) {
      const statement = lowerBound(this.#statements.offset, offset);
      add(statement, () => ({ kind: "call", statement, owner: parent, column: (column ?? -1) + 1 }));
    }
    const key = toLineKey(this.#table.keys.rangeOf(source).from + line);
    return [...places].flatMap(([body, inBody]) => this.#stopsIn(body, inBody, key)).sort((a, b) => a - b);
  }

  #stopsIn(body: DefinedFuncIndex, places: readonly LinePlace[], key: LineKey): ModuleOffset[] {
    const from = this.#code.bodyStarts[body] as number;
    const range = { from, to: this.#code.bodyEnds[body] as number };
    const inlined = this.#facts.inlinedCalls(body);
    const blocks = () => this.#blocks(body);
    return placesToStop(places, key, this.#statements, { range, blocks, inlined, lines: this.#table });
  }

  /** Breakpoints come several to a function: those of a client's file are set all at once. */
  #callLines(body: DefinedFuncIndex): readonly CallLine[] {
    let known = this.#callsByBody.get(body);
    if (!known) {
      const calls = this.#facts.inlinedCalls(body);
      const { bodyStarts, bodyEnds } = this.#code;
      const { offset } = this.#statements;
      known = calls ? callLinesOf(calls, offset, bodyStarts[body] as number, bodyEnds[body] as number) : [];
      if (this.#callsByBody.size >= mostFunctions) this.#callsByBody.clear();
      this.#callsByBody.set(body, known);
    }
    return known;
  }

  #blocks(body: DefinedFuncIndex): CodeBlocks {
    let known = this.#blocksByBody.get(body);
    if (!known) {
      known = this.#facts.blocks(body);
      if (this.#blocksByBody.size >= mostFunctions) this.#blocksByBody.clear();
      this.#blocksByBody.set(body, known);
    }
    return known;
  }

  /**
   * The line that a breakpoint on a line without code moves to, within the function that the line is in: the next one that has
   * code of a function that opens on an earlier line. What was inlined is a function of its own here, since its lines may be far
   * away from those of the function whose body holds it.
   */
  #nextLine(source: number, line: number): number | undefined {
    const around = this.#functionsAround(source, line);
    const opening = around.find(({ opensOn }) => opensOn >= line);
    if (opening) return this.#firstLineOf(source, opening.body);
    const { key, statement } = this.#ofSource(source);
    const base = this.#table.keys.rangeOf(source).from;
    const tried = new Set<number>();
    /** Functions, and calls in them, that open on later lines. */
    const later = new Set<string>();
    for (let at = upperBound(key, base + line); at < key.length; at++) {
      const next = (key[at] as number) - base;
      if (tried.add(next).size > mostLinesTried) break;
      const body = this.#bodyOf(statement[at] as number);
      if (body === undefined) continue;
      const call = this.#callAt(body, statement[at] as number);
      if (later.has(`${body} ${call}`)) continue;
      if (this.#opensOn(source, body, call) > line) {
        later.add(`${body} ${call}`);
        continue;
      }
      const calling = this.#callLines(body).filter((one) => one.parent === call && one.source === source);
      return Math.min(next, ...calling.map((one) => one.line).filter((one) => one > line));
    }
    return undefined;
  }

  /** The number of the inlined call that a statement of a function belongs to; −1 where it is the function's own. */
  #callAt(body: DefinedFuncIndex, statement: number): number {
    const offset = toModuleOffset(this.#statements.offset[statement] as number);
    return this.#facts.inlinedCalls(body)?.callAt(offset) ?? -1;
  }

  /** The first line of what is inlined as this call, or (−1) the line that the function itself opens on. */
  #opensOn(source: number, body: DefinedFuncIndex, call: number): number {
    const inlined = this.#facts.inlinedCalls(body);
    if (call === -1 || !inlined) return this.#openingLine(source, body);
    let first = Number.POSITIVE_INFINITY;
    for (const [line, offset] of this.#linesOf(source, body)) {
      if (line < first && inlined.callAt(offset) === call) first = line;
    }
    return first;
  }

  /** The line of a source that a function opens on, which may have no statement: what comes before the prologue's end is none. */
  #openingLine(source: number, body: DefinedFuncIndex): number {
    const { body: bodies, source: sources, first } = this.#functions();
    const at = lowerBound(bodies, body);
    if (bodies[at] === body && sources[at] === source) {
      return (first[at] as number) - this.#table.keys.rangeOf(source).from;
    }
    return this.#firstLineOf(source, body) ?? Number.POSITIVE_INFINITY;
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
    const declared = this.#facts.declarationLine(after.body);
    return declared !== undefined && declared <= line ? [after] : [];
  }

  #firstLineOf(source: number, body: DefinedFuncIndex): number | undefined {
    for (const [line] of this.#linesOf(source, body)) return line;
    return undefined;
  }

  /** Lines of `source` that a function has statements for, with where these are, in code order. */
  *#linesOf(source: number, body: DefinedFuncIndex): Generator<[number, ModuleOffset], void, undefined> {
    const { from, to } = this.#table.keys.rangeOf(source);
    const { offset } = this.#statements;
    const end = lowerBound(offset, this.#code.bodyEnds[body] as number);
    for (let at = lowerBound(offset, this.#code.bodyStarts[body] as number); at < end; at++) {
      const key = this.#statements.line[at] as number;
      if (key >= from && key < to) yield [key - from, toModuleOffset(offset[at] as number)];
    }
  }
}

/** The first column from the one asked for on at which one of the calls is made, or else the last; `undefined` where none is known. */
function columnTaken(calls: readonly CallLine[], asked: number): number | undefined {
  const columns = calls.flatMap(({ column }) => column ?? []);
  const behind = columns.filter((column) => column >= asked);
  return columns.length === 0 ? undefined : Math.min(...behind, Math.max(...columns));
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

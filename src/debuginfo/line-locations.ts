import { type LineKey, type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { CodeBlocks } from "./code-blocks.ts";
import type { InlinedCall, InlinedCalls } from "./debug-info.ts";
import {
  type CodeRange,
  findLineEntries,
  followToLine,
  type LineEntries,
  type LineExits,
  type StatementKind,
} from "./line-entries.ts";
import type { LineTable } from "./line-table.ts";
import type { Statements } from "./statements.ts";

/** A place at which a line is come to. */
export interface LinePlace {
  /** A statement of the line, or the first one of what was inlined where the line calls. */
  readonly kind: "statement" | "call";
  /** Index in the module's statements. */
  readonly statement: number;
  /** Number of the inlined call whose line it is; −1 for the function's own. */
  readonly owner: number;
  /** 0-based column + 1; 0 where it is not known. */
  readonly column: number;
}

/** One function's code. */
export interface LineFunction {
  readonly range: CodeRange;
  readonly blocks: () => CodeBlocks;
  /** Of the module. */
  readonly lines: LineTable;
  readonly inlined: InlinedCalls | undefined;
}

/**
 * Of the places of a line in one function those a breakpoint stops at, rising: so that it stops once whenever the line is run, in
 * the function and in each call that was inlined.
 *
 * Those are the statements that may be the line's first to run, as many ways as there are to it: the compiler copies code
 * into the branches around it. One that the line is come back to is another part of it, such as the `i++` of a `for` or a call
 * whose arguments stand on further lines, which runs because the line already ran: so a breakpoint on a loop's head stops
 * when the loop begins and not at every turn. But it is another copy, and stopped at, if it begins at the column that a first one
 * begins at (the end of a scope left in several ways); or, where none does, if it begins with some part of a first one and what
 * comes behind it is a copy, too (a turn of an unrolled loop).
 *
 * Where nothing is left of a copy but a call that was inlined, it stops where the code of that begins.
 */
export function placesToStop(
  places: readonly LinePlace[],
  key: LineKey,
  statements: Statements,
  code: LineFunction,
): ModuleOffset[] {
  const stops = new Set<number>();
  for (const [owner, own] of byOwner(places)) {
    const view = new OwnersView(owner, key, statements, code);
    for (const stop of stopsOf(own, view)) stops.add(stop);
  }
  return [...stops].sort((a, b) => a - b).map((at) => toModuleOffset(statements.offset[at] as number));
}

function byOwner(places: readonly LinePlace[]): Map<number, LinePlace[]> {
  const owners = new Map<number, LinePlace[]>();
  for (const place of places) {
    const own = owners.get(place.owner);
    if (own) own.push(place);
    else owners.set(place.owner, [place]);
  }
  return owners;
}

function stopsOf(places: readonly LinePlace[], view: OwnersView): readonly number[] {
  const [only, another] = places;
  if (only && !another) return [only.statement];
  const own = places.filter(({ kind }) => kind === "statement");
  if (own.length === 0) return stopsAmong(places, view);
  const stops = stopsAmong(own, view);
  if (own.length === places.length) return stops;
  const ofLine = new Set(own.map(({ statement }) => statement));
  const alone = stopsAmong(places, view).filter((at) => !ofLine.has(at) && isAlone(at, ofLine, view));
  return [...stops, ...alone];
}

/** Whether a call is all there is of a copy of the line: compilers mix its code with that of other lines, too. */
function isAlone(call: number, ofLine: ReadonlySet<number>, view: OwnersView): boolean {
  const { staying, returning, elsewhere } = view.follow(call, ofLine);
  const isOfAnother = (at: number) => view.hasCopyOf(elsewhere, view.follow(at, ofLine));
  return staying.size === 0 && [...returning].every(isOfAnother);
}

function stopsAmong(places: readonly LinePlace[], view: OwnersView): readonly number[] {
  const all = new Map(places.map((place) => [place.statement, place]));
  const { first, again } = view.entries(all);
  // No execution comes to code that the debug info is wrong about, or that could not be read.
  const begin = first.length > 0 ? first : places.slice(0, 1).map(({ statement }) => statement);
  const beginning = new Map<number | undefined, Set<number>>();
  for (const at of begin) {
    const column = all.get(at)?.column;
    beginning.set(column, (beginning.get(column) ?? new Set()).add(at));
  }
  const alike = (at: number) => beginning.get(all.get(at)?.column) ?? none;
  // Where two ways to the line have met on it, one of them has been at such a statement before.
  const isMet = (at: number): boolean => {
    if (alike(at).size < 2) return false;
    const { staying, leaves } = view.follow(at, alike(at));
    return staying.size > 0 && !staying.has(at) && !leaves;
  };
  const others = again.filter((at) => !begin.includes(at));
  const sameColumn = others.filter((at) => all.get(at)?.kind === "statement" && alike(at).size > 0);
  const columns = new Set(begin.flatMap((at) => view.columnsFrom(at)));
  const copies = new Copies(all, view);
  const isCopy = (at: number): boolean => {
    const { kind, column = 0 } = all.get(at) ?? {};
    return (kind === "call" || columns.has(column)) && copies.isCopy(at);
  };
  return [
    ...begin.filter((at) => !isMet(at)),
    ...(sameColumn.length > 0 ? sameColumn : others.filter(isCopy)),
  ];
}

const none: ReadonlySet<number> = new Set();

/** More places than compilers make of one line by unrolling. */
const mostPlaces = 200;

/**
 * Tells another copy of a line from another part of it by what comes behind: behind a copy come copies of other lines, too, and
 * not the statements that came behind the line before. A call behind a statement of its line tells nothing: compilers do some of
 * what was inlined later than the rest of its line.
 */
class Copies {
  readonly #places: ReadonlyMap<number, LinePlace>;
  readonly #view: OwnersView;
  readonly #exits = once(() => this.#follow());

  constructor(places: ReadonlyMap<number, LinePlace>, view: OwnersView) {
    this.#places = places;
    this.#view = view;
  }

  isCopy(statement: number): boolean {
    const exits = this.#exits();
    const behind = exits.get(statement);
    if (!behind) return false;
    const kindOf = (at: number) => this.#places.get(at)?.kind;
    for (const [other, before] of exits) {
      if (other === statement || !before.returning.has(statement) || kindOf(other) !== kindOf(statement))
        continue;
      if (this.#view.hasCopyOf(before.elsewhere, behind)) return true;
    }
    return false;
  }

  #follow(): ReadonlyMap<number, LineExits> {
    if (this.#places.size > mostPlaces) return new Map();
    return new Map([...this.#places.keys()].map((at) => [at, this.#view.follow(at, this.#places)]));
  }
}

/** A function's statements as who owns the line sees them. */
class OwnersView {
  readonly #owner: number;
  readonly #key: LineKey;
  readonly #statements: Statements;
  readonly #code: LineFunction;
  readonly #range: CodeRange;

  constructor(owner: number, key: LineKey, statements: Statements, code: LineFunction) {
    this.#owner = owner;
    this.#key = key;
    this.#statements = statements;
    this.#code = code;
    this.#range = code.inlined?.calls[owner] ?? code.range;
  }

  /** How execution comes to `places`. */
  entries(places: Statementwise): LineEntries {
    const kindOf = (at: number) => this.#kindOf(at, places);
    return findLineEntries(this.#code.blocks(), this.#range, this.#statements.offset, kindOf);
  }

  /** Where execution goes from a statement until it comes to one of `places`. */
  follow(statement: number, places: Statementwise): LineExits {
    const kindOf = (at: number) => this.#kindOf(at, places);
    return followToLine(statement, this.#code.blocks(), this.#range, this.#statements.offset, kindOf);
  }

  /** The columns of the code from a statement on, as far as its line goes in code order. */
  columnsFrom(statement: number): number[] {
    const { line, column } = this.#code.lines;
    const columns: number[] = [];
    for (let row = this.#statements.row[statement] ?? line.length; row < line.length; row++) {
      if (line[row] === this.#key) columns.push(column[row] as number);
      else if (line[row] !== 0) break;
    }
    return columns;
  }

  /** Whether execution goes on with a copy of one of `statements`, and comes to none of its others before the line. */
  hasCopyOf(statements: ReadonlySet<number>, { next, elsewhere }: LineExits): boolean {
    const shared = new Set<string>();
    const copied = new Set<string>();
    for (const at of statements) (elsewhere.has(at) ? shared : copied).add(this.#nameOf(at));
    return [...next].some((at) => copied.has(this.#nameOf(at)) && !shared.has(this.#nameOf(at)));
  }

  /** The same for all copies of a statement that stand in one function or inlined call. */
  #nameOf(statement: number): string {
    const { line, column } = this.#statements;
    return `${this.#callAt(statement)} ${line[statement]} ${column[statement]}`;
  }

  #kindOf(statement: number, places: Statementwise): StatementKind {
    if (places.has(statement)) return "of-line";
    const call = this.#callAt(statement);
    const line = call === this.#owner ? this.#lineOf(statement) : this.#madeByOwner(call)?.line;
    return line === this.#key ? "between" : "elsewhere";
  }

  /** Source maps do not tell of calls that were inlined, but of the line around them. */
  #lineOf(statement: number): number | undefined {
    const { line, stepLine = line } = this.#code.lines;
    return stepLine[this.#statements.row[statement] as number];
  }

  #callAt(statement: number): number {
    const offset = toModuleOffset(this.#statements.offset[statement] as number);
    return this.#code.inlined?.callAt(offset) ?? -1;
  }

  /** The call that was made by the owner, and that `call` is or was made in; `undefined` where there is none. */
  #madeByOwner(call: number): InlinedCall | undefined {
    let made = this.#code.inlined?.calls[call];
    while (made && made.parent !== this.#owner) made = this.#code.inlined?.calls[made.parent];
    return made;
  }
}

/** By index of a statement. */
interface Statementwise {
  has(statement: number): boolean;
}

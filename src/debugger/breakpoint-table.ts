import type { ModuleOffset } from "../base/brand.ts";
import { pathKey } from "../base/path-text.ts";
import type { PlacedLocation } from "../target/target.ts";
import type { Resolution } from "./breakpoint-resolution.ts";
import type { Breakpoint, BreakpointBehaviour, BreakpointRequest } from "./debugger-types.ts";

/** What was asked for: a line, or a function by its name. */
export type AskedBreakpoint = BreakpointRequest & { readonly name?: string };

/** What stands for the source of breakpoints on functions. */
export const onFunctions = "";

/** One breakpoint of the table: what was asked and where it resolved. */
export interface TableEntry {
  readonly id: number;
  readonly path: string;
  readonly request: AskedBreakpoint;
  readonly resolution: Resolution;
}

/**
 * All breakpoints of a session, by the source they were asked for in. Never changes: an edit makes another table,
 * which takes this one's place once the target has accepted its points.
 */
export class BreakpointTable {
  readonly #bySource: ReadonlyMap<string, readonly TableEntry[]>;
  /** What the target made of each point. */
  readonly #placed: ReadonlyMap<ModuleOffset, PlacedLocation>;
  /** Why breakpoints that the target has taken can never stop, by id. */
  readonly #problems: ReadonlyMap<number, string>;

  constructor(
    bySource: ReadonlyMap<string, readonly TableEntry[]> = new Map(),
    placed: ReadonlyMap<ModuleOffset, PlacedLocation> = new Map(),
    problems: ReadonlyMap<number, string> = new Map(),
  ) {
    this.#bySource = bySource;
    this.#placed = placed;
    this.#problems = problems;
  }

  /** Breakpoints of which some point is among these. */
  wanting(points: readonly ModuleOffset[]): readonly TableEntry[] {
    const wanted = new Set(points);
    return [...this.#entries()].filter(
      ({ resolution }) =>
        resolution.kind === "resolved" && resolution.points.some((point) => wanted.has(point)),
    );
  }

  /** Breakpoints that are at a place where the guest has stopped. */
  entriesAt(point: ModuleOffset): readonly TableEntry[] {
    return [...this.#entries()].filter(
      ({ resolution }) =>
        resolution.kind === "resolved" && resolution.points.some((wanted) => this.#isAt(wanted, point)),
    );
  }

  /** Every program point that some breakpoint wants, rising. */
  get points(): readonly ModuleOffset[] {
    const points = new Set<ModuleOffset>();
    for (const { resolution } of this.#entries()) {
      if (resolution.kind === "resolved") for (const point of resolution.points) points.add(point);
    }
    return [...points].sort((a, b) => a - b);
  }

  /** Breakpoints of one source, in the order asked. */
  of(path: string): readonly Breakpoint[] {
    return (this.#bySource.get(pathKey(path)) ?? []).map((entry) => this.#answer(entry));
  }

  /** Breakpoints of all sources. */
  all(): readonly Breakpoint[] {
    return [...this.#entries()].map((entry) => this.#answer(entry));
  }

  /** Ids of the breakpoints that are at a place where the guest has stopped. */
  idsAt(point: ModuleOffset): readonly number[] {
    const ids: number[] = [];
    for (const { id, resolution } of this.#entries()) {
      if (resolution.kind !== "resolved") continue;
      if (resolution.points.some((wanted) => this.#isAt(wanted, point))) ids.push(id);
    }
    return ids;
  }

  /**
   * The table with other breakpoints in one source; where they go is not known to the target yet.
   *
   * A breakpoint keeps its id while the same is asked for again; of several on one line the first
   * keeps the first's, and so on. `newId` numbers the others.
   */
  replace(
    path: string,
    requests: readonly AskedBreakpoint[],
    resolve: (request: AskedBreakpoint) => Resolution,
    newId: () => number,
  ): BreakpointTable {
    const before = [...(this.#bySource.get(pathKey(path)) ?? [])];
    const entries = requests.map((request): TableEntry => {
      const known = before.findIndex((entry) => isSame(entry.request, request));
      const id = known < 0 ? newId() : (before.splice(known, 1)[0]?.id ?? newId());
      return { id, path, request: asked(request), resolution: resolve(request) };
    });
    const bySource = new Map(this.#bySource);
    if (entries.length === 0) bySource.delete(pathKey(path));
    else bySource.set(pathKey(path), entries);
    return new BreakpointTable(bySource, this.#placed, this.#problems);
  }

  /** The table with the target's answers for its points. */
  withPlaced(
    answers: readonly PlacedLocation[],
    problems: ReadonlyMap<number, string> = new Map(),
  ): BreakpointTable {
    const placed = new Map<ModuleOffset, PlacedLocation>();
    for (const [index, point] of this.points.entries()) {
      const answer = answers[index];
      if (answer) placed.set(point, answer);
    }
    return new BreakpointTable(this.#bySource, placed, problems);
  }

  *#entries(): Generator<TableEntry, void, undefined> {
    for (const entries of this.#bySource.values()) yield* entries;
  }

  #isAt(wanted: ModuleOffset, point: ModuleOffset): boolean {
    const placed = this.#placed.get(wanted);
    return wanted === point || (placed?.kind === "placed" && placed.point === point);
  }

  #answer({ id, path, request, resolution }: TableEntry): Breakpoint {
    const { source } = resolution;
    const asked = { id, path, request, ...(source ? { source } : {}) };
    if (resolution.kind === "unresolved") {
      return { ...asked, verified: false, line: request.line, message: resolution.message };
    }
    const answers = resolution.points.map((point) => this.#placed.get(point));
    if (!answers.some((answer) => answer?.kind === "placed")) {
      const refused = answers.find((answer) => answer?.kind === "refused");
      const message = refused?.kind === "refused" ? refused.reason : notSet;
      return { ...asked, verified: false, line: request.line, message };
    }
    const { line, column } = resolution;
    const at = { line, ...(column === undefined ? {} : { column }) };
    const problem = this.#problems.get(id);
    if (problem !== undefined) return { ...asked, verified: false, ...at, message: problem };
    const { note } = resolution;
    if (note !== undefined) return { ...asked, verified: true, ...at, message: note };
    if (line === request.line || request.name !== undefined) return { ...asked, verified: true, ...at };
    const message = `Line ${request.line + 1} has no code of its own: moved to line ${line + 1}.`;
    return { ...asked, verified: true, ...at, message };
  }
}

/** Only what belongs to a request: a caller's objects may carry more. */
function asked(request: AskedBreakpoint): AskedBreakpoint {
  const { line, column, name, condition, hitCondition, logMessage } = request;
  return {
    line,
    ...(column === undefined ? {} : { column }),
    ...(name === undefined ? {} : { name }),
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
  };
}

const isSame = (a: AskedBreakpoint, b: AskedBreakpoint): boolean =>
  a.line === b.line && a.column === b.column && a.name === b.name && isSameBehaviour(a, b);

/** Whether two breakpoints do the same. */
export const isSameBehaviour = (a: BreakpointBehaviour, b: BreakpointBehaviour): boolean =>
  a.condition === b.condition && a.hitCondition === b.hitCondition && a.logMessage === b.logMessage;

const notSet = "The program has ended.";

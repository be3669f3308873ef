import type { ModuleOffset } from "../base/brand.ts";
import { pathKey } from "../base/path-text.ts";
import type { PlacedLocation } from "../target/target.ts";
import type { Resolution } from "./breakpoint-resolution.ts";
import type { Breakpoint, BreakpointRequest } from "./debugger-types.ts";

/** One breakpoint of the table: what was asked and where it resolved. */
export interface TableEntry {
  readonly id: number;
  readonly path: string;
  readonly request: BreakpointRequest;
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

  constructor(
    bySource: ReadonlyMap<string, readonly TableEntry[]> = new Map(),
    placed: ReadonlyMap<ModuleOffset, PlacedLocation> = new Map(),
  ) {
    this.#bySource = bySource;
    this.#placed = placed;
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
   * A breakpoint keeps its id while its source and line are asked for again; of several on one line the first
   * keeps the first's, and so on. `newId` numbers the others.
   */
  replace(
    path: string,
    requests: readonly BreakpointRequest[],
    resolve: (request: BreakpointRequest) => Resolution,
    newId: () => number,
  ): BreakpointTable {
    const before = [...(this.#bySource.get(pathKey(path)) ?? [])];
    const entries = requests.map((request): TableEntry => {
      const known = before.findIndex((entry) => entry.request.line === request.line);
      const id = known < 0 ? newId() : (before.splice(known, 1)[0]?.id ?? newId());
      return { id, path, request: { line: request.line }, resolution: resolve(request) };
    });
    const bySource = new Map(this.#bySource);
    if (entries.length === 0) bySource.delete(pathKey(path));
    else bySource.set(pathKey(path), entries);
    return new BreakpointTable(bySource, this.#placed);
  }

  /** The table with the target's answers for its points. */
  withPlaced(answers: readonly PlacedLocation[]): BreakpointTable {
    const placed = new Map<ModuleOffset, PlacedLocation>();
    for (const [index, point] of this.points.entries()) {
      const answer = answers[index];
      if (answer) placed.set(point, answer);
    }
    return new BreakpointTable(this.#bySource, placed);
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
    const { line } = resolution;
    if (line === request.line) return { ...asked, verified: true, line };
    const message = `Line ${request.line + 1} has no code of its own: moved to line ${line + 1}.`;
    return { ...asked, verified: true, line, message };
  }
}

const notSet = "The program has ended.";

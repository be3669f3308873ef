import type { ModuleOffset } from "../base/brand.ts";
import type { PlacedLocation } from "../target/target.ts";
import { findBehaviourProblem } from "./breakpoint-behaviour.ts";
import { isSameBehaviour, type TableEntry } from "./breakpoint-table.ts";
import type { BreakpointBehaviour, InstructionBreakpoint } from "./debugger-types.ts";

interface InstructionEntry extends InstructionBreakpoint {
  readonly behaviour: BreakpointBehaviour;
}

/**
 * The breakpoints on instructions. Never changes: an edit makes other ones, which take the place of these once the target has
 * answered.
 */
export class InstructionBreakpoints {
  readonly #entries: readonly InstructionEntry[];

  constructor(entries: readonly InstructionEntry[] = []) {
    this.#entries = entries;
  }

  /** Breakpoints at these places, none of them known to the target yet. One keeps its id while its place is asked for again. */
  replace(
    points: readonly ModuleOffset[],
    newId: () => number,
    behaviours: readonly BreakpointBehaviour[] = [],
  ): InstructionBreakpoints {
    const before = [...this.#entries];
    return new InstructionBreakpoints(
      points.map((point, at) => {
        const behaviour = behaviours[at] ?? {};
        const known = before.findIndex(
          (entry) => entry.point === point && isSameBehaviour(entry.behaviour, behaviour),
        );
        const id = known < 0 ? newId() : (before.splice(known, 1)[0]?.id ?? newId());
        return { id, point, behaviour, verified: false, message: notSet };
      }),
    );
  }

  /** Every place that is asked for, rising. */
  get points(): readonly ModuleOffset[] {
    return [...new Set(this.#entries.map(({ point }) => point))].sort((a, b) => a - b);
  }

  /** Those on one of these places. */
  wanting(points: readonly ModuleOffset[]): readonly TableEntry[] {
    return this.#entries.filter(({ point }) => points.includes(point)).map(toTableEntry);
  }

  /** Those at a place where the guest has stopped. */
  entriesAt(point: ModuleOffset): readonly TableEntry[] {
    return this.#entries.filter((entry) => entry.verified && entry.point === point).map(toTableEntry);
  }

  /** With the target's answers for `points`, and why some can never stop, by id. */
  withPlaced(
    answers: readonly PlacedLocation[],
    problems: ReadonlyMap<number, string> = new Map(),
  ): InstructionBreakpoints {
    const byPoint = new Map(this.points.map((point, at) => [point, answers[at]]));
    return new InstructionBreakpoints(
      this.#entries.map(({ id, point, behaviour }) => {
        const answer = byPoint.get(point);
        const isThere = answer?.kind === "placed" && answer.point === point;
        const problem = findBehaviourProblem(behaviour) ?? problems.get(id);
        if (isThere && problem === undefined) return { id, point, behaviour, verified: true };
        const entry = { id, point, behaviour, verified: false };
        if (answer?.kind === "refused") return { ...entry, message: answer.reason, isRefused: true };
        return { ...entry, message: problem ?? notSet };
      }),
    );
  }

  /** In the order asked. */
  all(): readonly InstructionBreakpoint[] {
    return this.#entries.map(({ behaviour: _, ...breakpoint }) => breakpoint);
  }

  /** Ids of those at a place where the guest has stopped. */
  idsAt(point: ModuleOffset): readonly number[] {
    return this.#entries.filter((entry) => entry.verified && entry.point === point).map(({ id }) => id);
  }
}

const notSet = "The program has ended.";

/** As the breakpoints on lines are that behave so. */
const toTableEntry = ({ id, point, behaviour }: InstructionEntry): TableEntry => ({
  ...{ id, path: "", request: { line: 0, ...behaviour } },
  resolution: { kind: "resolved", source: undefined, line: 0, points: [point] },
});

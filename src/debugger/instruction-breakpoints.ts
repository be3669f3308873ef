import type { ModuleOffset } from "../base/brand.ts";
import type { PlacedLocation } from "../target/target.ts";
import type { InstructionBreakpoint } from "./debugger-types.ts";

/**
 * The breakpoints on instructions. Never changes: an edit makes other ones, which take the place of these once the target has
 * answered.
 */
export class InstructionBreakpoints {
  readonly #entries: readonly InstructionBreakpoint[];

  constructor(entries: readonly InstructionBreakpoint[] = []) {
    this.#entries = entries;
  }

  /** Breakpoints at these places, none of them known to the target yet. One keeps its id while its place is asked for again. */
  replace(points: readonly ModuleOffset[], newId: () => number): InstructionBreakpoints {
    const before = [...this.#entries];
    return new InstructionBreakpoints(
      points.map((point) => {
        const known = before.findIndex((entry) => entry.point === point);
        const id = known < 0 ? newId() : (before.splice(known, 1)[0]?.id ?? newId());
        return { id, point, verified: false, message: notSet };
      }),
    );
  }

  /** Every place that is asked for, rising. */
  get points(): readonly ModuleOffset[] {
    return [...new Set(this.#entries.map(({ point }) => point))].sort((a, b) => a - b);
  }

  /** Ids of those on one of these places. */
  wanting(points: readonly ModuleOffset[]): readonly number[] {
    return this.#entries.filter(({ point }) => points.includes(point)).map(({ id }) => id);
  }

  /** With the target's answers for `points`. */
  withPlaced(answers: readonly PlacedLocation[]): InstructionBreakpoints {
    const byPoint = new Map(this.points.map((point, at) => [point, answers[at]]));
    return new InstructionBreakpoints(
      this.#entries.map(({ id, point }) => {
        const answer = byPoint.get(point);
        if (answer?.kind === "placed" && answer.point === point) return { id, point, verified: true };
        const message = answer?.kind === "refused" ? answer.reason : notSet;
        return { id, point, verified: false, message };
      }),
    );
  }

  /** In the order asked. */
  all(): readonly InstructionBreakpoint[] {
    return this.#entries;
  }

  /** Ids of those at a place where the guest has stopped. */
  idsAt(point: ModuleOffset): readonly number[] {
    return this.#entries.filter((entry) => entry.verified && entry.point === point).map(({ id }) => id);
  }
}

const notSet = "The program has ended.";

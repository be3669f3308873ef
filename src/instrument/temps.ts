import type { LocalRun } from "../wasm/sections/code.ts";
import type { ValueType } from "../wasm/value-type.ts";
import { VALUE_TYPES } from "./spill-slots.ts";

/** Most locals that a function can be given, and one for where its records are. */
export const MOST_TEMPS = 200;

/** Operands that are taken off the stack together, the last on top; their types have slots. */
export interface TakenOperands {
  readonly operands: readonly ValueType[];
}

/**
 * Locals that a function gets, behind all its own, to keep operands in: of a store until it has been checked, of a probe
 * or a call until they are put back.
 *
 * All of them share these locals, since no two do it at once.
 */
export class Temps {
  readonly #first: number;
  /** How many there are of each type. */
  readonly #counts = VALUE_TYPES.map(() => 0);

  /** `first`: index of the first, which is how many locals (with params) the function has. */
  constructor(first: number, taken: Iterable<TakenOperands>) {
    this.#first = first;
    for (const { operands } of taken) {
      VALUE_TYPES.forEach((type, at) => {
        const wanted = operands.filter((operand) => operand === type).length;
        this.#counts[at] = Math.max(this.#counts[at] as number, wanted);
      });
    }
  }

  /** As the function declares them. */
  get runs(): readonly LocalRun[] {
    return VALUE_TYPES.map((type, at) => ({ type, count: this.#counts[at] as number })).filter(
      ({ count }) => count > 0,
    );
  }

  /** The index behind them all. */
  get end(): number {
    return this.#counts.reduce((sum, count) => sum + count, this.#first);
  }

  /** A local for each operand. */
  of({ operands }: TakenOperands): readonly number[] {
    const next = this.#counts.map((_, at) =>
      this.#counts.slice(0, at).reduce((sum, count) => sum + count, this.#first),
    );
    return operands.map((operand) => {
      const at = VALUE_TYPES.indexOf(operand);
      const local = next[at] as number;
      next[at] = local + 1;
      return local;
    });
  }
}

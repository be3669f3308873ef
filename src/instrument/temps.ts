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
  /** How many there are of each type. */
  readonly #counts = VALUE_TYPES.map(() => 0);
  /** Of each type the index of the first. */
  readonly #starts: readonly number[];
  /** The index behind them all. */
  readonly end: number;

  /** `first`: index of the first, which is how many locals (with params) the function has. */
  constructor(first: number, taken: Iterable<TakenOperands>) {
    for (const { operands } of taken) {
      const wanted = VALUE_TYPES.map(() => 0);
      for (const operand of operands) {
        const at = VALUE_TYPES.indexOf(operand);
        wanted[at] = (wanted[at] as number) + 1;
        this.#counts[at] = Math.max(this.#counts[at] as number, wanted[at] as number);
      }
    }
    let end = first;
    this.#starts = this.#counts.map((count) => {
      end += count;
      return end - count;
    });
    this.end = end;
  }

  /** As the function declares them. */
  get runs(): readonly LocalRun[] {
    return VALUE_TYPES.map((type, at) => ({ type, count: this.#counts[at] as number })).filter(
      ({ count }) => count > 0,
    );
  }

  /** A local for each operand. */
  of({ operands }: TakenOperands): readonly number[] {
    const next = [...this.#starts];
    return operands.map((operand) => {
      const at = VALUE_TYPES.indexOf(operand);
      const local = next[at] as number;
      next[at] = local + 1;
      return local;
    });
  }
}

import type { LocalRun } from "../wasm/sections/code.ts";
import { F32, F64, I32, I64, V128, type ValueType } from "../wasm/value-type.ts";
import type { Store } from "./stores.ts";

const TYPES: readonly ValueType[] = [I32, I64, F32, F64, V128];

/** Most locals that a function can be given for its stores. */
export const MOST_TEMPS = 3 * TYPES.length;

/**
 * Locals that a function gets, behind all its own, to keep the operands of a store in until it has been checked.
 *
 * All stores of the function share them.
 */
export class StoreTemps {
  readonly #first: number;
  /** How many there are of each type. */
  readonly #counts = TYPES.map(() => 0);

  /** `first`: index of the first, which is how many locals (with params) the function has. */
  constructor(first: number, stores: Iterable<Store>) {
    this.#first = first;
    for (const { operands } of stores) {
      TYPES.forEach((type, at) => {
        const wanted = operands.filter((operand) => operand === type).length;
        this.#counts[at] = Math.max(this.#counts[at] as number, wanted);
      });
    }
  }

  /** As the function declares them. */
  get runs(): readonly LocalRun[] {
    return TYPES.map((type, at) => ({ type, count: this.#counts[at] as number })).filter(
      ({ count }) => count > 0,
    );
  }

  /** A local for each operand. */
  of({ operands }: Store): readonly number[] {
    const next = this.#counts.map((_, at) =>
      this.#counts.slice(0, at).reduce((sum, count) => sum + count, this.#first),
    );
    return operands.map((operand) => {
      const at = TYPES.indexOf(operand);
      const local = next[at] as number;
      next[at] = local + 1;
      return local;
    });
  }
}

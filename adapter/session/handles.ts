import { staleReference, unknownReference } from "./errors.ts";

/** Largest number the protocol lets a reference be. */
const maxReference = 2 ** 31 - 1;

/**
 * Numbers lent to the client for the frames or values of one stop.
 *
 * All of them lapse when the program resumes: `lapse` runs before it does. A lapsed number is refused
 * as stale or stands for nothing, never for whatever a later stop put in its place, because numbers are not reused
 * within a session.
 * Starts at 1: in DAP, 0 means "has no children".
 */
export class Handles<T> {
  readonly #what: string;
  readonly #values = new Map<number, T>();
  #next = 1;

  /** `what` names the numbers in messages, such as "Frame". */
  constructor(what: string) {
    this.#what = what;
  }

  /** A number for `value` until the next `lapse`. */
  lend(value: T): number {
    if (this.#next > maxReference) throw new Error("this session has used up all reference numbers");
    this.#values.set(this.#next, value);
    return this.#next++;
  }

  /** @throws {UserError} for a number of an earlier stop, or one never lent. */
  find(number: number): T {
    const value = this.#values.get(number);
    if (value !== undefined) return value;
    throw this.hasLapsed(number) ? staleReference(this.#what, number) : unknownReference(this.#what, number);
  }

  /**
   * Whether this was a number once and is none any more. A client that steps fast asks by such numbers, before it has noticed
   * that they have lapsed: what only shows something is then answered with nothing, since VS Code puts a refusal in its
   * place, in red, until it comes to the next stop. What is meant to do something is refused.
   */
  hasLapsed(number: number): boolean {
    return number > 0 && number < this.#next && !this.#values.has(number);
  }

  lapse(): void {
    this.#values.clear();
  }
}

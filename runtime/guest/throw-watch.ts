import { type EndWatch, SiteKind } from "../suspend/messages.ts";
import { guestFrames, type Stack } from "./call-stack.ts";

/** Ways remembered: beyond these, one that was come by before counts as new again. */
const mostWays = 4096;

/**
 * Which `throw` instructions are of interest, decided in the guest thread, and where the last one was: an exception has
 * no stack of its own.
 *
 * Whether an exception is caught follows from the frames that it is thrown in. So whoever wants to see those that are not
 * asks once for each way that leads to a `throw`, and a program that throws all the time is not slowed down by it.
 */
export class ThrowWatch {
  #watch: Omit<EndWatch, "exits"> = { throws: "none", rethrows: false };
  readonly #ways = new Set<string>();
  #last: Stack | undefined;

  /** Kinds of sites that have to fire. */
  set(watch: Omit<EndWatch, "exits">): readonly number[] {
    this.#watch = watch;
    this.#ways.clear();
    return [
      ...(watch.throws === "none" ? [] : [SiteKind.beforeThrow]),
      ...(watch.rethrows ? [SiteKind.beforeRethrow] : []),
    ];
  }

  /** Where the last exception was thrown, if that was watched. */
  get last(): Stack | undefined {
    return this.#last;
  }

  /** Whether the guest stops at a site of a kind. `stack` reads the stack there. */
  stopsAt(kind: number | undefined, stack: () => Stack, functionCount: number): boolean {
    const { throws, rethrows } = this.#watch;
    if (kind === SiteKind.beforeRethrow) return rethrows;
    if (kind !== SiteKind.beforeThrow || throws === "none") return false;
    const here = stack();
    this.#last = here;
    return throws === "all" || this.#isNew(here, functionCount);
  }

  #isNew(stack: Stack, functionCount: number): boolean {
    const way = guestFrames(stack, functionCount)
      .map((frame) => ("o" in frame ? frame.o : frame.n))
      .join(" ");
    if (this.#ways.has(way)) return false;
    if (this.#ways.size >= mostWays) this.#ways.clear();
    this.#ways.add(way);
    return true;
  }
}

import { lowerBound, upperBound } from "../base/binary-search.ts";
import { type DefinedFuncIndex, type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";
import type { StackShape } from "./debug-info.ts";
import type { StackState } from "./stack-state.ts";
import { StackWalk, type StackWalkListener } from "./stack-walk.ts";

/**
 * What a function does to the stack pointer, a global by its index: see `StackShape`.
 *
 * A body that is malformed or too contorted has a shape in which nothing is known; in a module without a stack pointer
 * nothing is known of where it stands.
 */
export function readStackShape(
  module: WasmModule,
  body: DefinedFuncIndex,
  stackPointer: number | undefined,
): StackShape {
  try {
    const { instructionsStart, end } = readFunctionBody(module.bytes, module.code, body);
    const loopHeads = new Map<number, StackState>();
    for (let pass = 0; pass < mostPasses; pass++) {
      const reader = new CodeReader(module.bytes, instructionsStart, end);
      const record = new ShapeRecord(end);
      const lowered = new StackWalk(reader, stackPointer ?? noGlobal, loopHeads, record).run();
      if (lowered) continue;
      if (stackPointer !== undefined) return record;
      const { leaf, straightUntil } = record;
      return {
        ...{ ...unknownShape, leaf, straightUntil },
        isDead: (offset) => record.isDead(offset),
        hasCallWithin: (from, to) => record.hasCallWithin(from, to),
        loopBeginsWithin: (from, to) => record.loopBeginsWithin(from, to),
      };
    }
    return unknownShape;
  } catch (error) {
    if (error instanceof MalformedError) return unknownShape;
    throw error;
  }
}

/** The shape of functions of which nothing can be proven. */
export const unknownShape: StackShape = {
  fixed: false,
  deltaAt: () => undefined,
  localDelta: () => undefined,
};

const noGlobal = -1;

/** Each pass but the last loses a fact about some loop; compilers' code needs two or three. */
const mostPasses = 12;

/** The history of one fact over a function's bytes. */
class Timeline {
  /** Where the fact changes, rising. */
  readonly #offsets: number[] = [];
  readonly #values: (number | undefined)[] = [];
  readonly #before: number | undefined;

  /** `before`: what holds before the first change. */
  constructor(before: number | undefined) {
    this.#before = before;
  }

  add(offset: number, value: number | undefined): void {
    this.#offsets.push(offset);
    this.#values.push(value);
  }

  at(offset: number): number | undefined {
    const behind = upperBound(this.#offsets, offset);
    return behind === 0 ? this.#before : this.#values[behind - 1];
  }
}

class ShapeRecord implements StackShape, StackWalkListener {
  /** On the way to the first instruction the stack pointer is what it was: stack overflows happen there. */
  readonly #delta = new Timeline(0);
  readonly #locals = new Map<number, Timeline>();
  /** 1 where no execution comes. */
  readonly #dead = new Timeline(0);
  /** The one delta of all calls so far; -1 once they differ or one is unknown. */
  #callDelta: number | undefined;
  /** Where calls are, rising. */
  readonly #calls: number[] = [];
  /** Where loops begin, rising. */
  readonly #loops: number[] = [];
  straightUntil: ModuleOffset;

  /** `end`: of the function. */
  constructor(end: ModuleOffset) {
    this.straightUntil = end;
  }

  get leaf(): boolean {
    return this.#callDelta === undefined;
  }

  get fixed(): boolean {
    return this.#callDelta !== undefined && this.#callDelta > 0;
  }

  deltaAt(offset: ModuleOffset): number | undefined {
    return this.#delta.at(offset);
  }

  localDelta(local: number, offset: ModuleOffset): number | undefined {
    return this.#locals.get(local)?.at(offset);
  }

  isDead(offset: ModuleOffset): boolean {
    return this.#dead.at(offset) === 1;
  }

  reachable(offset: number, isReachable: boolean): void {
    this.#dead.add(offset, isReachable ? 0 : 1);
  }

  delta(offset: number, delta: number | undefined): void {
    this.#delta.add(offset, delta);
  }

  local(offset: number, local: number, by: number | undefined): void {
    let timeline = this.#locals.get(local);
    if (!timeline) {
      timeline = new Timeline(undefined);
      this.#locals.set(local, timeline);
    }
    timeline.add(offset, by);
  }

  loop(offset: number): void {
    if (offset < this.straightUntil) this.straightUntil = toModuleOffset(offset);
    this.#loops.push(offset);
  }

  loopBeginsWithin(from: ModuleOffset, to: ModuleOffset): boolean {
    return hasWithin(this.#loops, from, to);
  }

  hasCallWithin(from: ModuleOffset, to: ModuleOffset): boolean {
    return hasWithin(this.#calls, from, to);
  }

  call(delta: number | undefined, offset: number): void {
    this.#calls.push(offset);
    const same = this.#callDelta === undefined || this.#callDelta === delta;
    this.#callDelta = same ? (delta ?? -1) : -1;
  }
}

/** Whether one of `offsets`, which rise, is at `from` ≤ offset < `to`. */
function hasWithin(offsets: readonly number[], from: number, to: number): boolean {
  return (offsets[lowerBound(offsets, from)] ?? Number.POSITIVE_INFINITY) < to;
}

import type { StopNumber } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { FrameContext } from "../symbols/symbols.ts";
import type { Target, TargetFrame } from "../target/target.ts";
import type { Frame } from "./debugger-types.ts";
import { StackPages } from "./stack-pages.ts";
import { StackUnwinder } from "./stack-unwinder.ts";
import type { StepFrame } from "./step-plans.ts";
import { toStepFrame } from "./step-progress.ts";

/**
 * A guest at one stop: its frames as a user sees them, and what is needed to look into them.
 *
 * Lapses when the guest resumes: its methods then reject with the target's error.
 */
export class PausedGuest {
  readonly stop: StopNumber;
  readonly pages: StackPages;
  readonly #unwinder: StackUnwinder;
  readonly #debugInfo: DebugInfo;

  constructor(target: Target, debugInfo: DebugInfo, stop: StopNumber) {
    this.stop = stop;
    this.pages = new StackPages(target, stop);
    this.#unwinder = new StackUnwinder(target, debugInfo, stop, this.pages);
    this.#debugInfo = debugInfo;
  }

  /** As `Debugger.stackTrace`. A guest that has not begun has no frames; one is shown that says so. */
  async stackTrace(
    start: number,
    count: number,
  ): Promise<{ readonly frames: readonly Frame[]; readonly total: number }> {
    const total = await this.pages.total();
    if (total === 0) {
      const notBegun: Frame = {
        index: 0,
        stop: this.stop,
        name: "(before the first instruction)",
        kind: "host",
      };
      return { frames: start === 0 && count > 0 ? [notBegun] : [], total: 1 };
    }
    const frames = await this.pages.slice(start, count);
    return { frames: frames.map((frame, at) => this.#describe(frame, start + at)), total };
  }

  /** What symbols need to find a frame's variables; `undefined` for a frame that is not of the guest. */
  async context(frame: Frame): Promise<FrameContext | undefined> {
    if (frame.stop !== this.stop) {
      throw new TargetError("stale-stop", "This frame is of an earlier stop: the program has run since.");
    }
    if (!frame.point) return undefined;
    return {
      stop: this.stop,
      frame: frame.index,
      function: frame.point.function,
      offset: frame.point.offset,
      stackPointer: await this.stackPointerOf(frame.index),
    };
  }

  /** The C stack pointer in the frame at `index`; `undefined` where it cannot be proven. */
  stackPointerOf(index: number): Promise<bigint | undefined> {
    return this.#unwinder.stackPointerOf(index);
  }

  /** All wasm frames, innermost first. */
  async wasmFrames(): Promise<readonly StepFrame[]> {
    const frames = await this.pages.all();
    return frames.flatMap((frame, index) => toStepFrame(frame, index) ?? []);
  }

  #describe(frame: TargetFrame, index: number): Frame {
    if (frame.kind === "host") return { index, stop: this.stop, name: frame.name, kind: "host" };
    const { function: func, offset } = frame;
    const position = this.#debugInfo.locate(offset);
    return {
      index,
      stop: this.stop,
      name: this.#debugInfo.functionAt(offset)?.name ?? `func[${func}]`,
      kind: position ? "source" : "no-source",
      ...(position ? { position } : {}),
      point: { function: func, offset },
    };
  }
}

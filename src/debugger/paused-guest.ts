import type { FuncIndex, ModuleOffset, StopNumber } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import type { DebugInfo, Listing } from "../debuginfo/debug-info.ts";
import { withShortStandardNames } from "../demangle/standard-names.ts";
import type { FrameContext, ReturnedCall } from "../symbols/frame-context.ts";
import type { Target, TargetFrame } from "../target/target.ts";
import type { Frame } from "./debugger-types.ts";
import { sourceFramesAt } from "./source-frames.ts";
import { StackPages } from "./stack-pages.ts";
import { StackUnwinder } from "./stack-unwinder.ts";
import type { Standing } from "./standing.ts";
import { noFilters, type StepFilters } from "./step-filters.ts";
import { type StepFrame, toStepFrame } from "./step-frames.ts";

/** What is special about a stop. */
export interface PausedGuestOptions {
  readonly standing?: Standing | undefined;
  /** The frames are those of an earlier moment, and the stack pointer is not theirs. */
  readonly isUnwound?: boolean;
  /** Says where frames stand that no source is known of. */
  readonly listing?: Listing | undefined;
  /** Which code is not the user's own. */
  readonly filters?: StepFilters | undefined;
  /** The call that the innermost frame stands behind. */
  readonly returned?: ReturnedCall | undefined;
}

/**
 * A guest at one stop: its frames as a user sees them, and what is needed to look into them.
 *
 * Lapses when the guest resumes: its methods then reject with the target's error.
 */
export class PausedGuest {
  readonly stop: StopNumber;
  readonly pages: StackPages;
  readonly #unwinder: StackUnwinder;
  readonly #isUnwound: boolean;
  readonly #options: PausedGuestOptions;
  readonly #filters: StepFilters;
  readonly #debugInfo: DebugInfo;
  readonly #listing: Listing | undefined;
  /** By offset: in a recursion all frames but a few stand at one place. */
  readonly #shown = new Map<ModuleOffset, readonly ShownFrame[]>();
  #all: readonly Frame[] | undefined;
  readonly #target: Target;
  /** Where the innermost wasm frame is to a user; absent where that is what it looks like. */
  readonly standing: Standing | undefined;

  constructor(target: Target, debugInfo: DebugInfo, stop: StopNumber, options: PausedGuestOptions = {}) {
    const { standing, isUnwound = false, listing, filters = noFilters } = options;
    this.#options = options;
    this.#filters = filters;
    this.#target = target;
    this.standing = standing;
    this.stop = stop;
    this.#isUnwound = isUnwound;
    this.pages = new StackPages(target, stop);
    this.#unwinder = new StackUnwinder(target, debugInfo, stop, this.pages);
    this.#debugInfo = debugInfo;
    this.#listing = listing;
  }

  /** The same stop, with its innermost wasm frame seen elsewhere. */
  seenAt(standing: Standing | undefined): PausedGuest {
    if (standing === undefined) return this;
    return new PausedGuest(this.#target, this.#debugInfo, this.stop, { ...this.#options, standing });
  }

  /** The same stop, with its innermost wasm frame behind a call. */
  behind(returned: ReturnedCall | undefined): PausedGuest {
    if (returned === undefined) return this;
    return new PausedGuest(this.#target, this.#debugInfo, this.stop, { ...this.#options, returned });
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
    const innermost = this.standing && (await this.#innermostWasm());
    if (!this.#debugInfo.inlinedCalls) {
      const frames = await this.pages.slice(start, count);
      const shown: Frame[] = [];
      for (const [at, frame] of frames.entries())
        this.#describe(shown, frame, { target: start + at, index: start + at }, start + at === innermost);
      return { frames: shown, total };
    }
    // How many frames there are to a user depends on where each of them stands.
    if (!this.#all) {
      const all: Frame[] = [];
      for (const [target, frame] of (await this.pages.all()).entries())
        this.#describe(all, frame, { target, index: all.length }, target === innermost);
      this.#all = all;
    }
    return { frames: this.#all.slice(start, start + count), total: this.#all.length };
  }

  /** What symbols need to find a frame's variables; `undefined` for a frame that is not of the guest. */
  async context(frame: Frame): Promise<FrameContext | undefined> {
    if (frame.stop !== this.stop) {
      throw new TargetError("stale-stop", "This frame is of an earlier stop: the program has run since.");
    }
    if (!frame.point) return undefined;
    const target = targetFrameOf(frame);
    const { returned } = this.#options;
    const isInnermost =
      (this.standing !== undefined || returned !== undefined) && target === (await this.#innermostWasm());
    return {
      stop: this.stop,
      frame: target,
      function: frame.point.function,
      offset: frame.point.offset,
      stackPointer: await this.stackPointerOf(target),
      inlineDepth: frame.inlineDepth ?? 0,
      ...(this.standing && isInnermost ? { scopeOffset: this.standing.offset } : {}),
      ...(returned && isInnermost ? { returned } : {}),
    };
  }

  /** The C stack pointer in the target's frame at `index`; `undefined` where it cannot be proven. */
  async stackPointerOf(index: number): Promise<bigint | undefined> {
    if (this.#isUnwound) return undefined;
    return this.#unwinder.stackPointerOf(index);
  }

  /** All wasm frames, innermost first. */
  async wasmFrames(): Promise<readonly StepFrame[]> {
    const frames = await this.pages.all();
    const innermost = frames.findIndex(({ kind }) => kind === "wasm");
    return frames.flatMap(
      (frame, index) => toStepFrame(frame, index, index === innermost ? this.standing : undefined) ?? [],
    );
  }

  /** Index in the target's frames: host code may have been called from it. */
  async #innermostWasm(): Promise<number> {
    for (let start = 0; ; start += firstFrames) {
      const frames = await this.pages.slice(start, firstFrames);
      const found = frames.findIndex(({ kind }) => kind === "wasm");
      if (found >= 0 || frames.length < firstFrames) return start + found;
    }
  }

  #isLibrary(name: string, path: string | undefined): boolean {
    return (path !== undefined && this.#filters.hidesSource(path)) || this.#filters.hidesFunction(name);
  }

  /** Adds what stands for a frame of the target's to `to`; `index` is the first one's. Whole stacks come through here. */
  #describe(
    to: Frame[],
    frame: TargetFrame,
    { target, index }: { readonly target: number; readonly index: number },
    isInnermost: boolean,
  ): void {
    const { stop } = this;
    if (frame.kind === "host") {
      to.push({ index, targetFrame: target, stop, name: frame.name, kind: "host" });
      return;
    }
    const { function: func, offset } = frame;
    const standing = isInnermost ? this.standing : undefined;
    const point = { function: func, offset };
    const shown = this.#shownAt(func, offset, standing?.offset ?? offset);
    const pending = standing?.pending ?? 0;
    for (let at = pending; at < shown.length; at++)
      to.push({
        index: index + at - pending,
        targetFrame: target,
        stop,
        point,
        ...(shown[at] as ShownFrame),
      });
  }

  #shownAt(func: FuncIndex, offset: ModuleOffset, place: ModuleOffset): readonly ShownFrame[] {
    let shown = this.#shown.get(place);
    if (!shown) {
      shown = sourceFramesAt(this.#debugInfo, place, `func[${func}]`).map(
        ({ name, position, inlineDepth, isInlined }) => {
          const shownAt = position ?? this.#listing?.positionAt(offset);
          return {
            ...{ name: withShortStandardNames(name), inlineDepth },
            kind: position ? ("source" as const) : ("no-source" as const),
            ...(shownAt ? { position: shownAt } : {}),
            ...(isInlined ? { isInlined } : {}),
            ...(this.#isLibrary(name, shownAt?.source.path) ? { isLibrary: true } : {}),
          };
        },
      );
      this.#shown.set(place, shown);
    }
    return shown;
  }
}

/** As many as are likely to be asked for anyway. */
const firstFrames = 20;

/** What is the same of all frames that stand at one place. */
type ShownFrame = Omit<Frame, "index" | "targetFrame" | "stop" | "point">;

/** Index in the target's frames of the one that a user's frame stands for, alone or with others. */
export const targetFrameOf = ({ targetFrame, index }: Frame): number => targetFrame ?? index;

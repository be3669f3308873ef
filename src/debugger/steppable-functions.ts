import { lowerBound } from "../base/binary-search.ts";
import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { DebugInfo, FunctionInfo, SourceFile } from "../debuginfo/debug-info.ts";
import { Arrivals, ownCode } from "./arrivals.ts";
import { noFilters, type StepFilters } from "./step-filters.ts";

/** Code `from` ≤ offset < `to`. */
export interface CodeStretch {
  readonly from: ModuleOffset;
  readonly to: ModuleOffset;
}

/** The functions of a module that steps go into: those with lines of a source that can be shown and is the user's own. */
export class SteppableFunctions {
  readonly #debugInfo: DebugInfo;
  readonly #arrivals: Arrivals;
  readonly #isShown: (path: string) => boolean;
  readonly #filters: StepFilters;
  readonly #shownSources = new Map<number, boolean>();

  constructor(
    debugInfo: DebugInfo,
    isShown: (path: string) => boolean,
    arrivals: Arrivals = new Arrivals(debugInfo),
    filters: StepFilters = noFilters,
  ) {
    this.#filters = filters;
    this.#debugInfo = debugInfo;
    this.#arrivals = arrivals;
    this.#isShown = isShown;
  }

  /**
   * Whether a function, or a call inlined into it, has lines of a source that can be shown. The line a function opens on
   * counts; in optimised code its first statement may be one of a header. `filtered: false`: whoever wrote it.
   */
  isShown(info: FunctionInfo, call = ownCode, { filtered = true } = {}): boolean {
    if (!info.hasLines) return false;
    const isWanted = (source: SourceFile) =>
      this.#isSourceShown(source) && !(filtered && this.#filters.hidesSource(source.path));
    if (filtered && this.#filters.hidesFunction(this.#nameOf(info, call))) return false;
    if (call === ownCode) {
      const { offset } = this.#debugInfo.statements();
      const first = toModuleOffset(offset[lowerBound(offset, info.from)] ?? info.from);
      const source = (this.#debugInfo.locate(info.from) ?? this.#debugInfo.locate(first))?.source;
      if (source && isWanted(source)) return true;
    }
    // What is inlined at its very beginning hides what the function is of.
    const arrivals = this.#arrivals.of(info);
    const source = arrivals && this.#arrivals.sourceOf(arrivals, call);
    return source !== undefined && isWanted(source);
  }

  #nameOf(info: FunctionInfo, call: number): string {
    const calls = call === ownCode ? undefined : this.#arrivals.of(info)?.calls.calls;
    return calls?.[call]?.name ?? info.name;
  }

  #isSourceShown(source: SourceFile): boolean {
    if (source.isListing) return true;
    let shown = this.#shownSources.get(source.id);
    if (shown === undefined) {
      shown = this.#isShown(source.path);
      this.#shownSources.set(source.id, shown);
    }
    return shown;
  }

  /**
   * The code of all functions to step into, in rising order; functions with lines of which none is shown, when there
   * is no source to show at all. Empty for a module without statements.
   */
  get stretches(): readonly CodeStretch[] {
    return this.#stretches();
  }
  readonly #stretches = once(() => {
    const shown = this.#collect((info) => this.isShown(info));
    return shown.length > 0 ? shown : this.#collect(() => true);
  });

  /** Neighbours with nothing but functions without lines between them are one stretch. */
  #collect(wanted: (info: FunctionInfo) => boolean): CodeStretch[] {
    const { offset } = this.#debugInfo.statements();
    const stretches: CodeStretch[] = [];
    let open: CodeStretch | undefined;
    for (let at = 0; at < offset.length; ) {
      const info = this.#debugInfo.functionAt(toModuleOffset(offset[at] as number));
      if (!info) {
        at++;
        continue;
      }
      if (wanted(info)) {
        open = { from: open?.from ?? info.from, to: info.to };
      } else if (open) {
        stretches.push(open);
        open = undefined;
      }
      at = lowerBound(offset, info.to);
    }
    if (open) stretches.push(open);
    return stretches;
  }
}

import { lowerBound, upperBound } from "../base/binary-search.ts";
import type { FuncIndex } from "../base/brand.ts";
import { type LineKey, type ModuleOffset, toLineKey } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type {
  DebugInfo,
  FunctionInfo,
  NamedFunction,
  ResolvedLine,
  SourceFile,
  SourcePosition,
  StackShape,
  StatementColumns,
} from "../debuginfo/debug-info.ts";
import { knowsLines } from "../debuginfo/knows-lines.ts";
import type { CodeListing } from "./code-listing.ts";

const everywhere =
  'Launch with "granularity": "instruction" to stop at any instruction; it then takes long to start.';

/** What a user is told of a module that is too large to be stopped everywhere. */
const coarse = {
  statements: `The program is large: it can be stopped behind stores and branches. ${everywhere}`,
  calls: `The program is very large: it can be stopped where functions begin, and behind their calls and branches. ${everywhere}`,
} as const;

/** `info`, or where it knows no line, the module's code as its source. */
export function withListing(info: DebugInfo, listing: CodeListing): DebugInfo {
  return knowsLines(info.status) ? info : new ListedDebugInfo(info, listing);
}

/**
 * What is known about a module of which no line is known: its code is its source, each instruction a statement on a line
 * of its own.
 */
class ListedDebugInfo implements DebugInfo {
  readonly #base: DebugInfo;
  readonly #listing: CodeListing;

  /** `base` knows no lines. */
  constructor(base: DebugInfo, listing: CodeListing) {
    this.#base = base;
    this.#listing = listing;
  }

  get status() {
    return this.#base.status;
  }
  get problems() {
    const { density } = this.#listing.points();
    return density === "instructions" ? this.#base.problems : [coarse[density], ...this.#base.problems];
  }
  get stackPointerGlobal() {
    return this.#base.stackPointerGlobal;
  }

  sources(): readonly SourceFile[] {
    return this.#listing.sources();
  }

  statements(): StatementColumns {
    return this.#statements();
  }
  readonly #statements = once((): StatementColumns => {
    const { offset } = this.#listing.points();
    return { offset, line: offset.map((_, at) => at + 1) };
  });

  resolveLine(source: SourceFile, line: number): ResolvedLine | undefined {
    return this.#listing.resolveLine(source, line);
  }

  linesWithCode(source: SourceFile, firstLine: number, lastLine: number): readonly number[] {
    return this.#listing.linesWithCode(source, firstLine, lastLine);
  }

  locate(offset: ModuleOffset): SourcePosition | undefined {
    return this.#listing.positionAt(offset);
  }

  lineKeyAt(offset: ModuleOffset): LineKey {
    const { offset: offsets } = this.statements();
    const at = upperBound(offsets, offset);
    const info = this.#base.functionAt(offset);
    return toLineKey(info && at > lowerBound(offsets, info.from) ? at : 0);
  }

  functionAt(offset: ModuleOffset): FunctionInfo | undefined {
    const info = this.#base.functionAt(offset);
    return info && this.#listed(info);
  }

  *functions(hint?: string): Generator<NamedFunction, void, undefined> {
    for (const { info, otherNames } of this.#base.functions?.(hint) ?? []) {
      yield { info: this.#listed(info), otherNames };
    }
  }

  stackShape(func: FuncIndex): StackShape {
    return this.#base.stackShape(func);
  }

  /** Keeps what decodes a name only when it is asked for. */
  #listed(info: FunctionInfo): FunctionInfo {
    const { offset } = this.statements();
    const hasLines = (offset[lowerBound(offset, info.from)] ?? Infinity) < info.to;
    return {
      index: info.index,
      from: info.from,
      to: info.to,
      hasLines,
      get name() {
        return info.name;
      },
      get linkerName() {
        return info.linkerName;
      },
    };
  }
}

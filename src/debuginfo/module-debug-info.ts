import { lowerBound } from "../base/binary-search.ts";
import {
  type DefinedFuncIndex,
  type FuncIndex,
  type LineKey,
  type ModuleOffset,
  toCodeOffset,
  toDefinedFuncIndex,
  toFuncIndex,
  toLineKey,
  toModuleOffset,
} from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import type { DwarfModule } from "../dwarf/dwarf-module.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt } from "../wasm/sections/code.ts";
import type { CallSites } from "./call-sites.ts";
import { readCodeBlocks } from "./code-blocks.ts";
import type {
  DebugInfo,
  DebugInfoStatus,
  FunctionInfo,
  InlinedCalls,
  LineColumn,
  NamedFunction,
  NamedSlotColumns,
  ResolvedLine,
  SourceFile,
  SourcePosition,
  StackShape,
  StatementColumns,
} from "./debug-info.ts";
import { declaredInText } from "./declared-in-text.ts";
import type { FunctionNames } from "./function-names.ts";
import { LineBreakpoints } from "./line-breakpoints.ts";
import { type LineTable, rowAt } from "./line-table.ts";
import { indexInlinedCalls } from "./module-inlined-calls.ts";
import { noNamedSlots, readNamedSlots } from "./named-slots.ts";
import { operandsAt } from "./operands-at.ts";
import { readStackShape, unknownShape } from "./stack-shape.ts";
import { collectStatements, type Statements, statementsWithin } from "./statements.ts";
import { Takeovers } from "./takeovers.ts";

const mostOperandPlaces = 1000;

/** What the providers found out about a module. */
export interface DebugInfoParts {
  readonly module: WasmModule;
  /** Asked for when somebody wants to know. */
  readonly status: () => DebugInfoStatus;
  readonly lines: LineTable;
  readonly names: FunctionNames;
  /** Absent where there is none. */
  readonly dwarf?: DwarfModule | undefined;
  readonly stackPointerGlobal: number | undefined;
  /** Where calls that were inlined into a function were made; absent where nothing could know of any. */
  readonly callSites?: CallSites | undefined;
  /** Grows as problems turn up. */
  readonly problems: readonly string[];
}

/** The debug info of one module, put together from its parts; what is derived from them is kept for the session. */
export class ModuleDebugInfo implements DebugInfo {
  readonly #parts: DebugInfoParts;
  readonly #importedFunctions: () => number;
  readonly #statements: () => Statements;
  readonly #namedSlots: () => NamedSlotColumns;
  readonly #takeovers: () => Takeovers;
  readonly #breakpoints: () => LineBreakpoints;
  readonly #functions = new Map<DefinedFuncIndex, FunctionInfo>();
  readonly #inlinedCalls = new Map<DefinedFuncIndex, InlinedCalls | undefined>();
  readonly #shapes = new Map<FuncIndex, StackShape>();
  /** By offset, as `operandsAt` answers. */
  readonly #operands = new Map<ModuleOffset, readonly ModuleOffset[]>();

  /** The module's import and code sections must be readable. */
  constructor(parts: DebugInfoParts) {
    this.#parts = parts;
    const { module, lines } = parts;
    this.#importedFunctions = once(() => module.imports.filter(({ type }) => type.kind === "func").length);
    this.#statements = once(() => collectStatements(lines, module.code, module.bytes));
    const { dwarf } = parts;
    this.#namedSlots = once(() => (dwarf ? readNamedSlots(module, dwarf) : noNamedSlots));
    this.#takeovers = once(() => new Takeovers(module, this.#namedSlots()));
    this.#breakpoints = once(
      () =>
        new LineBreakpoints(lines, this.#statements(), module.code, {
          declarationLine: (body) => this.#declarationLine(body),
          inlinedCalls: (body) => this.inlinedCalls(toModuleOffset(module.code.bodyStarts[body] as number)),
          blocks: (body) => readCodeBlocks(module, body),
        }),
    );
  }

  #declarationLine(body: DefinedFuncIndex): number | undefined {
    const { module, names, lines } = this.#parts;
    const declared = names.declarationLine(body);
    if (declared !== undefined) return declared;
    const { offset } = this.#statements();
    const first = offset[lowerBound(offset, module.code.bodyStarts[body] ?? 0)];
    const position = first === undefined ? undefined : this.locate(toModuleOffset(first));
    // Sources of line tables are those of DWARF, which would have said it; of a source map, the text may.
    const text = lines.stepLine && position?.source.text?.();
    if (!text || !position) return undefined;
    const name = names.nameOf(toFuncIndex(body + this.#importedFunctions()), undefined);
    return declaredInText(text, name, position.line);
  }

  get status(): DebugInfoStatus {
    return this.#parts.status();
  }

  get problems(): readonly string[] {
    return this.#parts.problems;
  }

  get stackPointerGlobal(): number | undefined {
    return this.#parts.stackPointerGlobal;
  }

  sources(): readonly SourceFile[] {
    return this.#parts.lines.sources;
  }

  statements(): StatementColumns {
    return this.#stepStatements();
  }
  readonly #stepStatements = once((): StatementColumns => {
    const { stepLine } = this.#parts.lines;
    const { offset, line, row } = this.#statements();
    return { offset, line: stepLine ? row.map((of) => stepLine[of] as number) : line };
  });

  prepareBreakpoints(): void {
    this.#breakpoints().prepare();
    try {
      this.#parts.dwarf?.unitsAt(toCodeOffset(0));
    } catch (error) {
      // Whoever needs to know of a function is told that its units cannot be read.
      if (!(error instanceof MalformedError)) throw error;
    }
  }

  resolveLine(source: SourceFile, line: number, column?: number): ResolvedLine | undefined {
    return this.#breakpoints().resolve(source.id, line, column);
  }

  positionsWithCode(source: SourceFile, firstLine: number, lastLine: number): readonly LineColumn[] {
    return this.#breakpoints().positions(source.id, firstLine, lastLine);
  }

  linesWithCode(source: SourceFile, firstLine: number, lastLine: number): readonly number[] {
    return this.#breakpoints().lines(source.id, firstLine, lastLine);
  }

  locate(offset: ModuleOffset): SourcePosition | undefined {
    const { lines } = this.#parts;
    const row = this.#rowAt(offset);
    const key = toLineKey(lines.line[row] ?? 0);
    if (key === 0) return undefined;
    const { source, line } = lines.keys.positionOf(key);
    const file = lines.sources[source];
    const column = lines.column[row] ?? 0;
    return file && { source: file, line, column: column > 0 ? column - 1 : undefined };
  }

  lineKeyAt(offset: ModuleOffset): LineKey {
    const { line, stepLine = line } = this.#parts.lines;
    return toLineKey(stepLine[this.#rowAt(offset)] ?? 0);
  }

  functionAt(offset: ModuleOffset): FunctionInfo | undefined {
    const body = findBodyAt(this.#parts.module.code, offset);
    if (body === undefined) return undefined;
    let info = this.#functions.get(body);
    if (!info) {
      info = this.#describe(body);
      this.#functions.set(body, info);
    }
    return info;
  }

  inlinedCalls(offset: ModuleOffset): InlinedCalls | undefined {
    const { module, lines, names, callSites } = this.#parts;
    const body = findBodyAt(module.code, offset);
    if (body === undefined || !callSites) return undefined;
    if (!this.#inlinedCalls.has(body)) {
      const unit = names.dieOf(body)?.unit ?? -1;
      const entries = names.inlinedCalls(body);
      const calls = indexInlinedCalls(entries, module.code.start, {
        name: (entry) => names.inlinedName(entry),
        position: (entry) => callSites.positionOf(unit, entry),
        lineKey: ({ source, line }) => lines.keys.keyOfAny(source.id, line),
      });
      this.#inlinedCalls.set(body, entries.length > 0 ? calls : undefined);
    }
    return this.#inlinedCalls.get(body);
  }

  *functionsInlining(hint?: string): Generator<FunctionInfo, void, undefined> {
    const { module, names } = this.#parts;
    const seen = new Set<DefinedFuncIndex>();
    for (const begin of names.functionsInlining(hint)) {
      const offset = toModuleOffset(module.code.start + begin);
      const body = findBodyAt(module.code, offset);
      const info = body === undefined || seen.has(body) ? undefined : this.functionAt(offset);
      if (body === undefined || !info) continue;
      seen.add(body);
      yield info;
    }
  }

  *functions(hint?: string): Generator<NamedFunction, void, undefined> {
    const { module, names } = this.#parts;
    for (let body = 0; body < module.code.count; body++) {
      const otherNames = names.otherNames(toFuncIndex(body + this.#importedFunctions()));
      if (hint !== undefined && otherNames.length > 0 && !otherNames.some((name) => name.includes(hint)))
        continue;
      const info = this.functionAt(toModuleOffset(module.code.bodyStarts[body] ?? 0));
      if (info) yield { info, otherNames };
    }
  }

  operandSince(offset: ModuleOffset, index: number): ModuleOffset | undefined {
    let known = this.#operands.get(offset);
    if (!known) {
      known = operandsAt(this.#parts.module, offset);
      // A stop is at one place of each frame: few are asked for before they are asked for again.
      if (this.#operands.size >= mostOperandPlaces) this.#operands.clear();
      this.#operands.set(offset, known);
    }
    return known[index];
  }

  isGivenAway(local: number, since: ModuleOffset, offset: ModuleOffset): boolean {
    return this.#takeovers().isGivenAway(local, since, offset);
  }

  isAsGiven(local: number, offset: ModuleOffset): boolean {
    return this.#takeovers().isAsGiven(local, offset);
  }

  namedSlots(): NamedSlotColumns {
    return this.#namedSlots();
  }

  stackShape(func: FuncIndex): StackShape {
    let shape = this.#shapes.get(func);
    if (!shape) {
      shape = this.#readShape(func);
      this.#shapes.set(func, shape);
    }
    return shape;
  }

  /** The row that holds at `offset`; −1 where none does: outside of functions, or before a function's first row. */
  #rowAt(offset: ModuleOffset): number {
    const { lines, module } = this.#parts;
    const row = rowAt(lines, offset);
    const body = findBodyAt(module.code, offset);
    const start = body === undefined ? undefined : module.code.bodyStarts[body];
    return start !== undefined && (lines.offset[row] ?? -1) >= start ? row : -1;
  }

  #describe(body: DefinedFuncIndex): FunctionInfo {
    const { module, names } = this.#parts;
    const index = toFuncIndex(body + this.#importedFunctions());
    const from = toModuleOffset(module.code.bodyStarts[body] ?? 0);
    const to = toModuleOffset(module.code.bodyEnds[body] ?? 0);
    const statements = statementsWithin(this.#statements(), from, to);
    const hasLines = statements.to > statements.from;
    // Names are read when somebody wants one: a step asks for the bounds of every function.
    const die = once(() => names.dieOf(body));
    const name = once(() => names.nameOf(index, die()));
    return {
      index,
      from,
      to,
      hasLines,
      get name() {
        return name();
      },
      get linkerName() {
        return names.linkerName(index, die(), name());
      },
      get die() {
        const subprogram = die();
        return subprogram && { unit: subprogram.unit, offset: subprogram.offset };
      },
    };
  }

  #readShape(func: FuncIndex): StackShape {
    const { module, stackPointerGlobal } = this.#parts;
    const body = func - this.#importedFunctions();
    if (body < 0 || body >= module.code.count) return unknownShape;
    return readStackShape(module, toDefinedFuncIndex(body), stackPointerGlobal);
  }
}

import { type DefinedFuncIndex, type ModuleOffset, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { once } from "../base/once.ts";
import type { DebugInfo, SourcePosition } from "../debuginfo/debug-info.ts";
import type { ModuleNames } from "../debuginfo/module-names.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { formatInstruction } from "../wasm/disassemble.ts";
import { LOOP } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { type CodePosition, CodePositions } from "./code-positions.ts";
import type { FunctionOutline } from "./function-outline.ts";
import { NamedOperands } from "./named-operands.ts";

/** One line of a listing. */
export type CodeRow =
  | {
      readonly kind: "instruction";
      readonly offset: ModuleOffset;
      readonly bytes: Uint8Array;
      /** In the text format, with names, indented by the blocks it stands in. */
      readonly text: string;
      readonly function: string;
      /** Whether its function begins with it. */
      readonly isFirst: boolean;
      /** Of the statement it belongs to. */
      readonly position?: SourcePosition;
    }
  /** No instruction: outside of all functions, or malformed. `offset` may be negative, `bytes` empty. */
  | { readonly kind: "invalid"; readonly offset: number; readonly bytes: Uint8Array; readonly text: string };

/** What a listing is made of. */
export interface DisassemblyParts {
  readonly module: WasmModule;
  readonly names: ModuleNames;
  readonly debugInfo: DebugInfo;
}

/**
 * The code of a module as text, at any place of it.
 *
 * Offsets are those of the original module, so a row is the same whenever and from wherever it is asked for.
 */
export class Disassembly {
  readonly #parts: DisassemblyParts;
  readonly #positions: CodePositions;
  readonly #operands: NamedOperands;

  constructor(parts: DisassemblyParts) {
    this.#parts = parts;
    this.#positions = new CodePositions(parts.module);
    this.#operands = new NamedOperands(parts.module, parts.names);
  }

  /** Bytes from byte 0 of the module's file to the end of its code. */
  get codeEnd(): number {
    return this.#parts.module.code.end;
  }

  /**
   * Exactly `count` rows in the order of the file: the first is `skip` rows behind (or, negative, before) the instruction
   * that `offset` lies in. Functions follow one another without rows between them.
   */
  rows(offset: number, skip: number, count: number): readonly CodeRow[] {
    const rows: CodeRow[] = [];
    let position = this.#positions.move(this.#positions.at(offset), skip);
    for (let row = 0; row < count; row++) {
      if (row > 0) position = this.#positions.move(position, 1);
      rows.push(this.#row(position));
    }
    return rows;
  }

  /** The instruction that begins at `offset`; `undefined` where none does. */
  instructionAt(offset: ModuleOffset): Extract<CodeRow, { kind: "instruction" }> | undefined {
    const position = this.#positions.exactly(offset);
    const row = position && this.#row(position);
    return row?.kind === "instruction" ? row : undefined;
  }

  /** The instructions of one function; there must be one of that index. */
  outlineOf(body: DefinedFuncIndex): FunctionOutline {
    return this.#positions.outlineOf(body);
  }

  /** The instruction that begins at `offset` among those of its function; `undefined` where none does. */
  outlineAt(offset: ModuleOffset): { readonly outline: FunctionOutline; readonly at: number } | undefined {
    return this.#positions.exactly(offset);
  }

  #row(position: CodePosition): CodeRow {
    if (position.kind === "outside") {
      return { kind: "invalid", offset: position.offset, bytes: noBytes, text: "(no code)" };
    }
    const { outline, at } = position;
    const { bytes } = this.#parts.module;
    const from = outline.starts[at] as number;
    const to = outline.starts[at + 1] as number;
    if (outline.problem !== undefined && at === outline.count - 1) {
      const some = bytes.subarray(from, Math.min(to, from + mostUnread));
      return { kind: "invalid", offset: from, bytes: some, text: `(malformed: ${outline.problem})` };
    }
    return this.#instruction(outline, at, bytes.subarray(from, to));
  }

  #instruction(outline: FunctionOutline, at: number, bytes: Uint8Array): CodeRow {
    const { debugInfo } = this.#parts;
    const offset = toModuleOffset(outline.starts[at] as number);
    const position = debugInfo.locate(offset);
    return {
      kind: "instruction",
      offset,
      bytes,
      text: "  ".repeat(Math.min(depthOf(outline, at), deepestIndent)) + this.#text(outline, at),
      function: debugInfo.functionAt(offset)?.name ?? `func[${this.#index(outline)}]`,
      isFirst: at === 0,
      ...(position ? { position } : {}),
    };
  }

  #text(outline: FunctionOutline, at: number): string {
    const { bytes } = this.#parts.module;
    const reader = new CodeReader(bytes, outline.starts[at] as number, outline.starts[at + 1] as number);
    const texts = this.#operands.within(this.#index(outline), (depth) => this.#label(outline, at, depth));
    try {
      reader.next();
      return formatInstruction(reader, texts);
    } catch (error) {
      // What the walk skips over without looking may still not be decodable.
      if (error instanceof MalformedError) return `${reader.mnemonic} (malformed: ${error.detail})`;
      throw error;
    }
  }

  /** A label with the place a branch to it goes on at: `1 (;0x54f;)`. */
  #label(outline: FunctionOutline, at: number, depth: number): string {
    let block = outline.around[at] as number;
    for (let level = 0; level < depth && block >= 0; level++) block = outline.around[block] as number;
    const target = this.#branchTarget(outline, block);
    return target === undefined ? String(depth) : `${depth} (;0x${target.toString(16)};)`;
  }

  /** A branch to the function itself returns: it goes nowhere in it. */
  #branchTarget({ starts, ends }: FunctionOutline, block: number): number | undefined {
    const start = starts[block];
    if (start === undefined) return undefined;
    if (this.#parts.module.bytes[start] === LOOP) return start;
    const end = ends.get(block);
    return end === undefined ? undefined : starts[end + 1];
  }

  #index(outline: FunctionOutline) {
    return toFuncIndex(outline.body + this.#importedFunctions());
  }
  readonly #importedFunctions = once(
    () => this.#parts.module.imports.filter(({ type }) => type.kind === "func").length,
  );
}

/** How many blocks an instruction stands in. */
function depthOf({ around }: FunctionOutline, at: number): number {
  let depth = 0;
  for (let block = around[at] as number; block >= 0; block = around[block] as number) depth++;
  return depth;
}

/** Blocks beyond which lines are not indented further: generated code nests by the hundred. */
const deepestIndent = 16;
/** Bytes shown of what cannot be decoded. */
const mostUnread = 16;
const noBytes = new Uint8Array(0);

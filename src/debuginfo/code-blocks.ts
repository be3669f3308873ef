import type { DefinedFuncIndex } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import * as op from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";

/**
 * A function's code in blocks, each of which runs from its beginning to its end unless a trap ends it, and where execution may go
 * from each. Block 0 is where the function begins.
 *
 * What may throw within a `try` ends its block.
 */
export interface CodeBlocks {
  /** ModuleOffset of each block's first byte, never falling. */
  readonly from: readonly number[];
  /** ModuleOffset behind each block's last byte; some blocks have no code. */
  readonly to: readonly number[];
  /** By block: numbers of those that may come next. */
  readonly next: readonly (readonly number[])[];
  /** By block: the first and the last of those that may come before; absent where none may. */
  readonly before: readonly (BlockSpan | undefined)[];
}

/** The first and the last of some blocks. */
export interface BlockSpan {
  readonly lowest: number;
  readonly highest: number;
}

/** Code of which nothing is known but where it lies: one block, `from` to `to` (exclusive). */
export function straightCode(from: number, to: number): CodeBlocks {
  return { from: [from], to: [to], next: [[]], before: [undefined] };
}

/** The blocks of one function; as far as they can be read, where its code is malformed. */
export function readCodeBlocks({ bytes, code }: WasmModule, body: DefinedFuncIndex): CodeBlocks {
  const start = code.bodyStarts[body] as number;
  const builder = new BlockBuilder(start);
  try {
    const { instructionsStart, end } = readFunctionBody(bytes, code, body);
    const reader = new CodeReader(bytes, instructionsStart, end);
    while (reader.next()) builder.add(reader);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return builder.finish(code.bodyEnds[body] as number);
}

/** A block of the code's structure that branches can leave or, for a loop, begin again. */
interface Label {
  /** Of a loop: the block that it begins with. */
  readonly head?: number;
  /** Blocks that go on behind its end. */
  readonly leaving: number[];
  /** Of an `if` without an `else` so far: the block that decides. */
  decides?: number | undefined;
  /** Of a try: what `BlockBuilder` had as its thrown before. */
  readonly outer?: number | undefined;
  /** Of a try: the block without code that exceptions come to. */
  readonly thrown?: number;
}

class BlockBuilder {
  readonly #from: number[];
  readonly #to: number[] = [];
  readonly #next: number[][] = [[]];
  readonly #labels: Label[] = [{ leaving: [] }];
  #current = 0;
  /** Where exceptions thrown here come to; `undefined` where they leave the function. */
  #thrown: number | undefined;

  constructor(start: number) {
    this.#from = [start];
  }

  finish(end: number): CodeBlocks {
    this.#to[this.#current] = end;
    return { from: this.#from, to: this.#to, next: this.#next, before: spansBefore(this.#next) };
  }

  add(reader: CodeReader): void {
    const { opcode, end } = reader;
    switch (opcode) {
      case op.BLOCK:
        this.#labels.push({ leaving: [] });
        return;
      case op.LOOP:
        this.#begin(end, [this.#current]);
        this.#labels.push({ leaving: [], head: this.#current });
        return;
      case op.IF: {
        const decides = this.#current;
        this.#begin(end, [decides]);
        this.#labels.push({ leaving: [], decides });
        return;
      }
      case op.ELSE:
        this.#else(end);
        return;
      case op.TRY:
      case op.TRY_TABLE:
        this.#openTry(reader);
        return;
      case op.CATCH:
      case op.CATCH_ALL:
        this.#catch(end);
        return;
      case op.END:
      case op.DELEGATE:
        this.#close(end);
        return;
      case op.BR_IF:
      case op.BR_ON_NULL:
      case op.BR_ON_NON_NULL:
        this.#branch(reader.index());
        this.#begin(end, [this.#current]);
        return;
      case op.BR_ON_CAST:
      case op.BR_ON_CAST_FAIL:
        this.#branch(reader.castLabel());
        this.#begin(end, [this.#current]);
        return;
      case op.BR:
        this.#branch(reader.index());
        break;
      case op.BR_TABLE: {
        const labels: number[] = [];
        reader.labels(labels);
        for (const label of new Set(labels)) this.#branch(label);
        break;
      }
      default:
        this.#other(opcode, end);
        return;
    }
    this.#begin(end, []);
  }

  #other(opcode: op.Opcode, end: number): void {
    const ends = op.endsControlFlow(opcode);
    const mayThrow =
      this.#thrown !== undefined &&
      (ends || opcode === op.CALL || opcode === op.CALL_INDIRECT || opcode === op.CALL_REF);
    if (mayThrow) this.#link(this.#current, this.#thrown as number);
    if (ends) this.#begin(end, []);
    else if (mayThrow) this.#begin(end, [this.#current]);
  }

  #else(end: number): void {
    const label = this.#labels.at(-1);
    if (!label) return;
    label.leaving.push(this.#current);
    this.#begin(end, label.decides === undefined ? [] : [label.decides]);
    label.decides = undefined;
  }

  #openTry(reader: CodeReader): void {
    const outer = this.#thrown;
    const thrown = this.#withoutCode(reader.end);
    if (outer !== undefined) this.#link(thrown, outer);
    if (reader.opcode === op.TRY_TABLE) {
      const labels: number[] = [];
      reader.catchLabels(labels);
      for (const label of new Set(labels)) this.#branch(label, thrown);
    }
    this.#labels.push({ leaving: [], thrown, outer });
    this.#thrown = thrown;
  }

  #catch(end: number): void {
    const label = this.#labels.at(-1);
    if (!label) return;
    label.leaving.push(this.#current);
    this.#begin(end, label.thrown === undefined ? [] : [label.thrown]);
    this.#thrown = label.outer;
  }

  #close(end: number): void {
    const label = this.#labels.pop();
    if (!label) return;
    if (label.thrown !== undefined) this.#thrown = label.outer;
    const leaving = label.decides === undefined ? label.leaving : [...label.leaving, label.decides];
    if (leaving.length > 0) this.#begin(end, [...leaving, this.#current]);
  }

  #branch(depth: number, from: number = this.#current): void {
    const label = this.#labels[this.#labels.length - 1 - depth];
    if (label?.head !== undefined) this.#link(from, label.head);
    else label?.leaving.push(from);
  }

  #link(from: number, to: number): void {
    this.#next[from]?.push(to);
  }

  /** Ends the block at hand; another begins at `offset`, which `before` go on in. */
  #begin(offset: number, before: readonly number[]): void {
    this.#to[this.#current] = offset;
    this.#current = this.#add(offset);
    for (const from of before) this.#link(from, this.#current);
  }

  #withoutCode(offset: number): number {
    const block = this.#add(offset);
    this.#to[block] = offset;
    // The block at hand goes on behind it, so that those with code stay in order.
    const before = this.#current;
    this.#begin(offset, [before]);
    return block;
  }

  #add(offset: number): number {
    this.#next.push([]);
    return this.#from.push(offset) - 1;
  }
}

function spansBefore(next: readonly (readonly number[])[]): (BlockSpan | undefined)[] {
  const before = new Array<BlockSpan | undefined>(next.length);
  for (const [block, following] of next.entries()) {
    for (const of of following) before[of] = { lowest: before[of]?.lowest ?? block, highest: block };
  }
  return before;
}

import type { DefinedFuncIndex } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import {
  BLOCK,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  IF,
  LOOP,
  type Opcode,
  TRY,
  TRY_TABLE,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";

/**
 * Where the instructions of one function lie and which blocks they stand in, as columns by position: instruction 0 is the
 * first.
 *
 * What cannot be decoded is one entry more, up to the end of the body: see `problem`.
 */
export interface FunctionOutline {
  readonly body: DefinedFuncIndex;
  readonly count: number;
  /** ModuleOffset of each first byte, and behind them of the byte that follows the last: `count + 1` entries, rising. */
  readonly starts: Uint32Array;
  /**
   * Position of the instruction that opens the innermost block around each one, −1 for the function itself. What
   * divides or ends a block (`else`, `catch`, `end`) stands in the block around it.
   */
  readonly around: Int32Array;
  /** Position of the `end` or `delegate` that ends the block which the instruction at a position opens. */
  readonly ends: ReadonlyMap<number, number>;
  /** Why the last entry is no instruction. */
  readonly problem?: string;
}

/** Walks a function body, whatever is in it. There must be one of that index. */
export function outlineFunction(module: WasmModule, body: DefinedFuncIndex): FunctionOutline {
  const end = module.code.bodyEnds[body] ?? 0;
  const walk = new Walk();
  let problem: string | undefined;
  try {
    const { instructionsStart } = readFunctionBody(module.bytes, module.code, body);
    walk.next = instructionsStart;
    const reader = new CodeReader(module.bytes, instructionsStart, end);
    while (reader.next()) walk.add(reader);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    problem = error.detail;
    walk.addUnread(module.code.bodyStarts[body] ?? 0);
  }
  const outline = {
    body,
    count: walk.starts.length,
    starts: Uint32Array.from([...walk.starts, end]),
    around: Int32Array.from(walk.around),
    ends: walk.ends,
  };
  return problem === undefined ? outline : { ...outline, problem };
}

class Walk {
  readonly starts: number[] = [];
  readonly around: number[] = [];
  readonly ends = new Map<number, number>();
  /** Where the next instruction begins; `undefined` before the first is known. */
  next: number | undefined;
  /** Positions of what opened the blocks that are open. */
  readonly #open: number[] = [];

  add({ opcode, offset, end }: CodeReader): void {
    const position = this.starts.length;
    if (opcode === END || opcode === DELEGATE) {
      const opener = this.#open.pop();
      if (opener !== undefined) this.ends.set(opener, position);
    }
    const inner = this.#open.at(-1) ?? -1;
    const divided = divides(opcode) && inner >= 0 ? (this.around[inner] as number) : inner;
    this.starts.push(offset);
    this.around.push(divided);
    if (opens(opcode)) this.#open.push(position);
    this.next = end;
  }

  /** The rest of a body that cannot be decoded; `bodyStart` is for one whose declarations cannot. */
  addUnread(bodyStart: number): void {
    this.starts.push(this.next ?? bodyStart);
    this.around.push(-1);
  }
}

/** Whether an instruction opens a block. */
function opens(opcode: Opcode): boolean {
  switch (opcode) {
    case BLOCK:
    case LOOP:
    case IF:
    case TRY:
    case TRY_TABLE:
      return true;
    default:
      return false;
  }
}

const divides = (opcode: Opcode): boolean => opcode === ELSE || opcode === CATCH || opcode === CATCH_ALL;

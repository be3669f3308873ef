import { lowerBound } from "../base/binary-search.ts";
import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, funcIndexOf, type IndexSpaces, readIndexSpaces } from "../wasm/index-spaces.ts";
import { LOCAL_SET, LOCAL_TEE } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";
import type { NamedSlotColumns } from "./debug-info.ts";

/**
 * Where locals are given from one variable to another.
 *
 * LLVM puts variables into one local whose lives overlap in its debug info, though not in the program, and lets both claim
 * it. The claim that begins where the local is written is the true one.
 */
export class Takeovers {
  readonly #module: WasmModule;
  readonly #named: NamedSlotColumns;
  #spaces: IndexSpaces | undefined;
  /** By where a function's body starts: the locals written there by the offset behind the instruction. */
  readonly #writes = new Map<number, ReadonlyMap<number, number>>();

  constructor(module: WasmModule, named: NamedSlotColumns) {
    this.#module = module;
    this.#named = named;
  }

  /** Whether a claim on `local` begins with a write of it behind `since` and not behind `offset`, both of one function. */
  isGivenAway(local: number, since: ModuleOffset, offset: ModuleOffset): boolean {
    const { begin, isOperand, index } = this.#named;
    for (let row = lowerBound(begin, since + 1); (begin[row] ?? Infinity) <= offset; row++) {
      if (index[row] !== local || isOperand[row] !== 0) continue;
      if (this.#writesIn(offset).get(begin[row] as number) === local) return true;
    }
    return false;
  }

  /** Whether a local is a parameter that the function at `offset` never writes, so that it is still what the caller gave. */
  isAsGiven(local: number, offset: ModuleOffset): boolean {
    const index = findBodyAt(this.#module.code, offset);
    if (index === undefined) return false;
    this.#spaces ??= readIndexSpaces(this.#module);
    const type = findTypeOfFunction(this.#spaces, funcIndexOf(this.#spaces, index));
    if (local >= (type?.params.length ?? 0)) return false;
    for (const written of this.#writesIn(offset).values()) if (written === local) return false;
    return true;
  }

  #writesIn(offset: ModuleOffset): ReadonlyMap<number, number> {
    const index = findBodyAt(this.#module.code, offset);
    const start = index === undefined ? 0 : (this.#module.code.bodyStarts[index] as number);
    let writes = this.#writes.get(start);
    if (!writes) {
      writes = readWrites(this.#module, toModuleOffset(start));
      this.#writes.set(start, writes);
    }
    return writes;
  }
}

function readWrites(module: WasmModule, start: ModuleOffset): ReadonlyMap<number, number> {
  const writes = new Map<number, number>();
  const index = findBodyAt(module.code, start);
  if (index === undefined) return writes;
  try {
    const body = readFunctionBody(module.bytes, module.code, index);
    const reader = new CodeReader(module.bytes, body.instructionsStart, body.end);
    while (reader.next()) {
      if (reader.opcode === LOCAL_SET || reader.opcode === LOCAL_TEE) writes.set(reader.end, reader.index());
    }
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return writes;
}

import { type ModuleOffset, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { findTypeOfFunction, readIndexSpaces } from "../wasm/index-spaces.ts";
import type { WasmModule } from "../wasm/module.ts";
import { OperandTypes } from "../wasm/operand-types.ts";
import { findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";

/**
 * What is on the operand stack as the instruction at `offset` begins, bottom first: of each operand the offset behind
 * the instruction that put it there. Nothing where code is malformed or `offset` lies in none.
 */
export function operandsAt(module: WasmModule, offset: ModuleOffset): readonly ModuleOffset[] {
  try {
    const index = findBodyAt(module.code, offset);
    if (index === undefined) return [];
    const spaces = readIndexSpaces(module);
    const types = new OperandTypes(spaces);
    // Types are not asked for, so those of locals are not needed.
    types.begin(findTypeOfFunction(spaces, toFuncIndex(index + spaces.imported.functions)), []);
    const body = readFunctionBody(module.bytes, module.code, index);
    const reader = new CodeReader(module.bytes, body.instructionsStart, body.end);
    while (reader.next() && reader.offset < offset) types.note(reader);
    return reader.offset === offset ? types.since.slice(0, types.depth).map(toModuleOffset) : [];
  } catch (error) {
    if (error instanceof MalformedError) return [];
    throw error;
  }
}

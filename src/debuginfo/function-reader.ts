import { toDefinedFuncIndex } from "../base/brand.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";

/** A walk over the instructions of a function, which counts from `imported`; `undefined` for one that is imported. */
export function readerOf(module: WasmModule, func: number, imported: number): CodeReader | undefined {
  const body = func - imported;
  if (body < 0 || body >= module.code.count) return undefined;
  const { instructionsStart } = readFunctionBody(module.bytes, module.code, toDefinedFuncIndex(body));
  return new CodeReader(module.bytes, instructionsStart, module.code.bodyEnds[body] as number);
}

import { CodeReader } from "./code-reader.ts";
import { I32_CONST, I64_CONST } from "./instructions.ts";
import type { WasmModule } from "./module.ts";

/** The first value of an integer global, unsigned; `undefined` where it is imported, or more than a constant. */
export function initialValue(module: WasmModule, global: number | undefined): bigint | undefined {
  if (global === undefined) return undefined;
  const imported = module.imports.filter(({ type }) => type.kind === "global").length;
  const init = module.globals[global - imported]?.init;
  if (!init) return undefined;
  const reader = new CodeReader(module.bytes, init.start, init.end);
  reader.next();
  if (reader.opcode === I32_CONST) return BigInt(reader.i32() >>> 0);
  return reader.opcode === I64_CONST ? BigInt.asUintN(64, reader.i64()) : undefined;
}

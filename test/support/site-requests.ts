import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Gimli } from "gimli-wasm";
import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import { type NamedSlots, noNamedSlots } from "../../src/instrument/named-slots.ts";
import type { SiteRequests } from "../../src/instrument/site-requests.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";

/** Where the statements of a module begin, as its debug info says; none without debug info. */
export const statementsOf = (module: WasmModule): SiteRequests => ask(module, (info) => info.statements());

/** Where the statements of a module begin, and which slots of its frames its debug info names; nothing without debug info. */
export const debugInfoOf = (
  module: WasmModule,
): { readonly sites: SiteRequests; readonly named: NamedSlots } =>
  ask(module, (info) => ({ sites: info.statements(), named: info.namedSlots?.() ?? noNamedSlots }));

function ask<T>(module: WasmModule, question: (info: DebugInfo) => T): T {
  gimli ??= Gimli.fromBytes(readFileSync(fileURLToPath(import.meta.resolve("gimli-wasm/gimli.wasm"))));
  const { info, dwarf } = openDebugInfo(module, gimli);
  try {
    return question(info);
  } finally {
    dwarf?.close();
  }
}

let gimli: Gimli | undefined;

/** Every instruction of every function, each on a line of its own. */
export function everyInstructionOf(module: WasmModule): SiteRequests {
  const offsets: number[] = [];
  eachInstruction(module, ({ offset }) => offsets.push(offset));
  return { offset: Uint32Array.from(offsets), line: Uint32Array.from(offsets, (_, index) => index + 1) };
}

/** Walks all function bodies; `visit` is given the reader at each instruction. */
export function eachInstruction(module: WasmModule, visit: (reader: CodeReader) => void): void {
  for (let index = 0; index < module.code.count; index++) {
    const body = readFunctionBody(module.bytes, module.code, toDefinedFuncIndex(index));
    const reader = new CodeReader(module.bytes, body.instructionsStart, body.end);
    while (reader.next()) visit(reader);
  }
}

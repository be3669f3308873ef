import { toDefinedFuncIndex } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { findFuncType, type IndexSpaces, readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { CALL, UNREACHABLE } from "../../src/wasm/instructions.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { formatValueType } from "../../src/wasm/value-type.ts";
import {
  type AssemblyScriptNeeds,
  assemblyScriptImports,
  assemblyScriptModule,
} from "../assemblyscript/imports.ts";

/** Which of its imports a module takes for AssemblyScript's, by name and type. */
export function assemblyScriptNeeds(module: WasmModule): AssemblyScriptNeeds {
  const spaces = readIndexSpaces(module);
  const names: string[] = [];
  let abort: number | undefined;
  let func = 0;
  for (const { module: from, name, type } of module.imports) {
    if (type.kind !== "func") continue;
    const index = func++;
    if (from !== assemblyScriptModule) continue;
    if (assemblyScriptImports.get(name) !== signature(spaces, type.typeIndex)) continue;
    names.push(name);
    if (name === "abort") abort = index;
  }
  return { names, abortsTrap: abort !== undefined && trapsAfter(module, abort) };
}

function signature(spaces: IndexSpaces, typeIndex: number): string | undefined {
  const type = findFuncType(spaces, typeIndex);
  if (!type) return undefined;
  const [params, results] = [type.params, type.results].map((types) =>
    Array.from(types, (one) => formatValueType(one)).join(","),
  );
  return `${params}>${results}`;
}

const isCall = new Uint8Array(256);
isCall[CALL] = 1;

/** Whether an `unreachable` follows each call of an imported function. */
function trapsAfter({ bytes, code }: WasmModule, callee: number): boolean {
  try {
    for (let body = 0; body < code.count; body++) {
      const { instructionsStart } = readFunctionBody(bytes, code, toDefinedFuncIndex(body));
      const end = code.bodyEnds[body] as number;
      const reader = new CodeReader(bytes, instructionsStart, end);
      while (reader.end < end && reader.nextOf(isCall, end)) {
        if (reader.opcode !== CALL || reader.index() !== callee) continue;
        if (bytes[reader.end] !== UNREACHABLE) return false;
      }
    }
    return true;
  } catch (error) {
    // Whoever instruments the module says what is wrong with it.
    if (error instanceof MalformedError) return false;
    throw error;
  }
}

import { toDefinedFuncIndex, toFuncIndex } from "../../src/base/brand.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { formatInstruction } from "../../src/wasm/disassemble.ts";
import { findTypeOfFunction, readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import {
  BLOCK,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  IF,
  LOOP,
  TRY,
  TRY_TABLE,
} from "../../src/wasm/instructions.ts";
import { readModule } from "../../src/wasm/module.ts";
import { readFunctionBody } from "../../src/wasm/sections/code.ts";
import { formatValueType } from "../../src/wasm/value-type.ts";

/** The functions of a module as text, one instruction a line; those from index `first` up to `end` (exclusive). */
export function listing(bytes: Uint8Array, first = 0, end = Number.POSITIVE_INFINITY): string {
  const module = readModule(bytes);
  const imported = readIndexSpaces(module).imported.functions;
  const functions: string[] = [];
  for (let index = 0; index < module.code.count; index++) {
    const func = index + imported;
    if (func >= first && func < end) functions.push(...listFunction(bytes, index, func));
  }
  return functions.join("\n");
}

function listFunction(bytes: Uint8Array, index: number, func: number): string[] {
  const module = readModule(bytes);
  const type = findTypeOfFunction(readIndexSpaces(module), toFuncIndex(func));
  const body = readFunctionBody(bytes, module.code, toDefinedFuncIndex(index));
  const locals = body.locals.flatMap((run) => Array<string>(run.count).fill(formatValueType(run.type)));
  const clauses = [
    ["param", (type?.params ?? []).map(formatValueType)],
    ["result", (type?.results ?? []).map(formatValueType)],
    ["local", locals],
  ] as const;
  const header = clauses
    .filter(([, types]) => types.length > 0)
    .map(([name, types]) => ` (${name} ${types.join(" ")})`);
  return [`func ${func}${header.join("")}`, ...listInstructions(bytes, body.instructionsStart, body.end)];
}

/** Instructions, indented by the blocks they are in. */
export function listInstructions(bytes: Uint8Array, start: number, end: number): string[] {
  const reader = new CodeReader(bytes, start, end);
  const lines: string[] = [];
  let depth = 1;
  while (reader.next()) {
    const { opcode } = reader;
    const isDivider = opcode === ELSE || opcode === CATCH || opcode === CATCH_ALL;
    if (opcode === END || opcode === DELEGATE) depth--;
    lines.push("  ".repeat(isDivider ? depth - 1 : depth) + formatInstruction(reader));
    if ([BLOCK, LOOP, IF, TRY, TRY_TABLE].includes(opcode)) depth++;
  }
  return lines;
}

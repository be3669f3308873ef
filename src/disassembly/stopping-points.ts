import { toDefinedFuncIndex } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import {
  BR,
  BR_IF,
  BR_TABLE,
  CALL,
  CALL_INDIRECT,
  DROP,
  ELSE,
  GLOBAL_SET,
  IF,
  LOCAL_SET,
  LOOP,
  RETURN,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { readFunctionBody } from "../wasm/sections/code.ts";
import { onlyStructures } from "../wasm/structural.ts";

/**
 * How close to one another the places are where code without lines can be stopped: at every instruction; where something of
 * the code before is done with, as at a statement; at the beginning of functions and what they branch to and call.
 */
export type StoppingDensity = "instructions" | "statements" | "calls";

/** Places where code without lines can be stopped, as offsets in rising order. */
export interface StoppingPoints {
  readonly density: StoppingDensity;
  readonly offset: Uint32Array;
}

/**
 * As many as there may be before the next coarser density is taken. A probe more makes a module some 50 bytes longer: with
 * one at each of its 3.8 million instructions, a Go program of 12 MB became one of 200 MB and took 12 seconds to start.
 */
export const mostPoints = 500_000;

/** The finest places that there are not more than `most` of; the coarsest of all, however many those are. */
export function stoppingPoints(module: WasmModule, most: number): StoppingPoints {
  const { offset, coarsest } = rank(module);
  if (offset.length <= most) return { density: "instructions", offset };
  const statements = offset.filter((_, at) => (coarsest[at] as number) >= STATEMENT);
  if (statements.length <= most) return { density: "statements", offset: statements };
  return { density: "calls", offset: offset.filter((_, at) => coarsest[at] === BRANCH) };
}

const STATEMENT = 1;
const BRANCH = 2;

/**
 * All instructions that do more than open or close a block, up to what is malformed in each function, with the coarsest density
 * that each is a place of.
 */
function rank({ bytes, code }: WasmModule): { readonly offset: Uint32Array; readonly coarsest: Uint8Array } {
  // No instruction is shorter than a byte.
  const offset = new Uint32Array(Math.max(0, code.end - code.start));
  const coarsest = new Uint8Array(offset.length);
  let count = 0;
  for (let body = 0; body < code.count; body++) {
    try {
      const { instructionsStart } = readFunctionBody(bytes, code, toDefinedFuncIndex(body));
      const reader = new CodeReader(bytes, instructionsStart, code.bodyEnds[body] as number);
      let next = BRANCH;
      while (reader.next()) {
        const { opcode } = reader;
        if (onlyStructures(opcode)) {
          next = Math.max(next, opcode === LOOP || opcode === ELSE ? BRANCH : STATEMENT);
          continue;
        }
        offset[count] = reader.offset;
        coarsest[count++] = next;
        next = behind(opcode);
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
  return { offset: offset.slice(0, count), coarsest: coarsest.slice(0, count) };
}

/** `i32.store` and `i64.store32`, with the others between them. */
const [firstStore, lastStore] = [0x36, 0x3e];

/** What the instruction behind one is a place of. */
function behind(opcode: number): number {
  switch (opcode) {
    case IF:
    case CALL:
    case CALL_INDIRECT:
      return BRANCH;
    case BR:
    case BR_IF:
    case BR_TABLE:
    case RETURN:
    case LOCAL_SET:
    case GLOBAL_SET:
    case DROP:
      return STATEMENT;
    default:
      return opcode >= firstStore && opcode <= lastStore ? STATEMENT : 0;
  }
}

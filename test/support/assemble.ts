import { findOpcode, type ImmediateKind, instructionInfo } from "../../src/wasm/instructions.ts";
import {
  type Bytes,
  EXTERNREF,
  F32,
  F64,
  FUNCREF,
  flat,
  I32,
  I64,
  s32,
  u32,
  V128,
  VOID,
} from "./wasm-builder.ts";

/** Value types by the text format's names. */
export const TYPES: Readonly<Record<string, number>> = {
  i32: I32,
  i64: I64,
  f32: F32,
  f64: F64,
  v128: V128,
  funcref: FUNCREF,
  externref: EXTERNREF,
  exnref: 0x69,
};

/**
 * Instructions in the text format, one a line, unfolded, indexes as numbers: what `listing` shows. Empty lines and
 * what follows `;;` are left out. Bytes may stand between texts, for what the text cannot say.
 */
export function assemble(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return flat(
    ...parts.map((part): Bytes => {
      if (typeof part !== "string") return part;
      const lines = part.split("\n").map((line) => line.replace(/;;.*/, "").trim());
      return lines.filter((line) => line !== "").map(assembleLine);
    }),
  );
}

function assembleLine(line: string): Bytes {
  const tokens = line.match(/\([^)]*\)|\S+/g) ?? [];
  const mnemonic = tokens.shift() ?? "";
  const typed = mnemonic === "select" && tokens.length > 0;
  const opcode = typed ? 0x1c : findOpcode(mnemonic);
  if (opcode === undefined) throw new Error(`no instruction ${line}`);
  const kinds = instructionInfo(opcode)?.immediates ?? [];
  const code: Bytes = opcode > 0xff ? [opcode >>> 16, u32(opcode & 0xffff)] : opcode;
  if (mnemonic.endsWith("call_indirect")) {
    const type = numberIn(tokens.pop() ?? "");
    return [code, u32(type), u32(Number(tokens[0] ?? 0))];
  }
  const operands = kinds.map((kind) => immediate(kind, tokens, mnemonic));
  if (tokens.length > 0) throw new Error(`too much in: ${line}`);
  return [code, ...operands];
}

function immediate(kind: ImmediateKind, tokens: string[], mnemonic: string): Bytes {
  switch (kind) {
    case "blocktype":
      return blockType(tokens);
    case "labels": {
      const labels = tokens.splice(0).map(Number);
      return [u32(labels.length - 1), ...labels.map(u32)];
    }
    case "valtypes": {
      const types = namesIn(tokens.shift() ?? "");
      return [u32(types.length), ...types.map(typeByte)];
    }
    case "catches": {
      const clauses = tokens.splice(0);
      return [u32(clauses.length), ...clauses.map(catchClause)];
    }
    case "memarg":
      return memoryArgument(tokens, mnemonic);
    case "i32":
      return s32(Number(tokens.shift()));
    case "i64":
      return s32(BigInt(tokens.shift() ?? ""));
    case "f32":
      return new Uint8Array(Float32Array.of(floatOf(tokens.shift())).buffer);
    case "f64":
      return new Uint8Array(Float64Array.of(floatOf(tokens.shift())).buffer);
    case "heaptype":
      return typeByte(`${tokens.shift()}ref`);
    case "v128":
      tokens.shift(); // i8x16
      return tokens.splice(0, 16).map(Number);
    case "shuffle":
      return tokens.splice(0, 16).map(Number);
    case "lane":
      return Number(tokens.shift());
    case "memory":
      return u32(Number(tokens.shift() ?? 0));
    case "zero":
      return 0;
    default:
      return u32(Number(tokens.shift()));
  }
}

function blockType(tokens: string[]): Bytes {
  const [token] = tokens;
  if (!token?.startsWith("(") || token.startsWith("(catch")) return VOID;
  tokens.shift();
  if (token.startsWith("(type")) return s32(numberIn(token));
  return typeByte(namesIn(token)[0] ?? "");
}

const CLAUSES = ["catch", "catch_ref", "catch_all", "catch_all_ref"];

function catchClause(token: string): Bytes {
  const [kind = "", ...indexes] = token.slice(1, -1).split(" ");
  return [CLAUSES.indexOf(kind), ...indexes.map((index) => u32(Number(index)))];
}

function memoryArgument(tokens: string[], mnemonic: string): Bytes {
  const named = (name: string): number | undefined => {
    const at = tokens.findIndex((token) => token.startsWith(`${name}=`));
    return at < 0 ? undefined : numberIn(tokens.splice(at, 1)[0] ?? "");
  };
  const offset = named("offset") ?? 0;
  const align = named("align") ?? naturalAlignment(mnemonic);
  return [u32(Math.log2(align)), u32(offset)];
}

function naturalAlignment(mnemonic: string): number {
  const bits = /(?:load|store|rmw|wait)(\d+)/.exec(mnemonic)?.[1];
  if (bits) return Number(bits) / 8;
  return mnemonic.startsWith("v128") ? 16 : /^[if]64/.test(mnemonic) ? 8 : 4;
}

const numberIn = (token: string): number => Number(/\d+/.exec(token)?.[0]);
const namesIn = (token: string): string[] => token.slice(1, -1).split(" ").slice(1);

function typeByte(name: string): number {
  const byte = TYPES[name];
  if (byte === undefined) throw new Error(`no type ${name}`);
  return byte;
}

const floatOf = (token: string | undefined): number => Number(token?.replace("inf", "Infinity"));

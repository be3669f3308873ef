import { MalformedError } from "../base/errors.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { I32_AND, I32_CONST, LOCAL_GET } from "../wasm/instructions.ts";

const I32_SHL = 0x74;
const I32_SHR_U = 0x76;
const I32_WRAP_I64 = 0xa7;
const I32_EXTEND8_S = 0xc0;
const I32_EXTEND16_S = 0xc1;
const I32_STORE = 0x36;
const I64_STORE32 = 0x3e;

/**
 * Where a function's code goes on behind what puts its parameters into its frame: `offset` itself, where it does no such thing.
 *
 * clang has done so by the end of the prologue as it marks it, so that every parameter has its value there. The compilers of D and
 * Zig give these stores the line of the function, and mark them as what comes behind the prologue.
 * One is `local.get frame; local.get parameter; store`, with what makes the parameter as narrow as it is declared. `end`: of the body.
 */
export function behindParameterStores(bytes: Uint8Array, offset: number, end: number): number {
  if (!beginsWithTwoGets(bytes, offset)) return offset;
  const reader = new CodeReader(bytes, offset, end);
  let frame: number | undefined;
  let behind = offset;
  try {
    for (;;) {
      if (!reader.next() || reader.opcode !== LOCAL_GET) return behind;
      const base = reader.index();
      frame ??= base;
      if (base !== frame || !reader.next() || reader.opcode !== LOCAL_GET) return behind;
      // Parameters are the first of the locals.
      if (reader.index() >= frame) return behind;
      do if (!reader.next()) return behind;
      while (isNarrowing(reader.opcode));
      if (reader.opcode < I32_STORE || reader.opcode > I64_STORE32) return behind;
      behind = reader.end;
    }
  } catch (error) {
    if (error instanceof MalformedError) return behind;
    throw error;
  }
}

/** Tells most functions apart without decoding anything: there may be a hundred thousand. */
function beginsWithTwoGets(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset] !== LOCAL_GET) return false;
  let at = offset + 1;
  while (((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return bytes[at + 1] === LOCAL_GET;
}

function isNarrowing(opcode: number): boolean {
  const isShift = opcode >= I32_SHL && opcode <= I32_SHR_U;
  const isExtension = opcode === I32_EXTEND8_S || opcode === I32_EXTEND16_S;
  return isShift || isExtension || opcode === I32_CONST || opcode === I32_AND || opcode === I32_WRAP_I64;
}

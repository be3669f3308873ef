import { toMemoryAddress } from "../../base/brand.ts";
import type { CallOutcome, WasmValue } from "../../target/target.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, sizeOf, type Type } from "../types/type.ts";
import { typeName } from "../types/type-name.ts";
import { integerBytes, readFloat, readInteger } from "../values/number.ts";
import { computedValue, type Value } from "../values/value.ts";
import { ExpressionError } from "../variable.ts";
import { resultOf } from "./call-result.ts";
import type { CallArgument, CallTarget } from "./callable.ts";

/** How long a call may take, in milliseconds. */
const timeoutMs = 5_000;
/**
 * Bytes below the stack pointer that functions may use without moving it, and the multiple it is kept at.
 * Source: LLVM, WebAssemblyFrameLowering, "RedZoneSize"; WebAssembly tool conventions, "C ABI".
 */
const redZoneBytes = 128n;
const stackAlignment = 16n;

/**
 * Calls a function of the paused guest, on the guest's stack below all there is, and answers what it returned.
 *
 * What had been read of the guest does not count any more after it. Rejects with `ExpressionError` for what cannot be
 * called and for a call that did not come back; the guest then stands where it stood.
 */
export async function callGuest(
  frame: SymbolFrame,
  target: CallTarget,
  args: readonly CallArgument[],
  column: number,
): Promise<Value> {
  const { facts, target: engine } = frame.module.parts;
  if (!engine.call) throw new ExpressionError("nothing can be called here: no program runs", column);
  const signature = facts.signature?.(target.index);
  if (!signature) throw new ExpressionError(`it is not known how \`${target.name}\` is called`, column);
  const scratch = await Scratch.below(frame, column);
  const returned = resultOf(target.result, signature, () => scratch.reserve(sizeOf(target.result) ?? 0));
  const values: WasmValue[] = [];
  if (returned.kind === "in-memory") values.push(scratch.pointer(returned.address));
  for (const arg of args) values.push(...(await wasmValuesOf(arg, scratch)));
  const given = values.map(({ type }) => type).join(", ");
  if (returned.kind === "unknown" || given !== signature.params.join(", ")) {
    throw new ExpressionError(
      `\`${target.name}\` cannot be called: its code takes (${signature.params.join(", ")}) and gives (${signature.results.join(", ")}), which is not how its declaration would be compiled; optimisation has changed it, or it takes or gives a ${returned.kind === "unknown" ? typeName(target.result) : "value"} in a way that is not supported`,
      column,
    );
  }
  await scratch.write();
  const { stackPointer } = scratch;
  const outcome = await frame.state.call({
    function: target.index,
    args: values,
    results: signature.results,
    ...(stackPointer && { stackPointer }),
    timeoutMs,
  });
  if (outcome.kind !== "returned") throw new ExpressionError(sentenceOf(target.name, outcome), column);
  if (returned.kind === "none")
    return { type: { kind: "void", name: "void" }, place: { kind: "value", bytes: new Uint8Array(0) } };
  if (returned.kind === "in-memory") {
    const size = sizeOf(target.result) ?? 0;
    const bytes = await frame.state.readMemory(returned.address, size);
    return computedValue(target.result, bytes.slice());
  }
  return computedValue(target.result, returned.bytes(outcome.results));
}

async function wasmValuesOf(arg: CallArgument, scratch: Scratch): Promise<readonly WasmValue[]> {
  switch (arg.kind) {
    case "pointer-to":
      return [scratch.pointer(scratch.put(arg.bytes))];
    case "pointer-and-length": {
      const address = scratch.put(arg.bytes);
      return [scratch.pointer(address), scratch.pointer(BigInt(arg.bytes.length))];
    }
    case "words": {
      const half = arg.bytes.length / 2;
      const words = [arg.bytes.subarray(0, half), arg.bytes.subarray(half)];
      return words.map((word) => scratch.pointer(readInteger(word, "unsigned")));
    }
    case "scalar":
      return scalarValues(arg.type, arg.bytes);
    case "several": {
      const values: WasmValue[] = [];
      for (const part of arg.parts) values.push(...(await wasmValuesOf(part, scratch)));
      return values;
    }
    case "rest":
      return [scratch.pointer(await putRest(arg.parts, scratch))];
  }
}

/**
 * Puts arguments where a function finds those it has no parameters for, each at a multiple of its size; answers the address,
 * or 0 where there are none. Source: WebAssembly tool conventions, "C ABI", on variable arguments.
 */
async function putRest(parts: readonly CallArgument[], scratch: Scratch): Promise<bigint> {
  if (parts.length === 0) return 0n;
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    if (part.kind === "scalar") pieces.push(part.bytes);
    else for (const value of await wasmValuesOf(part, scratch)) pieces.push(pointerBytes(value));
  }
  let end = 0;
  const places = pieces.map((piece) => {
    const at = Math.ceil(end / piece.length) * piece.length;
    end = at + piece.length;
    return at;
  });
  const all = new Uint8Array(end);
  for (const [index, piece] of pieces.entries()) all.set(piece, places[index]);
  return scratch.put(all);
}

const pointerBytes = (value: WasmValue): Uint8Array =>
  value.type === "i64"
    ? integerBytes(value.value, 8)
    : integerBytes(BigInt(value.type === "i32" ? value.value : 0), 4);

/** A number as C's calling convention hands it over: those of 16 bytes in two halves. */
function scalarValues(type: Type, bytes: Uint8Array): readonly WasmValue[] {
  const plain = plainType(type);
  if (plain.kind === "base" && plain.encoding === "float" && bytes.length <= 8) {
    return [{ type: bytes.length === 8 ? "f64" : "f32", value: readFloat(bytes) ?? 0 }];
  }
  if (bytes.length > 8) {
    return [bytes.subarray(0, 8), bytes.subarray(8, 16)].map((half) => ({
      type: "i64",
      value: readInteger(half, "signed"),
    }));
  }
  const isSigned =
    (plain.kind === "base" && plain.encoding.startsWith("signed")) ||
    (plain.kind === "enumeration" && plain.isSigned);
  const value = readInteger(bytes, isSigned ? "signed" : "unsigned");
  if (bytes.length > 4) return [{ type: "i64", value: BigInt.asIntN(64, value) }];
  return [{ type: "i32", value: Number(BigInt.asIntN(32, value)) }];
}

function sentenceOf(name: string, outcome: Exclude<CallOutcome, { kind: "returned" }>): string {
  switch (outcome.kind) {
    case "trapped":
      return `\`${name}\` trapped: ${outcome.message}; what it had changed until then stays changed`;
    case "threw":
      return `\`${name}\` threw ${outcome.message}; what it had changed until then stays changed`;
    case "timed-out":
      return `\`${name}\` had not returned after ${timeoutMs / 1000} seconds and was broken off; what it had changed until then stays changed`;
    case "broken-off":
      return `\`${name}\` was broken off; what it had changed until then stays changed`;
    case "exited":
      return `\`${name}\` called exit with status ${outcome.exitCode}; the program goes on as if it had not`;
  }
}

/** Room on the guest's stack, below what its functions use. */
class Scratch {
  readonly #frame: SymbolFrame;
  readonly #pieces: { readonly address: bigint; readonly bytes: Uint8Array }[] = [];
  readonly #global: number | undefined;
  readonly #column: number;
  readonly #isWide: boolean;
  #top: bigint;

  static async below(frame: SymbolFrame, column: number): Promise<Scratch> {
    const global = frame.module.parts.debugInfo.stackPointerGlobal;
    const raw = global === undefined ? undefined : (await frame.state.globals())[global];
    if (raw?.type === "i32")
      return new Scratch(frame, global, BigInt(raw.value >>> 0) - redZoneBytes, false, column);
    if (raw?.type === "i64")
      return new Scratch(frame, global, BigInt.asUintN(64, raw.value) - redZoneBytes, true, column);
    return new Scratch(frame, undefined, 0n, frame.types.unsignedLong.sizeBytes === 8, column);
  }

  private constructor(
    frame: SymbolFrame,
    global: number | undefined,
    top: bigint,
    isWide: boolean,
    column: number,
  ) {
    this.#frame = frame;
    this.#global = global;
    this.#top = top & -stackAlignment;
    this.#isWide = isWide;
    this.#column = column;
  }

  /** Where the stack pointer is to stand during the call. */
  get stackPointer(): { readonly global: number; readonly value: WasmValue } | undefined {
    return this.#global === undefined ? undefined : { global: this.#global, value: this.pointer(this.#top) };
  }

  pointer(address: bigint): WasmValue {
    return this.#isWide
      ? { type: "i64", value: BigInt.asIntN(64, address) }
      : { type: "i32", value: Number(BigInt.asIntN(32, address)) };
  }

  /** The address of `size` bytes that nobody else uses. */
  reserve(size: number): bigint {
    if (this.#global === undefined) {
      throw new ExpressionError(
        "this needs room on the program's stack, and it is not known where that is",
        this.#column,
      );
    }
    this.#top = (this.#top - BigInt(size)) & -stackAlignment;
    if (this.#top <= 0n)
      throw new ExpressionError("there is no room left on the program's stack", this.#column);
    return this.#top;
  }

  /** The address at which `bytes` will be once `write` has been called. */
  put(bytes: Uint8Array): bigint {
    const address = this.reserve(bytes.length);
    this.#pieces.push({ address, bytes });
    return address;
  }

  async write(): Promise<void> {
    for (const { address, bytes } of this.#pieces) {
      await this.#frame.state.writeMemory(toMemoryAddress(address), bytes);
    }
  }
}

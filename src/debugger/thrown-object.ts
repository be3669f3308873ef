import { type MemoryAddress, type ModuleOffset, type StopNumber, toMemoryAddress } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { readTypeInfoType } from "../symbols/views/type-info-name.ts";
import type { RawValue, Target } from "../target/target.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import { LOCAL_GET, LOCAL_SET, LOCAL_TEE } from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";

/** What C++ throws. */
export interface ThrownObject {
  /** As a user of the language would write it. */
  readonly typeName: string;
  /** Where it lies, if that is known. */
  readonly address?: MemoryAddress;
}

/** A place at which a function of the C++ runtime throws. */
export interface ThrowPlace {
  readonly stop: StopNumber;
  readonly point: ModuleOffset;
  /** Of the function. */
  readonly name: string;
}

/** Functions of a C++ runtime that throw for the program. */
const runtime =
  /^(?:__cxa_(?:throw|rethrow|rethrow_primary_exception)|_Unwind_(?:RaiseException|Resume_or_Rethrow))$/;

/** Whether a function throws what C++ throws: its exceptions are caught by type, and handlers for all of them only clean up. */
export const isCxxThrow = (name: string): boolean => runtime.test(name);

/**
 * Finds out what is thrown at a place, the guest standing there with the parameters of the function kept; `undefined` where
 * the runtime is none that is known.
 */
export async function readThrownObject(
  target: Target,
  module: WasmModule,
  { stop, point, name }: ThrowPlace,
): Promise<ThrownObject | undefined> {
  if (!isCxxThrow(name)) return undefined;
  const locals = new ThrowLocals(module, point, await target.locals(stop, 0));
  const memory = new Words(target, stop);
  if (name === "__cxa_throw") {
    const [object, type] = [locals.parameter(0), locals.parameter(1)];
    const typeName = type === undefined ? undefined : await memory.typeName(type);
    if (typeName !== undefined)
      return { typeName, ...(object === undefined ? {} : { address: toMemoryAddress(BigInt(object)) }) };
  }
  const header = locals.thrown;
  return header === undefined ? undefined : fromHeader(memory, header);
}

/*
 * What lies around the header that libc++abi gives to `throw`, in bytes: the type at the beginning of a
 * `__cxa_exception`, which ends with that header, and the object behind it.
 * Source: libc++abi, "cxa_exception.h", on machines of 32 bits.
 */
const typeBefore = 48;
const headerBytes = 32;
/** "CLNGC++" and 0, as words. */
const ofLibcxxabi = { low: 0x432b_2b00, high: 0x434c_4e47 };

async function fromHeader(memory: Words, header: number): Promise<ThrownObject | undefined> {
  const isKnown =
    (await memory.word(header)) === ofLibcxxabi.low && (await memory.word(header + 4)) === ofLibcxxabi.high;
  const type = isKnown ? await memory.word(header - typeBefore) : undefined;
  const typeName = type === undefined ? undefined : await memory.typeName(type);
  return typeName === undefined
    ? undefined
    : { typeName, address: toMemoryAddress(BigInt(header + headerBytes)) };
}

/** The locals of a function that throws; what has been assigned to since it was entered is no parameter any more. */
class ThrowLocals {
  readonly #values: readonly RawValue[];
  readonly #assigned = new Set<number>();
  /** The local that was got right before the `throw`. */
  #operand: number | undefined;

  constructor(module: WasmModule, point: ModuleOffset, values: readonly RawValue[]) {
    this.#values = values;
    const body = findBodyAt(module.code, point);
    if (body === undefined) return;
    try {
      const { instructionsStart } = readFunctionBody(module.bytes, module.code, body);
      const reader = new CodeReader(module.bytes, instructionsStart, point);
      while (reader.next()) {
        const { opcode } = reader;
        this.#operand = opcode === LOCAL_GET ? reader.index() : undefined;
        if (opcode === LOCAL_SET || opcode === LOCAL_TEE) this.#assigned.add(reader.index());
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }

  parameter(index: number): number | undefined {
    return this.#assigned.has(index) ? undefined : this.#local(index);
  }

  get thrown(): number | undefined {
    return this.#operand === undefined ? undefined : this.#local(this.#operand);
  }

  #local(index: number): number | undefined {
    const value = this.#values[index];
    return value?.type === "i32" ? value.value >>> 0 : undefined;
  }
}

const longestName = 1024;

/** Memory 0 of the guest, by words. */
class Words {
  readonly #target: Target;
  readonly #stop: StopNumber;

  constructor(target: Target, stop: StopNumber) {
    this.#target = target;
    this.#stop = stop;
  }

  async word(address: number): Promise<number | undefined> {
    const bytes = await this.#read(address, 4);
    return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }

  /** The name of the type whose `type_info` is at an address. */
  async typeName(typeInfo: number): Promise<string | undefined> {
    const name = await this.word(typeInfo + 4);
    return name === undefined ? undefined : readTypeInfoType(await this.#read(name, longestName));
  }

  async #read(address: number, length: number): Promise<Uint8Array> {
    if (address < 0) return new Uint8Array(0);
    return this.#target.readMemory(this.#stop, 0, toMemoryAddress(BigInt(address)), length);
  }
}

import { type MemoryAddress, type ModuleOffset, type StopNumber, toMemoryAddress } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import type { RawValue, Target } from "../target/target.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import {
  BLOCK,
  I32_ADD,
  I32_CONST,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
} from "../wasm/instructions.ts";
import type { WasmModule } from "../wasm/module.ts";
import { findBodyAt, readFunctionBody } from "../wasm/sections/code.ts";
import { GuestWords } from "./guest-words.ts";

/** What C++ throws. */
export interface ThrownObject {
  /** As a user of the language would write it. */
  readonly typeName: string;
  /** Where it lies, if that is known. */
  readonly address?: MemoryAddress;
  /** Its `type_info`. */
  readonly typeInfo: number;
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
 * Finds out what is thrown at a place, the guest standing there with the parameters of the function kept. `undefined` where
 * the runtime is none that is known.
 */
export async function readThrownObject(
  target: Target,
  module: WasmModule,
  { stop, point, name }: ThrowPlace,
): Promise<ThrownObject | undefined> {
  if (!isCxxThrow(name)) return undefined;
  const locals = new ThrowLocals(module, point, await target.locals(stop, 0));
  const memory = new GuestWords(target, stop);
  if (name === "__cxa_throw") {
    const [object, type] = [locals.parameter(0), locals.parameter(1)];
    const typeName = type === undefined ? undefined : await memory.typeName(type);
    if (type !== undefined && typeName !== undefined) {
      const place = object === undefined ? {} : { address: toMemoryAddress(BigInt(object)) };
      return { typeName, typeInfo: type, ...place };
    }
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

async function fromHeader(memory: GuestWords, header: number): Promise<ThrownObject | undefined> {
  const isKnown =
    (await memory.word(header)) === ofLibcxxabi.low && (await memory.word(header + 4)) === ofLibcxxabi.high;
  const type = isKnown ? await memory.word(header - typeBefore) : undefined;
  const typeName = type === undefined ? undefined : await memory.typeName(type);
  if (type === undefined || typeName === undefined) return undefined;
  return { typeName, typeInfo: type, address: toMemoryAddress(BigInt(header + headerBytes)) };
}

/**
 * The locals of a function that throws. What has been assigned to since it was entered is no parameter any more, unless it was only
 * moved: runtimes go from the object to the header in front of it.
 */
class ThrowLocals {
  readonly #values: readonly RawValue[];
  /** Of locals that have been assigned to: how much was added to them on every way, if that is known. */
  readonly #moved = new Map<number, number | undefined>();
  /** The local that was got right before the `throw`. */
  #operand: number | undefined;

  constructor(module: WasmModule, point: ModuleOffset, values: readonly RawValue[]) {
    this.#values = values;
    const body = findBodyAt(module.code, point);
    if (body === undefined) return;
    try {
      const { instructionsStart } = readFunctionBody(module.bytes, module.code, body);
      const reader = new CodeReader(module.bytes, instructionsStart, point);
      let sum = new Sum();
      let isStraight = true;
      while (reader.next()) {
        const { opcode } = reader;
        this.#operand = opcode === LOCAL_GET ? reader.index() : undefined;
        if (opcode === LOCAL_SET || opcode === LOCAL_TEE) {
          const local = reader.index();
          const before = this.#moved.has(local) ? this.#moved.get(local) : 0;
          const added = isStraight && sum.local === local ? sum.added : undefined;
          this.#moved.set(local, added === undefined || before === undefined ? undefined : before + added);
        } else if (opcode === BLOCK || opcode === LOOP || opcode === IF) isStraight = false;
        sum = sum.next(reader);
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }

  parameter(index: number): number | undefined {
    const moved = this.#moved.has(index) ? this.#moved.get(index) : 0;
    const now = moved === undefined ? undefined : this.#local(index);
    return now === undefined || moved === undefined ? undefined : (now - moved) >>> 0;
  }

  get thrown(): number | undefined {
    return this.#operand === undefined ? undefined : this.#local(this.#operand);
  }

  #local(index: number): number | undefined {
    const value = this.#values[index];
    return value?.type === "i32" ? value.value >>> 0 : undefined;
  }
}

/** What the last instructions have computed, if that is a local and a constant. */
class Sum {
  readonly local: number | undefined;
  readonly constant: number | undefined;
  /** Both have been added. */
  readonly added: number | undefined;

  constructor(local?: number, constant?: number, added?: number) {
    this.local = local;
    this.constant = constant;
    this.added = added;
  }

  next(reader: CodeReader): Sum {
    const { local, constant } = this;
    switch (reader.opcode) {
      case LOCAL_GET:
        return new Sum(reader.index());
      case I32_CONST:
        return new Sum(local, reader.i32());
      case I32_ADD:
        return constant === undefined ? new Sum() : new Sum(local, undefined, constant);
      default:
        return new Sum();
    }
  }
}

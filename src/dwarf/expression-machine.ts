import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { unavailable } from "../base/unavailable.ts";
import * as op from "./constants.ts";
import { readSleb, readUleb } from "./dwarf-leb128.ts";
import type { LocationDescription, LocationPiece, SimpleLocation, WasmHome } from "./location-description.ts";
import { binary, unary } from "./machine-arithmetic.ts";
import {
  addressOfValue,
  bytesOfValue,
  constantValue,
  convertValue,
  genericValue,
  MachineFault,
  type MachineType,
  type MachineValue,
  reinterpretValue,
  valueFromBytes,
} from "./machine-value.ts";

/** What the machine cannot know by itself. It yields one of these and is resumed with the answer. */
export type MachineRequest =
  /** `size` bytes of linear memory; answer `bytes`, all of them. */
  | { readonly kind: "memory"; readonly address: bigint; readonly size: number }
  /** A slot of the frame or instance; answer `value`. */
  | WasmHome
  /** Address that `DW_OP_fbreg` counts from; answer `value`. */
  | { readonly kind: "frame-base" }
  | { readonly kind: "call-frame-cfa" }
  /** Address of the object whose member is being located. */
  | { readonly kind: "object-address" }
  /** Address of the thread-local variable at `offset` of the module's block. */
  | { readonly kind: "tls"; readonly offset: bigint }
  /** Value that `expression` had when the function was entered. */
  | { readonly kind: "entry-value"; readonly expression: Uint8Array };

/** What a `MachineRequest` is answered with; `unavailable` ends the run with that reason. */
export type MachineAnswer =
  | { readonly kind: "value"; readonly value: MachineValue }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "unavailable"; readonly reason: string };

/** The unit an expression belongs to, and what is known without a guest. */
export interface ExpressionUnit {
  /** Bytes of an address: 4 or 8. */
  readonly addressSize: number;
  /** Entry of .debug_addr (`DW_OP_addrx`), or `undefined`. */
  address(index: number): bigint | undefined;
  /** The base type at an offset from the start of the unit, or `undefined`. */
  baseType(offset: number): MachineType | undefined;
  /** Location expression of the DIE that `DW_OP_call*` names: `offset` from the unit, or in .debug_info for `DW_OP_call_ref`. */
  procedure(offset: number, from: "unit" | "section"): Uint8Array | undefined;
}

const maxSteps = 10_000;
const maxStack = 256;
const maxCalls = 16;
const maxPieces = 512;

/**
 * Runs a DWARF expression to a location description.
 *
 * A generator that asks for what it needs, so that one machine serves callers that read a guest at once
 * and callers that wait. It never throws and always ends: malformed bytes, operators that are not
 * supported, loops and answers that are not available come out as `unavailable` with the reason.
 *
 * `initial` is the stack to begin with, first pushed first: member locations begin with the object's address.
 * Source: DWARF 5, "DWARF Expressions" and "Location Descriptions"; DWARF for WebAssembly for
 * `DW_OP_WASM_location`, which pushes the content of its slot as LLVM 22 uses it.
 */
export function* runExpression(
  bytes: Uint8Array,
  unit: ExpressionUnit,
  initial: readonly MachineValue[] = [],
): Generator<MachineRequest, LocationDescription, MachineAnswer> {
  const machine = new Machine(unit, initial);
  try {
    yield* machine.run(bytes, 0);
    return machine.result();
  } catch (error) {
    if (error instanceof MachineFault) return unavailable(error.message);
    if (error instanceof MalformedError) return unavailable("its location is malformed");
    throw error;
  }
}

/** One run: the stack, the pieces so far, and what the next piece or the result will be. */
class Machine {
  readonly #unit: ExpressionUnit;
  readonly #stack: MachineValue[];
  readonly #pieces: LocationPiece[] = [];
  /** Set by operators that end a simple location other than an address on the stack. */
  #location: SimpleLocation | undefined;
  /** The slot read last, while its content is still all there is on the stack. */
  #home: WasmHome | undefined;
  #steps = 0;

  constructor(unit: ExpressionUnit, initial: readonly MachineValue[]) {
    this.#unit = unit;
    this.#stack = [...initial];
  }

  result(): LocationDescription {
    if (this.#pieces.length > 0) return { kind: "composite", pieces: this.#pieces };
    if (this.#location) return this.#location;
    if (this.#stack.length === 0) return unavailable("optimised out");
    return { kind: "memory", address: this.#address() };
  }

  *run(bytes: Uint8Array, depth: number): Generator<MachineRequest, void, MachineAnswer> {
    if (depth > maxCalls) throw new MachineFault("its location calls itself");
    const cursor = new ByteCursor(bytes, "DWARF expression");
    while (!cursor.atEnd) {
      if (++this.#steps > maxSteps) throw new MachineFault("its location does not end");
      const opcode = cursor.u8();
      if (opcode !== op.DW_OP_stack_value && opcode !== op.DW_OP_piece && opcode !== op.DW_OP_nop) {
        this.#home = undefined;
      }
      const operation =
        this.#constant(opcode, cursor) || this.#shuffle(opcode, cursor) || this.#finish(opcode, cursor);
      if (!operation) yield* this.#ask(opcode, cursor, depth);
      if (this.#stack.length > maxStack) throw new MachineFault("its location needs too deep a stack");
    }
  }

  /** Operators that push a number. */
  #constant(opcode: number, cursor: ByteCursor): boolean {
    if (opcode >= op.DW_OP_lit0 && opcode <= op.DW_OP_lit31) {
      this.#push(constantValue(BigInt(opcode - op.DW_OP_lit0)));
      return true;
    }
    switch (opcode) {
      case op.DW_OP_addr:
        return this.#pushAddress(this.#unit.addressSize === 8 ? cursor.u64() : BigInt(cursor.u32()));
      case op.DW_OP_addrx:
      case op.DW_OP_GNU_addr_index:
        return this.#pushAddress(this.#indexed(cursor));
      case op.DW_OP_constx:
      case op.DW_OP_GNU_const_index:
        return this.#push(constantValue(this.#indexed(cursor)));
      case op.DW_OP_const1u:
        return this.#push(constantValue(BigInt(cursor.u8())));
      case op.DW_OP_const1s:
        return this.#push(constantValue(BigInt.asIntN(8, BigInt(cursor.u8()))));
      case op.DW_OP_const2u:
        return this.#push(constantValue(BigInt(cursor.u16())));
      case op.DW_OP_const2s:
        return this.#push(constantValue(BigInt.asIntN(16, BigInt(cursor.u16()))));
      case op.DW_OP_const4u:
        return this.#push(constantValue(BigInt(cursor.u32())));
      case op.DW_OP_const4s:
        return this.#push(constantValue(BigInt.asIntN(32, BigInt(cursor.u32()))));
      case op.DW_OP_const8u:
        return this.#push(constantValue(cursor.u64()));
      case op.DW_OP_const8s:
        return this.#push(constantValue(BigInt.asIntN(64, cursor.u64())));
      case op.DW_OP_constu:
        return this.#push(constantValue(readUleb(cursor)));
      case op.DW_OP_consts:
        return this.#push(constantValue(readSleb(cursor)));
      case op.DW_OP_const_type:
      case op.DW_OP_GNU_const_type: {
        const type = this.#baseType(readUleb(cursor));
        return this.#push(valueFromBytes(cursor.take(cursor.u8()), type));
      }
      default:
        return false;
    }
  }

  /** Operators that work on what is on the stack, and jumps. */
  #shuffle(opcode: number, cursor: ByteCursor): boolean {
    switch (opcode) {
      case op.DW_OP_dup:
        return this.#push(this.#peek(0));
      case op.DW_OP_drop:
        this.#pop();
        return true;
      case op.DW_OP_over:
        return this.#push(this.#peek(1));
      case op.DW_OP_pick:
        return this.#push(this.#peek(cursor.u8()));
      case op.DW_OP_swap: {
        const [top, second] = [this.#pop(), this.#pop()];
        return this.#push(top) && this.#push(second);
      }
      case op.DW_OP_rot: {
        const [top, second, third] = [this.#pop(), this.#pop(), this.#pop()];
        return this.#push(top) && this.#push(third) && this.#push(second);
      }
      case op.DW_OP_abs:
      case op.DW_OP_neg:
      case op.DW_OP_not:
        return this.#push(unary(opcode, this.#pop()));
      case op.DW_OP_plus_uconst:
        return this.#push(binary(op.DW_OP_plus, this.#pop(), constantValue(readUleb(cursor))));
      case op.DW_OP_convert:
      case op.DW_OP_GNU_convert:
        return this.#retype(cursor, convertValue);
      case op.DW_OP_reinterpret:
      case op.DW_OP_GNU_reinterpret:
        return this.#retype(cursor, reinterpretValue);
      case op.DW_OP_skip:
        return this.#jump(cursor, 1n);
      case op.DW_OP_bra:
        return this.#jump(cursor, this.#pop().bits);
      case op.DW_OP_nop:
      case op.DW_OP_GNU_uninit:
        return true;
      default: {
        const isBinary =
          (opcode >= op.DW_OP_and && opcode <= op.DW_OP_xor && opcode !== op.DW_OP_plus_uconst) ||
          (opcode >= op.DW_OP_eq && opcode <= op.DW_OP_ne);
        if (!isBinary) return false;
        const right = this.#pop();
        return this.#push(binary(opcode, this.#pop(), right));
      }
    }
  }

  /** Operators that end a simple location, or a piece of a composite one. */
  #finish(opcode: number, cursor: ByteCursor): boolean {
    switch (opcode) {
      case op.DW_OP_stack_value: {
        const home = this.#home;
        this.#location = { kind: "value", bytes: bytesOfValue(this.#pop()), ...(home && { home }) };
        return true;
      }
      case op.DW_OP_implicit_value:
        this.#location = { kind: "value", bytes: cursor.take(Number(readUleb(cursor))).slice() };
        return true;
      case op.DW_OP_implicit_pointer:
      case op.DW_OP_GNU_implicit_pointer:
        this.#location = { kind: "implicit-pointer", die: cursor.u32(), offset: readSleb(cursor) };
        return true;
      case op.DW_OP_piece:
        return this.#piece(Number(readUleb(cursor)) * 8, 0);
      case op.DW_OP_bit_piece:
        return this.#piece(Number(readUleb(cursor)), Number(readUleb(cursor)));
      default:
        return false;
    }
  }

  /** Operators whose answer lies in the guest. */
  *#ask(opcode: number, cursor: ByteCursor, depth: number): Generator<MachineRequest, void, MachineAnswer> {
    const { addressSize } = this.#unit;
    switch (opcode) {
      case op.DW_OP_WASM_location:
        return yield* this.#slot(cursor);
      case op.DW_OP_fbreg: {
        const offset = readSleb(cursor);
        const base = valueIn(yield { kind: "frame-base" });
        this.#push(genericValue(base.bits + offset, addressSize));
        return;
      }
      case op.DW_OP_call_frame_cfa:
        this.#push(valueIn(yield { kind: "call-frame-cfa" }));
        return;
      case op.DW_OP_push_object_address:
        this.#push(valueIn(yield { kind: "object-address" }));
        return;
      case op.DW_OP_form_tls_address:
      case op.DW_OP_GNU_push_tls_address:
        this.#push(valueIn(yield { kind: "tls", offset: this.#address() }));
        return;
      case op.DW_OP_entry_value:
      case op.DW_OP_GNU_entry_value: {
        const expression = cursor.take(Number(readUleb(cursor)));
        this.#push(valueIn(yield { kind: "entry-value", expression }));
        return;
      }
      case op.DW_OP_deref:
        return yield* this.#dereference({ size: addressSize, encoding: "generic" }, addressSize);
      case op.DW_OP_deref_size: {
        const size = cursor.u8();
        return yield* this.#dereference({ size, encoding: "generic" }, Math.max(addressSize, size));
      }
      case op.DW_OP_deref_type:
      case op.DW_OP_GNU_deref_type: {
        const size = cursor.u8();
        const type = this.#baseType(readUleb(cursor));
        return yield* this.#dereference({ ...type, size: Math.min(size, type.size) }, type.size);
      }
      case op.DW_OP_call2:
        return yield* this.#call(cursor.u16(), "unit", depth);
      case op.DW_OP_call4:
        return yield* this.#call(cursor.u32(), "unit", depth);
      case op.DW_OP_call_ref:
        return yield* this.#call(cursor.u32(), "section", depth);
      default:
        throw new MachineFault(unsupported(opcode));
    }
  }

  *#slot(cursor: ByteCursor): Generator<MachineRequest, void, MachineAnswer> {
    const kind = cursor.u8();
    if (kind > 3) throw new MachineFault(`its location is in a Wasm slot of unknown kind ${kind}`);
    const index = kind === 3 ? cursor.u32() : Number(readUleb(cursor));
    const alone = this.#stack.length === 0;
    // The linker leaves this index where a module has no such global: a single-threaded module has no
    // base of thread-local storage, and its thread-local variables have plain addresses.
    if ((kind === 1 || kind === 3) && index === 0xffff_ffff) {
      this.#push(genericValue(0n, this.#unit.addressSize));
      return;
    }
    const home: WasmHome = { kind: kind === 0 ? "local" : kind === 2 ? "operand" : "global", index };
    this.#push(valueIn(yield home));
    if (alone) this.#home = home;
  }

  /** Reads `type` at the address on top; untyped entries are widened to `width` bytes with zeros. */
  *#dereference(type: MachineType, width: number): Generator<MachineRequest, void, MachineAnswer> {
    if (type.size < 1 || type.size > 16)
      throw new MachineFault(`its location reads ${type.size} bytes at once`);
    const answer = yield { kind: "memory", address: this.#address(), size: type.size };
    if (answer.kind !== "bytes")
      throw new MachineFault(answer.kind === "unavailable" ? answer.reason : "no bytes");
    this.#push({ ...valueFromBytes(answer.bytes, type), size: width });
  }

  *#call(
    offset: number,
    from: "unit" | "section",
    depth: number,
  ): Generator<MachineRequest, void, MachineAnswer> {
    const bytes = this.#unit.procedure(offset, from);
    if (bytes) yield* this.run(bytes, depth + 1);
  }

  #piece(bitSize: number, bitOffset: number): boolean {
    if (this.#pieces.length >= maxPieces || bitSize > 2 ** 32)
      throw new MachineFault("it lies in too many pieces");
    let location = this.#location;
    this.#location = undefined;
    if (!location && this.#stack.length > 0) location = { kind: "memory", address: this.#address() };
    this.#pieces.push({ bitSize, bitOffset, location: location ?? unavailable("optimised out") });
    return true;
  }

  #retype(cursor: ByteCursor, to: (value: MachineValue, type: MachineType) => MachineValue): boolean {
    const value = this.#pop();
    return this.#push(to(value, this.#targetType(readUleb(cursor), value)));
  }

  /** Jumps unless `condition` is 0. */
  #jump(cursor: ByteCursor, condition: bigint): boolean {
    const distance = (cursor.u16() << 16) >> 16;
    if (condition === 0n) return true;
    const target = cursor.position + distance;
    if (target < 0 || target > cursor.end) throw new MachineFault("its location is malformed");
    cursor.position = target;
    return true;
  }

  #pushAddress(address: bigint): boolean {
    const { addressSize } = this.#unit;
    if (address === BigInt.asUintN(addressSize * 8, -1n)) throw new MachineFault("removed by the linker");
    return this.#push(genericValue(address, addressSize));
  }

  #indexed(cursor: ByteCursor): bigint {
    const index = Number(readUleb(cursor));
    const address = this.#unit.address(index);
    if (address === undefined)
      throw new MachineFault(`its address, entry ${index} of .debug_addr, is missing`);
    return address;
  }

  #baseType(offset: bigint): MachineType {
    const type = this.#unit.baseType(Number(offset));
    if (!type) throw new MachineFault("its location uses a type that is missing");
    return type;
  }

  /** Type that a conversion names; 0 stands for the untyped one, kept as wide as the value converted. */
  #targetType(offset: bigint, value: MachineValue): MachineType {
    if (offset !== 0n) return this.#baseType(offset);
    return { size: Math.max(value.size, this.#unit.addressSize), encoding: "generic" };
  }

  #address(): bigint {
    return addressOfValue(this.#pop(), this.#unit.addressSize);
  }

  #push(value: MachineValue): true {
    this.#stack.push(value);
    return true;
  }

  #pop(): MachineValue {
    const value = this.#stack.pop();
    if (!value) throw new MachineFault("its location is malformed");
    return value;
  }

  #peek(depth: number): MachineValue {
    const value = this.#stack.at(-1 - depth);
    if (!value) throw new MachineFault("its location is malformed");
    return value;
  }
}

function valueIn(answer: MachineAnswer): MachineValue {
  if (answer.kind === "value") return answer.value;
  throw new MachineFault(answer.kind === "unavailable" ? answer.reason : "no value");
}

/** What compilers of version 4 write for `DW_OP_regval_type`. */
const GNU_REGVAL_TYPE = 0xf5;

function unsupported(opcode: number): string {
  const isRegister = opcode >= op.DW_OP_reg0 && opcode <= op.DW_OP_bregx && opcode !== op.DW_OP_fbreg;
  if (isRegister || opcode === op.DW_OP_regval_type || opcode === GNU_REGVAL_TYPE) {
    return "its location is in a machine register, which Wasm does not have";
  }
  const isOtherSpace = [op.DW_OP_xderef, op.DW_OP_xderef_size, op.DW_OP_xderef_type].includes(opcode);
  if (isOtherSpace) return "its location is in another address space, which Wasm does not have";
  return `its location uses the unsupported operation 0x${opcode.toString(16)}`;
}

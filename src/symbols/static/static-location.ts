import { ByteCursor } from "../../base/bytes.ts";
import { MalformedError } from "../../base/errors.ts";
import * as op from "../../dwarf/constants.ts";
import { readSleb, readUleb } from "../../dwarf/dwarf-leb128.ts";
import type { ExpressionUnit } from "../../dwarf/expression-machine.ts";
import type { GuestCode, GuestNumber } from "../../target/guest-code.ts";
import { constant, type StaticPlace, sum } from "./static-place.ts";

/** What a location expression may refer to. */
export interface LocationParts {
  readonly unit: ExpressionUnit;
  /** Type that a value in a Wasm local or global has to have. */
  readonly slotType: GuestNumber;
  /** `undefined` where it cannot be worked out beforehand. */
  frameBase(): GuestCode | undefined;
  /** A local that holds an address. */
  localAddress(index: number): GuestCode;
}

const unknown: StaticPlace = { kind: "unknown" };

/**
 * The place a location expression leads to, for the few forms that compilers use most: relative to the frame base, at
 * an address, in a Wasm local or global. Anything else is `unknown`, malformed bytes among it.
 */
export function staticLocation(bytes: Uint8Array, parts: LocationParts): StaticPlace {
  try {
    return read(new ByteCursor(bytes, "location"), parts);
  } catch (error) {
    if (error instanceof MalformedError) return unknown;
    throw error;
  }
}

function read(cursor: ByteCursor, parts: LocationParts): StaticPlace {
  const { unit, slotType } = parts;
  const type = unit.addressSize === 8 ? "i64" : "i32";
  const stack: GuestCode[] = [];
  /** A slot that is all there is on the stack: as a value it has its own type. */
  let slot: { readonly kind: "local" | "global"; readonly index: number } | undefined;
  while (cursor.remaining > 0) {
    const opcode = cursor.u8();
    const before = slot;
    slot = undefined;
    const number = constantOf(opcode, cursor, unit);
    if (number !== undefined) {
      stack.push(constant(type, number));
      continue;
    }
    switch (opcode) {
      case op.DW_OP_fbreg: {
        const offset = readSleb(cursor);
        const base = parts.frameBase();
        if (!base) return unknown;
        stack.push(sum(type, base, constant(type, offset)));
        break;
      }
      case op.DW_OP_plus_uconst:
      case op.DW_OP_plus: {
        const right = opcode === op.DW_OP_plus ? stack.pop() : constant(type, readUleb(cursor));
        const left = stack.pop();
        if (!left || !right) return unknown;
        stack.push(sum(type, left, right));
        break;
      }
      case op.DW_OP_deref: {
        const address = stack.pop();
        if (!address) return unknown;
        const size = type === "i64" ? 8 : 4;
        stack.push({ op: "load", type, size, sign: "unsigned", address, offset: 0 });
        break;
      }
      case op.DW_OP_WASM_location: {
        const kind = cursor.u8();
        const index = kind === 3 ? cursor.u32() : Number(readUleb(cursor));
        if (kind === 0) stack.push(parts.localAddress(index));
        // The linker leaves this index where there is no such global: what is counted from it has plain addresses.
        else if ((kind === 1 || kind === 3) && index === 0xffff_ffff) stack.push(constant(type, 0));
        else if (kind === 1 || kind === 3) stack.push({ op: "global", type, index });
        else return unknown;
        if (stack.length === 1 && index !== 0xffff_ffff)
          slot = { kind: kind === 0 ? "local" : "global", index };
        break;
      }
      case op.DW_OP_stack_value: {
        const code = stack.pop();
        if (!code || cursor.remaining > 0) return unknown;
        if (!before) return { kind: "code", type, code };
        return {
          kind: "code",
          type: slotType,
          code: { op: before.kind, type: slotType, index: before.index },
        };
      }
      default:
        return unknown;
    }
  }
  const address = stack.pop();
  return address ? { kind: "memory", address, offset: 0 } : unknown;
}

function constantOf(opcode: number, cursor: ByteCursor, unit: ExpressionUnit): bigint | undefined {
  if (opcode >= op.DW_OP_lit0 && opcode <= op.DW_OP_lit31) return BigInt(opcode - op.DW_OP_lit0);
  switch (opcode) {
    case op.DW_OP_addr:
      return inModule(unit.addressSize === 8 ? cursor.u64() : BigInt(cursor.u32()), unit);
    case op.DW_OP_addrx:
    case op.DW_OP_GNU_addr_index:
      return inModule(unit.address(Number(readUleb(cursor))), unit);
    case op.DW_OP_constu:
      return readUleb(cursor);
    case op.DW_OP_consts:
      return readSleb(cursor);
    case op.DW_OP_const4u:
      return BigInt(cursor.u32());
    default:
      return undefined;
  }
}

/** What the linker has removed has an address that is none. */
const inModule = (address: bigint | undefined, { addressSize }: ExpressionUnit): bigint | undefined =>
  address === BigInt.asUintN(addressSize * 8, -1n) ? undefined : address;

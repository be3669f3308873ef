import {
  type FuncIndex,
  type ModuleOffset,
  toCodeOffset,
  toFuncIndex,
  toModuleOffset,
  toStopNumber,
} from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { DebugInfo, StackShape } from "../../src/debuginfo/debug-info.ts";
import * as dw from "../../src/dwarf/constants.ts";
import { DwarfModule } from "../../src/dwarf/dwarf-module.ts";
import { evaluate } from "../../src/expressions/evaluate.ts";
import { createSymbols } from "../../src/symbols/create-symbols.ts";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Symbols } from "../../src/symbols/symbols.ts";
import type { RawValue, Target, WasmValue } from "../../src/target/target.ts";
import { type AttributeSpec, buildDwarf, type DieSpec, type UnitSpec } from "./dwarf-builder.ts";

/** A paused guest made of bytes, for what is tested without an engine. */
export interface SymbolGuest {
  readonly symbols: Symbols;
  /** Frame 0, at code address 0x10. */
  readonly frame: FrameContext;
  readonly memory: Uint8Array;
  readonly locals: RawValue[];
  readonly globals: RawValue[];
  /** Address and length of every read of memory so far. */
  readonly reads: (readonly [address: number, length: number])[];
  /** What `Target.state` says. */
  state: Target["state"];
}

export interface SymbolGuestParts {
  readonly units?: readonly UnitSpec[];
  readonly memory?: Uint8Array;
  readonly locals?: readonly RawValue[];
  readonly globals?: readonly RawValue[];
  readonly operands?: readonly RawValue[];
  /** What else the debug info knows. */
  readonly debugInfo?: Partial<DebugInfo>;
  readonly frame?: Partial<FrameContext>;
  readonly stackPointerGlobal?: number;
  readonly stackShape?: StackShape;
  /** Functions in table 0. */
  readonly table?: readonly (FuncIndex | undefined)[];
}

/** Where test functions have their code. */
export const codeRange = { [dw.DW_AT_low_pc]: { address: 0 }, [dw.DW_AT_high_pc]: 0x100 } as const;

/** Makes a guest; `units` are described by DIEs. Addresses of code are the module's own offsets. */
export function symbolGuest(parts: SymbolGuestParts): SymbolGuest {
  const memory = parts.memory ?? new Uint8Array(0);
  const locals = [...(parts.locals ?? [])];
  const globals = [...(parts.globals ?? [])];
  const reads: [number, number][] = [];
  const guest = { state: "paused" as Target["state"] };
  const target: Partial<Target> = {
    get state() {
      return guest.state;
    },
    locals: async () => [...locals],
    operands: async () => parts.operands ?? [],
    globals: async () => [...globals],
    async writeLocal(_stop, _frame, local, value: WasmValue) {
      locals[local] = value;
    },
    async writeGlobal(_stop, global, value: WasmValue) {
      globals[global] = value;
    },
    async readMemory(_stop, _memory, address, length) {
      reads.push([Number(address), length]);
      return memory.slice(Number(address), Number(address) + length);
    },
    async writeMemory(_stop, _memory, address, bytes) {
      if (Number(address) + bytes.length > memory.length)
        throw new TargetError("bad-address", "out of bounds");
      memory.set(bytes, Number(address));
    },
    memorySizes: async () => [BigInt(memory.length)],
    readTable: async (_stop, _table, index) => parts.table?.[index],
  };
  const debugInfo: Partial<DebugInfo> = {
    functionAt: () => undefined,
    stackShape: () =>
      parts.stackShape ?? { fixed: false, deltaAt: () => undefined, localDelta: () => undefined },
    stackPointerGlobal: parts.stackPointerGlobal,
    ...parts.debugInfo,
  };
  const dwarf = parts.units && new DwarfModule(buildDwarf(parts.units));
  const symbols = createSymbols({
    // Nothing under test asks for more than what is here.
    target: target as Target,
    debugInfo: debugInfo as DebugInfo,
    dwarf,
    codeOffset: (offset: ModuleOffset) => toCodeOffset(offset),
    facts: {
      functionName: (func) => `function${func}`,
      localName: (_func, local) => (local === 0 ? "first" : undefined),
      globalName: (global) => (global === 0 ? "__stack_pointer" : undefined),
      functionStart: (func) => toModuleOffset(0x100 * func),
      isGlobalMutable: (global) => global === 0,
    },
    evaluate,
  });
  const frame: FrameContext = {
    stop: toStopNumber(1),
    frame: 0,
    function: toFuncIndex(3),
    offset: toModuleOffset(0x10),
    stackPointer: undefined,
    ...parts.frame,
  };
  return Object.defineProperties(
    { symbols, frame, memory, locals, globals, reads, state: guest.state },
    {
      state: { get: () => guest.state, set: (state: Target["state"]) => (guest.state = state) },
    },
  );
}

/** A unit whose one function has `children` and whose frame base is address 0. */
export function functionUnit(children: readonly DieSpec[], others: readonly DieSpec[] = []): UnitSpec {
  const body: DieSpec = {
    tag: dw.DW_TAG_subprogram,
    attributes: {
      [dw.DW_AT_name]: "test",
      ...codeRange,
      [dw.DW_AT_frame_base]: [dw.DW_OP_lit0, dw.DW_OP_stack_value],
    },
    children,
  };
  return {
    lowPc: 0,
    highPc: 0x100,
    root: { tag: dw.DW_TAG_compile_unit, children: [body, ...others] },
  };
}

/** A variable at an address of memory below 2¹⁶. */
export function variableAt(address: number, name: string, type: string, tag = dw.DW_TAG_variable): DieSpec {
  const location = [dw.DW_OP_addr, address & 0xff, address >> 8, 0, 0];
  return {
    tag,
    attributes: { [dw.DW_AT_name]: name, [dw.DW_AT_type]: { ref: type }, [dw.DW_AT_location]: location },
  };
}

/** A type or other DIE with a label, a name and whatever else. */
export function named(
  tag: number,
  label: string,
  attributes: Readonly<Record<number, AttributeSpec>> = {},
  children: readonly DieSpec[] = [],
): DieSpec {
  return { tag, label, attributes: { [dw.DW_AT_name]: label, ...attributes }, children };
}

/** A base type called by its label. */
export function baseType(label: string, encoding: number, sizeBytes: number): DieSpec {
  return named(dw.DW_TAG_base_type, label, {
    [dw.DW_AT_encoding]: encoding,
    [dw.DW_AT_byte_size]: sizeBytes,
  });
}

/** A type made from another: pointer, typedef, const. */
export function derivedType(tag: number, label: string, target: string, name?: string): DieSpec {
  return {
    tag,
    label,
    attributes: {
      ...(name === undefined ? {} : { [dw.DW_AT_name]: name }),
      [dw.DW_AT_type]: { ref: target },
    },
  };
}

/** A member of a record. */
export function member(
  name: string | undefined,
  type: string,
  offset: number,
  more: DieSpec["attributes"] = {},
): DieSpec {
  return {
    tag: dw.DW_TAG_member,
    attributes: {
      ...(name === undefined ? {} : { [dw.DW_AT_name]: name }),
      [dw.DW_AT_type]: { ref: type },
      [dw.DW_AT_data_member_location]: offset,
      ...more,
    },
  };
}

import type { CodeReader } from "../wasm/code-reader.ts";
import type { IndexSpaces } from "../wasm/index-spaces.ts";
import { CALL, CALL_INDIRECT, CALL_REF } from "../wasm/instructions.ts";
import { OperandTypes } from "../wasm/operand-types.ts";
import type { FuncType } from "../wasm/sections/type.ts";
import type { ValueType } from "../wasm/value-type.ts";
import { NamedSlotSweep, type NamedSlots } from "./named-slots.ts";
import { slotTypeOf } from "./spill-slots.ts";

/** Operands of one place: the one at `from`, counted from the bottom of the stack, and all above it, bottom first. All have a slot type. */
export interface Operands {
  readonly from: number;
  readonly types: readonly ValueType[];
}

/** What is to be kept at one site. */
export interface SiteSlots {
  /** Rising. */
  readonly locals: readonly number[];
  readonly operands: Operands | undefined;
}

/** A call, and what is to be kept while it lasts. */
export interface PlannedCall {
  /** `ModuleOffset`. */
  readonly offset: number;
  /** Of the byte behind it. */
  readonly end: number;
  readonly locals: readonly number[];
  /** What must be taken off the stack to reach the operands that are named. */
  readonly operands: Operands | undefined;
  /** From the bottom of the stack; all within `operands`. */
  readonly namedOperands: readonly number[];
}

/** What debug info names within one function. */
export interface FunctionSlots {
  /** By site of the function, in order. */
  readonly sites: readonly SiteSlots[];
  /** By store of the function, in order: locals alone, since the operands of stores are on top of all others. */
  readonly stores: readonly SiteSlots[];
  readonly calls: readonly PlannedCall[];
}

/** What is of interest besides what is named. */
export interface SlotInterest {
  /** Whether calls are wanted. */
  readonly calls: boolean;
  /** Whether all operands are wanted at sites, named or not. */
  readonly allOperands: boolean;
}

/** Operands kept at one place: more would not be shown. */
export const MOST_OPERANDS = 24;

/** Finds out, function by function in the order of the code, which locals and operands are named at its sites and calls. */
export class FunctionSlotFinder {
  readonly #sweep: NamedSlotSweep;
  readonly #types: OperandTypes;
  readonly #interest: SlotInterest;

  constructor(spaces: IndexSpaces, named: NamedSlots, interest: SlotInterest) {
    this.#sweep = new NamedSlotSweep(named);
    this.#types = new OperandTypes(spaces);
    this.#interest = interest;
  }

  /**
   * What there is in the function whose body is `start` to `end` (exclusive); `undefined` where nothing is of interest.
   *
   * @param reader Stands before the body's first instruction.
   * @param locals Types of the function's params and locals.
   * @param siteOffsets Rising; so are those of stores.
   * @throws {MalformedError} as `CodeReader.next`.
   */
  find(
    reader: CodeReader,
    start: number,
    end: number,
    type: FuncType | undefined,
    locals: readonly ValueType[],
    siteOffsets: readonly number[],
    storeOffsets: readonly number[],
  ): FunctionSlots | undefined {
    const { calls: wantsCalls, allOperands } = this.#interest;
    if (!this.#sweep.isAnyWithin(start, end) && !(allOperands && siteOffsets.length > 0)) return undefined;
    const sites: SiteSlots[] = [];
    const stores: SiteSlots[] = [];
    const calls: PlannedCall[] = [];
    const types = this.#types;
    types.begin(type, locals);
    while (reader.next()) {
      const { opcode, offset } = reader;
      if (siteOffsets[sites.length] === offset) {
        this.#sweep.at(offset);
        const lowest = allOperands ? 0 : this.#sweep.lowestOperand;
        sites.push({ locals: [...this.#sweep.locals], operands: this.#operandsFrom(lowest) });
      }
      if (storeOffsets[stores.length] === offset) {
        this.#sweep.at(offset);
        stores.push({ locals: [...this.#sweep.locals], operands: undefined });
      }
      const isCall = opcode === CALL || opcode === CALL_INDIRECT || opcode === CALL_REF;
      if (wantsCalls && isCall && types.isReachable) this.#addCall(reader, calls);
      types.note(reader);
    }
    return { sites, stores, calls };
  }

  #addCall({ offset, end }: CodeReader, calls: PlannedCall[]): void {
    const sweep = this.#sweep;
    sweep.at(offset);
    const operands = this.#operandsFrom(sweep.lowestOperand);
    const namedOperands = operands ? sweep.operands.filter((index) => index >= operands.from) : [];
    if (sweep.locals.length + namedOperands.length === 0) return;
    calls.push({ offset, end, locals: [...sweep.locals], operands, namedOperands });
  }

  /** The operands there are from `lowest` on, or from as low as they can be kept: those of blocks around are out of reach. */
  #operandsFrom(lowest: number): Operands | undefined {
    const { types, depth, floor } = this.#types;
    if (lowest < 0) return undefined;
    const first = Math.max(lowest, floor);
    let from = depth;
    while (from > first && depth - from < MOST_OPERANDS && slotTypeOf(types[from - 1] as ValueType) >= 0)
      from--;
    return from < depth ? { from, types: types.slice(from, depth) } : undefined;
  }
}

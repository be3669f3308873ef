/**
 * Which slots of Wasm frames debug info finds variables in, as columns of one length, rising by `begin`.
 *
 * A row holds at `begin` ≤ offset < `end`; both are `ModuleOffset`.
 */
export interface NamedSlots {
  readonly begin: Uint32Array;
  readonly end: Uint32Array;
  /** 1 for a slot of the operand stack, 0 for a local. */
  readonly isOperand: Uint8Array;
  /** Of the local, params first; of the operand, from the bottom of its frame's stack. */
  readonly index: Uint32Array;
}

/** Where debug info names nothing. */
export const noNamedSlots: NamedSlots = {
  begin: new Uint32Array(0),
  end: new Uint32Array(0),
  isOperand: new Uint8Array(0),
  index: new Uint32Array(0),
};

/** Says what is named at places that are asked for in rising order. */
export class NamedSlotSweep {
  /** Locals named at the place asked for last, each once, rising. */
  readonly locals: number[] = [];
  /** Operands likewise. */
  readonly operands: number[] = [];
  readonly #slots: NamedSlots;
  /** Rows that have begun and, as of the place before, not ended. */
  #open: number[] = [];
  #next = 0;

  constructor(slots: NamedSlots) {
    this.#slots = slots;
  }

  /** Whether anything is named at a place from `begin` on and before `end`; no place before `begin` may be asked for later. */
  isAnyWithin(begin: number, end: number): boolean {
    this.#moveTo(begin);
    return this.#open.length > 0 || (this.#slots.begin[this.#next] ?? Infinity) < end;
  }

  /** The lowest operand named at the place asked for last; −1 where none is. */
  get lowestOperand(): number {
    return this.operands[0] ?? -1;
  }

  /** Finds what is named at a place, which must not lie before the one asked for last. */
  at(offset: number): void {
    this.#moveTo(offset);
    const { isOperand, index } = this.#slots;
    this.locals.length = 0;
    this.operands.length = 0;
    for (const row of this.#open) {
      const slots = isOperand[row] === 0 ? this.locals : this.operands;
      const slot = index[row] as number;
      if (!slots.includes(slot)) slots.push(slot);
    }
    this.locals.sort(rising);
    this.operands.sort(rising);
  }

  #moveTo(offset: number): void {
    const { begin, end } = this.#slots;
    if (this.#open.some((row) => (end[row] as number) <= offset)) {
      this.#open = this.#open.filter((row) => (end[row] as number) > offset);
    }
    while ((begin[this.#next] ?? Infinity) <= offset) {
      if ((end[this.#next] as number) > offset) this.#open.push(this.#next);
      this.#next++;
    }
  }
}

const rising = (a: number, b: number): number => a - b;

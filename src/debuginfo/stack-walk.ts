import type { CodeReader } from "../wasm/code-reader.ts";
import * as op from "../wasm/instructions.ts";
import {
  addValues,
  belowEntry,
  constant,
  copyState,
  entryState,
  meetInto,
  type StackState,
  type StackValue,
  subtractValues,
} from "./stack-state.ts";

/** Told of what changes while a body is walked, in rising order of offsets; `offset` is that of the next instruction. */
export interface StackWalkListener {
  delta(offset: number, delta: number | undefined): void;
  local(offset: number, local: number, by: number | undefined): void;
  /** A call other than a tail call, at `offset`, made with the stack pointer at E − `delta`. */
  call(delta: number | undefined, offset: number): void;
  /** From here on execution can come, or cannot. */
  reachable(offset: number, isReachable: boolean): void;
  /** A loop begins at `offset`. */
  loop(offset: number): void;
}

/**
 * One pass over a function's instructions that keeps track of its stack pointer and of the locals derived from it.
 *
 * At the head of a loop it believes what `loopHeads` says of it, and lowers that to what the branches back
 * bring along: passes are repeated until one finds nothing to lower. Knows the few instructions that compilers
 * move a stack pointer with; what any other leaves behind is unknown.
 *
 * A callee is taken to leave the stack pointer as it found it, which is the C ABI's rule.
 */
export class StackWalk {
  readonly #reader: CodeReader;
  readonly #stackPointer: number;
  readonly #loopHeads: Map<number, StackState>;
  readonly #listener: StackWalkListener;
  readonly #labels: Label[] = [];
  /** `undefined` where no execution can come. */
  #state: StackState | undefined = entryState();
  /** The topmost values of the operand stack as far as they are known; below them all is unknown. */
  #values: StackValue[] = [];
  /** Locals with a constant, within a stretch without branches: unoptimised code keeps its frame size in one. */
  readonly #constants = new Map<number, number>();
  #told: StackState = { delta: undefined, locals: new Map() };
  #toldReachable = true;
  #changed = false;
  #lowered = false;

  constructor(
    reader: CodeReader,
    stackPointer: number,
    loopHeads: Map<number, StackState>,
    listener: StackWalkListener,
  ) {
    this.#reader = reader;
    this.#stackPointer = stackPointer;
    this.#loopHeads = loopHeads;
    this.#listener = listener;
  }

  /** Walks to the end of the body; answers whether another pass is needed. @throws {MalformedError} as `CodeReader`. */
  run(): boolean {
    this.#tell(this.#reader.end);
    this.#labels.push(newLabel("block"));
    while (this.#labels.length > 0 && this.#reader.next()) {
      const { opcode } = this.#reader;
      if (!this.#control(opcode) && this.#state) this.#straight(this.#state, opcode);
      if (this.#changed) this.#tell(this.#reader.end);
    }
    return this.#lowered;
  }

  /** Instructions that begin, end or leave blocks. Answers whether this is one. */
  #control(opcode: op.Opcode): boolean {
    switch (opcode) {
      case op.BLOCK:
      case op.IF:
      case op.TRY:
      case op.TRY_TABLE:
        this.#open(opcode);
        break;
      case op.LOOP:
        this.#openLoop();
        break;
      case op.ELSE:
        this.#branchTo(0);
        this.#enterElse();
        break;
      case op.CATCH:
      case op.CATCH_ALL:
        this.#branchTo(0);
        this.#enter(handlerState(this.#labels.at(-1)?.caught));
        break;
      case op.END:
      case op.DELEGATE:
        this.#close();
        break;
      case op.BR:
        this.#branchTo(this.#reader.index());
        this.#enter(undefined);
        break;
      case op.BR_IF:
        this.#values.pop();
        this.#branchTo(this.#reader.index());
        break;
      case op.BR_ON_NULL:
      case op.BR_ON_NON_NULL:
      case op.BR_ON_CAST:
      case op.BR_ON_CAST_FAIL:
        this.#values = [];
        for (const operand of this.#reader.operands())
          if (operand.kind === "label") this.#branchTo(operand.value);
        break;
      case op.BR_TABLE: {
        const labels: number[] = [];
        this.#reader.labels(labels);
        for (const label of new Set(labels)) this.#branchTo(label);
        this.#enter(undefined);
        break;
      }
      default:
        if (!op.endsControlFlow(opcode)) return false;
        this.#enter(undefined);
    }
    return true;
  }

  #straight(state: StackState, opcode: op.Opcode): void {
    const values = this.#values;
    switch (opcode) {
      case op.LOCAL_GET:
        values.push(this.#valueOf(state, this.#reader.index()));
        break;
      case op.LOCAL_SET:
        this.#setLocal(state, this.#reader.index(), values.pop());
        break;
      case op.LOCAL_TEE:
        this.#setLocal(state, this.#reader.index(), values.at(-1));
        break;
      case op.GLOBAL_GET: {
        const known = this.#reader.index() === this.#stackPointer && state.delta !== undefined;
        values.push(known ? belowEntry(state.delta ?? 0) : undefined);
        break;
      }
      case op.GLOBAL_SET: {
        const value = values.pop();
        if (this.#reader.index() !== this.#stackPointer) break;
        state.delta = value?.kind === "below-entry" ? value.by : undefined;
        this.#changed = true;
        break;
      }
      case op.I32_CONST:
        values.push(constant(this.#reader.i32()));
        break;
      case I64_CONST:
        values.push(constant(Number(this.#reader.i64())));
        break;
      case I32_ADD:
      case I64_ADD:
        this.#combine(addValues);
        break;
      case I32_SUB:
      case I64_SUB:
        this.#combine(subtractValues);
        break;
      case op.CALL:
      case op.CALL_INDIRECT:
      case op.CALL_REF:
        this.#listener.call(state.delta, this.#reader.offset);
        values.length = 0;
        break;
      default:
        this.#other(opcode);
    }
  }

  #combine(operation: (left: StackValue, right: StackValue) => StackValue): void {
    const right = this.#values.pop();
    const left = this.#values.pop();
    this.#values.push(operation(left, right));
  }

  /** An instruction that has nothing to do with stack pointers: of its results nothing is known. */
  #other(opcode: op.Opcode): void {
    const signature = op.instructionInfo(opcode)?.signature;
    if (!signature) {
      this.#values.length = 0;
      return;
    }
    this.#values.length = Math.max(0, this.#values.length - signature.params.length);
    for (let result = 0; result < signature.results.length; result++) this.#values.push(undefined);
  }

  #valueOf(state: StackState, local: number): StackValue {
    const by = state.locals.get(local);
    if (by !== undefined) return belowEntry(by);
    const value = this.#constants.get(local);
    return value === undefined ? undefined : constant(value);
  }

  #setLocal(state: StackState, local: number, value: StackValue): void {
    this.#constants.delete(local);
    if (value?.kind === "constant") this.#constants.set(local, value.value);
    if (value?.kind === "below-entry") state.locals.set(local, value.by);
    else if (!state.locals.delete(local)) return;
    this.#changed = true;
    for (const { caught } of this.#labels) if (caught) meetInto(caught, state);
  }

  #open(opcode: op.Opcode): void {
    const label = newLabel("block");
    if (opcode === op.IF && this.#state) label.otherwise = copyState(this.#state);
    if (opcode === op.TRY || opcode === op.TRY_TABLE) label.caught = this.#state && copyState(this.#state);
    if (opcode === op.TRY_TABLE) {
      const targets: number[] = [];
      this.#reader.catchLabels(targets);
      label.handlers = [...new Set(targets)];
    }
    this.#labels.push(label);
    this.#forgetValues();
  }

  #openLoop(): void {
    this.#listener.loop(this.#reader.offset);
    const label = newLabel("loop");
    if (this.#state) {
      const before = this.#loopHeads.get(this.#reader.offset);
      const head = copyState(this.#state);
      if (before) meetInto(head, before);
      this.#loopHeads.set(this.#reader.offset, head);
      label.head = head;
      this.#state = copyState(head);
      this.#changed = true;
    }
    this.#labels.push(label);
    this.#forgetValues();
  }

  #enterElse(): void {
    const label = this.#labels.at(-1);
    this.#enter(label?.otherwise);
    if (label) label.otherwise = undefined;
  }

  #close(): void {
    const label = this.#labels.pop();
    if (!label) return;
    for (const target of label.handlers) this.#branchFrom(handlerState(label.caught), target);
    let exit = label.exit;
    for (const arriving of [this.#state, label.otherwise]) {
      if (!arriving) continue;
      if (exit) meetInto(exit, arriving);
      else exit = copyState(arriving);
    }
    this.#enter(exit);
  }

  #branchTo(label: number): void {
    this.#branchFrom(this.#state, label);
  }

  #branchFrom(state: StackState | undefined, depth: number): void {
    const label = this.#labels[this.#labels.length - 1 - depth];
    if (!state || !label) return;
    if (label.kind === "loop") {
      if (label.head && meetInto(label.head, state)) this.#lowered = true;
    } else if (label.exit) meetInto(label.exit, state);
    else label.exit = copyState(state);
  }

  /** Goes on in another part of the body, where `state` holds. */
  #enter(state: StackState | undefined): void {
    this.#state = state;
    this.#changed = true;
    this.#forgetValues();
  }

  #forgetValues(): void {
    this.#values = [];
    this.#constants.clear();
  }

  /** Tells the listener what has changed since it was told last. */
  #tell(offset: number): void {
    this.#changed = false;
    const isReachable = this.#state !== undefined;
    if (isReachable !== this.#toldReachable) this.#listener.reachable(offset, isReachable);
    this.#toldReachable = isReachable;
    const told = this.#told;
    const delta = this.#state?.delta;
    const locals = this.#state?.locals ?? noLocals;
    if (delta !== told.delta) this.#listener.delta(offset, delta);
    told.delta = delta;
    for (const local of told.locals.keys()) {
      if (locals.has(local)) continue;
      this.#listener.local(offset, local, undefined);
      told.locals.delete(local);
    }
    for (const [local, by] of locals) {
      if (told.locals.get(local) === by) continue;
      this.#listener.local(offset, local, by);
      told.locals.set(local, by);
    }
  }
}

/** A block that branches can leave or, for a loop, begin again. */
interface Label {
  readonly kind: "block" | "loop";
  /** What branches out of it bring to its end. */
  exit: StackState | undefined;
  /** Of a loop: what holds at its head. */
  head: StackState | undefined;
  /** Of an `if` that has met no `else` yet: what holds when its condition is false. */
  otherwise: StackState | undefined;
  /** Of a try block: what holds wherever in it an exception may have been thrown. */
  caught: StackState | undefined;
  /** Of a `try_table`: labels its handlers are at, counted from outside of it. */
  handlers: readonly number[];
}

function newLabel(kind: Label["kind"]): Label {
  return { kind, exit: undefined, head: undefined, otherwise: undefined, caught: undefined, handlers: [] };
}

/** An exception comes from deeper frames, whose stack pointer nobody has put back. */
function handlerState(caught: StackState | undefined): StackState | undefined {
  return caught && { delta: undefined, locals: new Map(caught.locals) };
}

const noLocals: ReadonlyMap<number, number> = new Map();

const opcodeOf = (mnemonic: string): op.Opcode => op.findOpcode(mnemonic) ?? -1;
const I64_CONST = opcodeOf("i64.const");
const I32_ADD = opcodeOf("i32.add");
const I32_SUB = opcodeOf("i32.sub");
const I64_ADD = opcodeOf("i64.add");
const I64_SUB = opcodeOf("i64.sub");

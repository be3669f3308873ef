import { type Awaitable, whenKnown } from "../base/awaitable.ts";
import { type CodeOffset, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import { unavailable } from "../base/unavailable.ts";
import { DW_AT_frame_base, DW_OP_WASM_location } from "../dwarf/constants.ts";
import type { Die } from "../dwarf/die.ts";
import {
  type ExpressionUnit,
  type MachineAnswer,
  type MachineRequest,
  runExpression,
} from "../dwarf/expression-machine.ts";
import { type LocationSource, locationAt } from "../dwarf/location.ts";
import { genericValue, type MachineValue } from "../dwarf/machine-value.ts";
import type { RawValue } from "../target/target.ts";
import type { FrameContext } from "./frame-context.ts";
import type { StopState } from "./memory/stop-state.ts";
import { machineValueOf } from "./raw-value.ts";
import type { SymbolsParts } from "./symbols-parts.ts";
import { readInteger } from "./values/number.ts";
import type { Place } from "./values/place.ts";

/**
 * Runs location expressions in one frame: finds what the expression machine asks for.
 *
 * Values of outer frames that the engine did not keep are worked out from the stack pointer where the
 * function's stack shape allows it. Belongs to one stop.
 */
export class FrameMachine {
  readonly #parts: SymbolsParts;
  readonly #state: StopState;
  readonly #context: FrameContext;
  readonly #code: CodeOffset;
  readonly #subprogram: Die | undefined;
  #frameBase: Awaitable<MachineAnswer> | undefined;

  /** `subprogram` gives the frame base; `undefined` where the frame has no debug info. */
  constructor(parts: SymbolsParts, state: StopState, context: FrameContext, subprogram: Die | undefined) {
    this.#parts = parts;
    this.#state = state;
    this.#context = context;
    this.#code = parts.codeOffset(context.offset);
    this.#subprogram = subprogram;
  }

  /** Where a variable's bytes are while the frame stands where it does. Rejects only as the target does. */
  place(variable: Die): Awaitable<Place> {
    try {
      const source = locationAt(variable, this.#code);
      switch (source.kind) {
        case "none":
          return unavailable(source.reason);
        case "constant":
          return { kind: "value", bytes: source.bytes };
        case "expression": {
          const place = this.#placeAt(source);
          return place instanceof Promise ? place.catch(whyMalformed) : place;
        }
      }
    } catch (error) {
      return whyMalformed(error);
    }
  }

  /** Runs an expression, with `initial` on its stack. Rejects only as the target does. */
  run(bytes: Uint8Array, unit: ExpressionUnit, initial: readonly MachineValue[] = []): Awaitable<Place> {
    return drive(runExpression(bytes, unit, initial), (request) => this.#answer(request, unit));
  }

  #placeAt(source: ExpressionSource): Awaitable<Place> {
    const { frameOffset } = source;
    // Of code that is not optimised all variables are so, and each is looked at at every stop.
    if (frameOffset === undefined) return this.#runAt(source);
    const { addressSize } = source.die.unit;
    return whenKnown(this.#frameBaseOf(addressSize), (base) => {
      if (base.kind === "unavailable") return base;
      if (base.kind !== "value") return unavailable("no value");
      return { kind: "memory", address: BigInt.asUintN(addressSize * 8, base.value.bits + frameOffset) };
    });
  }

  /** Runs the expression of a variable. */
  #runAt(source: ExpressionSource): Awaitable<Place> {
    const { unit } = source.die;
    return drive(runExpression(source.bytes, unit), (request) => {
      if (request.kind === "operand") return this.#operand(request.index, source);
      if (request.kind === "local" && this.#isGivenAway(request.index, source.begin))
        return unavailable("optimised out here: its place has been given to another variable");
      return this.#answer(request, unit);
    });
  }

  #isGivenAway(local: number, begin: CodeOffset | undefined): boolean {
    const { offset } = this.#context;
    // Both are of one function: what is between them is the same however it is counted.
    const since = begin === undefined ? undefined : toModuleOffset(offset - (this.#code - begin));
    return since !== undefined && this.#parts.debugInfo.isGivenAway?.(local, since, offset) === true;
  }

  #answer(request: MachineRequest, unit: ExpressionUnit): Awaitable<MachineAnswer> {
    switch (request.kind) {
      case "memory":
        return whenKnown(this.#state.readMemory(request.address, request.size), (bytes) =>
          bytes.length < request.size ? unavailable(this.#state.whyShort) : { kind: "bytes", bytes },
        );
      case "local":
        return this.#local(request.index, unit.addressSize);
      case "global":
        return this.#global(request.index, unit.addressSize);
      case "operand":
        return this.#operand(request.index);
      case "frame-base":
        return this.#frameBaseOf(unit.addressSize);
      case "tls":
        return this.#threadLocal(request.offset, unit.addressSize);
      case "entry-value":
        return this.#entryValue(request.expression, unit.addressSize);
      case "call-frame-cfa":
        return unavailable("its location counts from a call frame's address, which Wasm frames do not have");
      case "object-address":
        return unavailable("its location is in an unsupported form");
    }
  }

  /** What a parameter was when the function was entered, where it has not been written since. Callers do not keep what they gave. */
  #entryValue(expression: Uint8Array, addressSize: number): Awaitable<MachineAnswer> {
    const [operation, kind, local = 0, ...more] = expression;
    const isParameter = operation === DW_OP_WASM_location && kind === 0 && local < 0x80 && more.length === 0;
    if (isParameter && this.#parts.debugInfo.isAsGiven?.(local, this.#context.offset))
      return this.#local(local, addressSize);
    return unavailable("its value at the function's entry was not kept");
  }

  /** The same for all variables of the frame: found once. */
  #frameBaseOf(addressSize: number): Awaitable<MachineAnswer> {
    if (this.#frameBase !== undefined) return this.#frameBase;
    const base = this.#findFrameBase(addressSize);
    this.#frameBase = base;
    return base;
  }

  #findFrameBase(addressSize: number): Awaitable<MachineAnswer> {
    const source = this.#subprogram && locationAt(this.#subprogram, this.#code, DW_AT_frame_base);
    if (source?.kind !== "expression") return unavailable("the frame base is unknown here");
    // What LLVM writes for all of them.
    if (source.local !== undefined)
      return whenKnown(this.#local(source.local, addressSize), (answer) =>
        answer.kind === "value"
          ? { kind: "value", value: genericValue(answer.value.bits, addressSize) }
          : answer,
      );
    const { unit } = source.die;
    const place = drive(runExpression(source.bytes, unit), (request) => {
      if (request.kind === "frame-base") return unavailable("its frame base refers to itself");
      return this.#answer(request, unit);
    });
    return whenKnown(place, (known) => baseIn(known, addressSize));
  }

  #local(index: number, addressSize: number): Awaitable<MachineAnswer> {
    return whenKnown(this.#state.locals(this.#context.frame), (locals) =>
      this.#localAmong(locals, index, addressSize),
    );
  }

  #localAmong(locals: readonly RawValue[], index: number, addressSize: number): MachineAnswer {
    const raw = locals[index];
    if (!raw) return unavailable(`there is no Wasm local ${index}`);
    if (raw.type !== "unavailable") return answerOf(raw);
    const { stackPointer, offset } = this.#context;
    const shape = this.#parts.debugInfo.stackShape(this.#context.function);
    const delta = shape.deltaAt(offset);
    const localDelta = shape.localDelta(index, offset);
    if (stackPointer === undefined || delta === undefined || localDelta === undefined) return answerOf(raw);
    return {
      kind: "value",
      value: genericValue(stackPointer + BigInt(delta) - BigInt(localDelta), addressSize),
    };
  }

  /**
   * Compilers go on saying that a variable is on the operand stack when it has been taken off: a value that has been put
   * there since is another one.
   */
  #operand(index: number, source?: ExpressionSource): Awaitable<MachineAnswer> {
    const { debugInfo, codeOffset } = this.#parts;
    const since = debugInfo.operandSince?.(this.#context.offset, index);
    const claimed = source?.operandSince?.(index);
    const isGone =
      debugInfo.operandSince !== undefined &&
      (since === undefined || (claimed !== undefined && codeOffset(since) > claimed));
    if (isGone) return unavailable("optimised out here: it is on the operand stack no more");
    return whenKnown(this.#state.operands(this.#context.frame), ({ [index]: raw }) =>
      raw ? answerOf(raw) : unavailable("it is on the Wasm operand stack, which was not kept here"),
    );
  }

  #global(index: number, addressSize: number): Awaitable<MachineAnswer> {
    if (index === this.#parts.debugInfo.stackPointerGlobal) {
      const { stackPointer, frame } = this.#context;
      if (stackPointer !== undefined)
        return { kind: "value", value: genericValue(stackPointer, addressSize) };
      // The global holds the innermost frame's value; an outer one's is not it.
      if (frame > 0) return unavailable("the stack pointer of this frame is unknown");
    }
    return whenKnown(this.#state.globals(), ({ [index]: raw }) =>
      raw ? answerOf(raw) : unavailable(`there is no Wasm global ${index}`),
    );
  }

  /** A module without threads has no base of thread-local storage: its offsets are addresses. */
  async #threadLocal(offset: bigint, addressSize: number): Promise<MachineAnswer> {
    const globals = await this.#state.globals();
    const index = globals.findIndex((_, global) => this.#parts.facts.globalName(global) === "__tls_base");
    if (index < 0) return { kind: "value", value: genericValue(offset, addressSize) };
    const base = answerOf(globals[index] as RawValue);
    if (base.kind !== "value") return base;
    return { kind: "value", value: genericValue(base.value.bits + offset, addressSize) };
  }
}

type ExpressionSource = Extract<LocationSource, { kind: "expression" }>;

/** Runs a machine to its end, from `step` on: without waiting as long as its answers are at hand. */
function drive(
  machine: ReturnType<typeof runExpression>,
  answer: (request: MachineRequest) => Awaitable<MachineAnswer>,
  step = machine.next(),
): Awaitable<Place> {
  let now = step;
  while (!now.done) {
    const given = answer(now.value);
    if (given instanceof Promise) return given.then((known) => drive(machine, answer, machine.next(known)));
    now = machine.next(given);
  }
  return now.value;
}

/** The address that variables of a frame count from, as an answer to the machine. */
function baseIn(place: Place, addressSize: number): MachineAnswer {
  if (place.kind === "memory") return { kind: "value", value: genericValue(place.address, addressSize) };
  if (place.kind === "unavailable") return place;
  if (place.kind !== "value") return unavailable("the frame base is in an unsupported form");
  const bits = readInteger(place.bytes.subarray(0, 8), "unsigned");
  return { kind: "value", value: genericValue(bits, addressSize) };
}

function whyMalformed(error: unknown): Place {
  if (error instanceof MalformedError) return unavailable("its location is malformed");
  throw error;
}

function answerOf(raw: RawValue): MachineAnswer {
  if (raw.type === "unavailable") return unavailable(raw.reason);
  const value = machineValueOf(raw);
  return value ? { kind: "value", value } : unavailable("it is in a Wasm reference, which has no bytes");
}

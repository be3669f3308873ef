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
  #frameBase: Promise<MachineAnswer> | undefined;

  /** `subprogram` gives the frame base; `undefined` where the frame has no debug info. */
  constructor(parts: SymbolsParts, state: StopState, context: FrameContext, subprogram: Die | undefined) {
    this.#parts = parts;
    this.#state = state;
    this.#context = context;
    this.#code = parts.codeOffset(context.offset);
    this.#subprogram = subprogram;
  }

  /** Where a variable's bytes are while the frame stands where it does. Rejects only as the target does. */
  async place(variable: Die): Promise<Place> {
    try {
      const source = locationAt(variable, this.#code);
      switch (source.kind) {
        case "none":
          return unavailable(source.reason);
        case "constant":
          return { kind: "value", bytes: source.bytes };
        case "expression":
          return await this.#runAt(source);
      }
    } catch (error) {
      if (error instanceof MalformedError) return unavailable("its location is malformed");
      throw error;
    }
  }

  /** Runs an expression, with `initial` on its stack. Rejects only as the target does. */
  run(bytes: Uint8Array, unit: ExpressionUnit, initial: readonly MachineValue[] = []): Promise<Place> {
    return drive(runExpression(bytes, unit, initial), (request) => this.#answer(request, unit));
  }

  /** Runs the expression of a variable. */
  #runAt(source: Extract<LocationSource, { kind: "expression" }>): Promise<Place> {
    const { unit } = source.die;
    return drive(runExpression(source.bytes, unit), async (request) => {
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

  async #answer(request: MachineRequest, unit: ExpressionUnit): Promise<MachineAnswer> {
    switch (request.kind) {
      case "memory": {
        const bytes = await this.#state.readMemory(request.address, request.size);
        if (bytes.length < request.size) return unavailable(this.#state.whyShort);
        return { kind: "bytes", bytes };
      }
      case "local":
        return this.#local(request.index, unit.addressSize);
      case "global":
        return this.#global(request.index, unit.addressSize);
      case "operand":
        return this.#operand(request.index);
      case "frame-base":
        this.#frameBase ??= this.#findFrameBase(unit.addressSize);
        return this.#frameBase;
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
  async #entryValue(expression: Uint8Array, addressSize: number): Promise<MachineAnswer> {
    const [operation, kind, local = 0, ...more] = expression;
    const isParameter = operation === DW_OP_WASM_location && kind === 0 && local < 0x80 && more.length === 0;
    if (isParameter && this.#parts.debugInfo.isAsGiven?.(local, this.#context.offset))
      return this.#local(local, addressSize);
    return unavailable("its value at the function's entry was not kept");
  }

  async #findFrameBase(addressSize: number): Promise<MachineAnswer> {
    const source = this.#subprogram && locationAt(this.#subprogram, this.#code, DW_AT_frame_base);
    if (source?.kind !== "expression") return unavailable("the frame base is unknown here");
    const { unit } = source.die;
    const place = await drive(runExpression(source.bytes, unit), async (request) => {
      if (request.kind === "frame-base") return unavailable("its frame base refers to itself");
      return this.#answer(request, unit);
    });
    if (place.kind === "memory") return { kind: "value", value: genericValue(place.address, addressSize) };
    if (place.kind === "unavailable") return place;
    if (place.kind !== "value") return unavailable("the frame base is in an unsupported form");
    const bits = readInteger(place.bytes.subarray(0, 8), "unsigned");
    return { kind: "value", value: genericValue(bits, addressSize) };
  }

  async #local(index: number, addressSize: number): Promise<MachineAnswer> {
    const locals = await this.#state.locals(this.#context.frame);
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
  async #operand(
    index: number,
    source?: Extract<LocationSource, { kind: "expression" }>,
  ): Promise<MachineAnswer> {
    const { debugInfo, codeOffset } = this.#parts;
    const since = debugInfo.operandSince?.(this.#context.offset, index);
    const claimed = source?.operandSince?.(index);
    const isGone =
      debugInfo.operandSince !== undefined &&
      (since === undefined || (claimed !== undefined && codeOffset(since) > claimed));
    if (isGone) return unavailable("optimised out here: it is on the operand stack no more");
    const raw = (await this.#state.operands(this.#context.frame))[index];
    return raw ? answerOf(raw) : unavailable("it is on the Wasm operand stack, which was not kept here");
  }

  async #global(index: number, addressSize: number): Promise<MachineAnswer> {
    if (index === this.#parts.debugInfo.stackPointerGlobal) {
      const { stackPointer, frame } = this.#context;
      if (stackPointer !== undefined)
        return { kind: "value", value: genericValue(stackPointer, addressSize) };
      // The global holds the innermost frame's value; an outer one's is not it.
      if (frame > 0) return unavailable("the stack pointer of this frame is unknown");
    }
    const raw = (await this.#state.globals())[index];
    return raw ? answerOf(raw) : unavailable(`there is no Wasm global ${index}`);
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

async function drive(
  machine: ReturnType<typeof runExpression>,
  answer: (request: MachineRequest) => Promise<MachineAnswer>,
): Promise<Place> {
  let step = machine.next();
  while (!step.done) step = machine.next(await answer(step.value));
  return step.value;
}

function answerOf(raw: RawValue): MachineAnswer {
  if (raw.type === "unavailable") return unavailable(raw.reason);
  const value = machineValueOf(raw);
  return value ? { kind: "value", value } : unavailable("it is in a Wasm reference, which has no bytes");
}

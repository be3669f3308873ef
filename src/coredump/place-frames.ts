import { type FuncIndex, type ModuleOffset, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import { CALL, CALL_INDIRECT, CALL_REF } from "../wasm/instructions.ts";
import type { CoredumpFrame } from "./coredump.ts";
import type { OffsetBase } from "./dialects.ts";
import type { ModuleCode } from "./module-code.ts";

/** Where a frame stands in its module. */
export interface PlacedFrame {
  readonly function: FuncIndex;
  /** Of its instruction; of the function's body where that is not known. */
  readonly offset: ModuleOffset;
}

/** From where code offsets count, and why that is thought: a clause without a full stop. */
export interface FoundBase {
  readonly base: OffsetBase;
  readonly reason: string;
}

/** A frame with the code of its module, where that is known. Innermost first, as in a thread. */
export interface FrameWithCode {
  readonly frame: CoredumpFrame;
  readonly code: ModuleCode | undefined;
}

/** Frames that are looked at: recursion without end repeats itself. */
const mostFrames = 200;

/**
 * Finds out from where code offsets count: an offset must be that of an instruction of its function, and outer frames
 * must stand at a call, if it is a direct one of the function of the frame they called.
 *
 * @param usual What the dialect's producers use: taken where the code does not tell.
 */
export function findOffsetBase(stacks: readonly (readonly FrameWithCode[])[], usual: OffsetBase): FoundBase {
  const bases: readonly OffsetBase[] = [
    usual,
    ...(["body", "instructions", "code-section", "file", "call-sites"] as const).filter(
      (base) => base !== usual,
    ),
  ];
  let best = { base: usual, score: 0, good: 0, tried: 0 };
  for (const base of bases) {
    const evidence = stacks.map((stack) => evidenceFor(stack.slice(0, mostFrames), base));
    const score = sum(evidence.map((one) => one.score));
    if (score <= best.score) continue;
    best = {
      base,
      score,
      good: sum(evidence.map(({ good }) => good)),
      tried: sum(evidence.map(({ tried }) => tried)),
    };
  }
  const { base, good, tried } = best;
  const reason =
    tried === 0
      ? "its producers count so, and the code does not tell"
      : `counted so, ${good} of ${tried} are those of instructions that fit their frames`;
  return { base, reason };
}

/** How many frames fit the code of their module, counted from the base that suits them best. */
export function fitOf(
  stack: readonly FrameWithCode[],
  base: OffsetBase,
): { readonly good: number; readonly tried: number } {
  return evidenceFor(stack.slice(0, mostFrames), base);
}

/**
 * Places frames in their modules; `undefined` for one whose function is not there or not known.
 */
export function placeFrames(
  stack: readonly FrameWithCode[],
  base: OffsetBase,
): readonly (PlacedFrame | undefined)[] {
  return stack.map((at, index) =>
    base === "call-sites" ? placeByCallSite(stack, index) : placeByOwnOffset(at, base),
  );
}

function placeByOwnOffset({ frame, code }: FrameWithCode, base: OffsetBase): PlacedFrame | undefined {
  const body = code?.bodyOf(frame.function);
  if (!code || !body) return undefined;
  const offset = originOf(base, code, frame.function) + frame.codeOffset;
  const inside = frame.codeOffset > 0 && offset >= body.start && offset < body.end;
  return { function: toFuncIndex(frame.function), offset: inside ? toModuleOffset(offset) : body.start };
}

/** A frame stands where the frame further in was called from. */
function placeByCallSite(stack: readonly FrameWithCode[], index: number): PlacedFrame | undefined {
  const { frame, code } = stack[index] as FrameWithCode;
  if (!code) return undefined;
  const called = stack[index - 1]?.frame;
  const site = called && code.functionAt(called.codeOffset);
  if (called && site !== undefined) return { function: site, offset: toModuleOffset(called.codeOffset) };
  // Of a call through a table such producers know the type and not the function.
  const entered = code.instructionAt(frame.codeOffset);
  const body = code.bodyOf(frame.function);
  if (!body || entered?.callee !== frame.function) return undefined;
  return { function: toFuncIndex(frame.function), offset: body.start };
}

interface Evidence {
  readonly score: number;
  readonly good: number;
  readonly tried: number;
}

function evidenceFor(stack: readonly FrameWithCode[], base: OffsetBase): Evidence {
  let score = 0;
  let good = 0;
  let tried = 0;
  for (const [index, at] of stack.entries()) {
    const { code, frame } = at;
    if (!code || frame.codeOffset === 0) continue;
    const one =
      base === "call-sites" ? callSiteScore(at, index === stack.length - 1) : offsetScore(stack, index, base);
    if (one === undefined) continue;
    score += one;
    tried++;
    if (one > 0) good++;
  }
  return { score, good, tried };
}

function offsetScore(stack: readonly FrameWithCode[], index: number, base: OffsetBase): number | undefined {
  const { frame, code } = stack[index] as FrameWithCode;
  const offset = code && originOf(base, code, frame.function) + frame.codeOffset;
  if (code === undefined || offset === undefined || code.functionAt(offset) !== frame.function) return -3;
  const instruction = code.instructionAt(offset);
  if (!instruction) return -3;
  const called = stack[index - 1];
  if (called?.code !== code) return 1;
  if (instruction.callee !== undefined) {
    if (instruction.callee === called.frame.function) return 5;
    // A host function that called back, for which there is no frame.
    return code.bodyOf(instruction.callee) ? -3 : 1;
  }
  return isIndirectCall(instruction.opcode) ? 2 : -3;
}

function callSiteScore({ frame, code }: FrameWithCode, isOutermost: boolean): number | undefined {
  const instruction = code?.instructionAt(frame.codeOffset);
  if (instruction?.opcode === CALL) return instruction.callee === frame.function ? 5 : -3;
  if (instruction && isIndirectCall(instruction.opcode)) return 2;
  // The host called the outermost frame.
  return isOutermost ? undefined : -3;
}

const isIndirectCall = (opcode: number): boolean => opcode === CALL_INDIRECT || opcode === CALL_REF;

function originOf(base: OffsetBase, code: ModuleCode, func: number): number {
  switch (base) {
    case "body":
      return code.bodyOf(func)?.start ?? 0;
    case "instructions":
      return code.bodyOf(func)?.instructionsStart ?? 0;
    case "code-section":
      return code.codeStart;
    case "file":
    case "call-sites":
      return 0;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

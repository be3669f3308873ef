import type { TrapKind } from "../target/target.ts";
import { BR_IF, instructionInfo, UNREACHABLE } from "../wasm/instructions.ts";
import type { StopNote } from "./coredump-notes.ts";
import type { ModuleCode } from "./module-code.ts";
import type { PlacedFrame } from "./place-frames.ts";

/** Stacks deeper than this come to no other end: engines have room for some ten thousand frames. */
const deepStack = 2000;
/** Of a recursion without end a dump may have the innermost frames only: these, of few functions. */
const recursion = { frames: 16, functions: 3 };

/**
 * Why a program stopped, worked out from where its innermost frame stands: most dumps do not say. `undefined` where
 * the instruction cannot trap and the stack is nothing special.
 *
 * @param frames Of the thread, innermost first.
 * @param code Of the innermost frame's module.
 */
export function inferStop(
  frames: readonly (PlacedFrame | undefined)[],
  code: ModuleCode | undefined,
): StopNote | undefined {
  const [frame] = frames;
  const instruction = frame && code?.instructionAt(frame.offset);
  const mnemonic = instruction && instructionInfo(instruction.opcode)?.mnemonic;
  // Cranelift makes one instruction of a branch around an `unreachable`, at the branch.
  const isGuard =
    instruction?.opcode === BR_IF && code?.instructionAt(instruction.end)?.opcode === UNREACHABLE;
  const opcode = isGuard ? UNREACHABLE : instruction?.opcode;
  const found = mnemonic === undefined ? undefined : trapOf(mnemonic, opcode);
  if (found) {
    const [trap, words] = found;
    return { kind: "trap", trap, message: `${words} (judging by \`${mnemonic}\`, where it stands)` };
  }
  const innermost = frames.slice(0, recursion.frames);
  const functions = new Set(innermost.map((one) => one?.function)).size;
  const isRecursion = innermost.length === recursion.frames && functions <= recursion.functions;
  if (frames.length < deepStack && !isRecursion) return undefined;
  return { kind: "trap", trap: "stack-overflow", message: "stack overflow (judging by its frames)" };
}

function trapOf(mnemonic: string, opcode: number | undefined): readonly [TrapKind, string] | undefined {
  if (opcode === UNREACHABLE) return ["unreachable", "unreachable"];
  if (/^i(32|64)\.(div_u|rem_s|rem_u)$/.test(mnemonic)) return ["integer-divide-by-zero", "divide by zero"];
  if (/^i(32|64)\.div_s$/.test(mnemonic)) return ["integer-divide-by-zero", "divide by zero, or overflow"];
  if (/^i(32|64)\.trunc_f/.test(mnemonic)) {
    return ["invalid-conversion-to-integer", "float unrepresentable in integer range"];
  }
  if (/call_indirect$/.test(mnemonic)) {
    return ["indirect-call-type-mismatch", "an indirect call of null or of another type"];
  }
  if (/^memory\.(fill|copy|init)$/.test(mnemonic) || /\.(load|store)|\.atomic\./.test(mnemonic)) {
    return ["memory-out-of-bounds", "memory access out of bounds"];
  }
  if (/^table\.(get|set|fill|copy|init)$/.test(mnemonic))
    return ["table-out-of-bounds", "table access out of bounds"];
  if (/^ref\.(as_non_null|cast)/.test(mnemonic))
    return ["null-reference", "a reference that is null or of another type"];
  return undefined;
}

import { TargetError } from "../base/errors.ts";
import type { ReturnedCall } from "../symbols/symbols.ts";
import type { SiteRole, Target } from "../target/target.ts";
import type { PausedGuest } from "./paused-guest.ts";

/** The call that a step out leaves, looked at while it is still there. */
export interface LeavingCall extends ReturnedCall {
  /** Of its frame: wasm frames from the outermost, which is 1. */
  readonly depth: number;
}

/** The call in which a step out begins. What cannot be told of it is left out; rejects only when the target is gone. */
export async function leavingCall(paused: PausedGuest, target: Target): Promise<LeavingCall | undefined> {
  const [frame] = await paused.wasmFrames();
  if (!frame) return undefined;
  const { function: func, offset, depth } = frame;
  const [first] = await rawLocals(paused, target, frame.index);
  const isInteger = first?.type === "i32" || first?.type === "i64";
  const firstParameter = isInteger ? BigInt(first.value) : undefined;
  return { function: func, offset, depth, ...(firstParameter !== undefined && { firstParameter }) };
}

/** The call that has just returned at a stop, if it is the one that was left. */
export async function returnedFrom(
  { depth, ...call }: LeavingCall,
  paused: PausedGuest,
  role: SiteRole | undefined,
): Promise<ReturnedCall | undefined> {
  if (role !== "return") return undefined;
  const [frame] = await paused.wasmFrames();
  return frame?.depth === depth - 1 ? call : undefined;
}

async function rawLocals(paused: PausedGuest, target: Target, frame: number) {
  try {
    return await target.locals(paused.stop, frame);
  } catch (error) {
    if (error instanceof TargetError && error.code === "unsupported") return [];
    throw error;
  }
}

import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import { ifWellFormed } from "../base/if-well-formed.ts";
import type { ReturnedCall } from "../symbols/frame-context.ts";
import type { SiteRole, Target } from "../target/target.ts";
import { CodeReader } from "../wasm/code-reader.ts";
import type { PausedGuest } from "./paused-guest.ts";

/** The call that a step out leaves, looked at while it is still there. */
export interface LeavingCall extends ReturnedCall {
  /** Of its frame: wasm frames from the outermost, which is 1. */
  readonly depth: number;
  /** Where it returns to. */
  readonly returnsTo: ModuleOffset | undefined;
}

/** The call in which a step out begins. What cannot be told of it is left out; rejects only when the target is gone. */
export async function leavingCall(paused: PausedGuest, target: Target): Promise<LeavingCall | undefined> {
  const [frame, caller] = await paused.wasmFrames();
  if (!frame) return undefined;
  const returnsTo = caller && endOfInstruction(target.module.bytes, caller.offset);
  const { function: func, offset, depth } = frame;
  const [first] = await rawLocals(paused, target, frame.index);
  const isInteger = first?.type === "i32" || first?.type === "i64";
  const firstParameter = isInteger ? BigInt(first.value) : undefined;
  return {
    function: func,
    offset,
    depth,
    returnsTo,
    ...(firstParameter !== undefined && { firstParameter }),
  };
}

/** The call that has just returned at a stop, if it is the one that was left. */
export async function returnedFrom(
  { depth, returnsTo, ...call }: LeavingCall,
  paused: PausedGuest,
  { point, role }: { readonly point: ModuleOffset; readonly role?: SiteRole },
): Promise<ReturnedCall | undefined> {
  // Where a statement begins behind the call, that is what the place is there for.
  if (role !== "return" && point !== returnsTo) return undefined;
  const [frame] = await paused.wasmFrames();
  return frame?.depth === depth - 1 ? call : undefined;
}

function endOfInstruction(bytes: Uint8Array, offset: ModuleOffset): ModuleOffset | undefined {
  const reader = new CodeReader(bytes, offset, bytes.length);
  return ifWellFormed(() => (reader.next() ? toModuleOffset(reader.end) : undefined));
}

async function rawLocals(paused: PausedGuest, target: Target, frame: number) {
  try {
    return await target.locals(paused.stop, frame);
  } catch (error) {
    if (error instanceof TargetError && error.code === "unsupported") return [];
    throw error;
  }
}

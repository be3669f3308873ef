import type { Frame } from "../../src/debugger/debugger-types.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { noFrames, notWritable } from "./errors.ts";
import type { Session } from "./session.ts";

/** How many frames are looked at for one that has variables. */
const enough = 20;

/** The frame the client means: by its number, or the innermost of the program's own. */
export async function findFrame(session: Session, frameId: number | undefined): Promise<Frame> {
  if (frameId !== undefined) return session.frames.find(frameId);
  const { frames } = await session.debugger.stackTrace(0, enough);
  const frame = frames.find(({ kind }) => kind !== "host") ?? frames[0];
  if (frame === undefined) throw noFrames();
  return frame;
}

/** Changes a variable and lets the client know that others may look different now. */
export async function assign(session: Session, variable: Variable, text: string): Promise<Variable> {
  if (!variable.writable) throw notWritable(variable.name, variable.unavailable);
  const changed = await variable.assign(text);
  if (session.facts.supportsInvalidatedEvent) session.client.send("invalidated", { areas: ["variables"] });
  return changed;
}

import assert from "node:assert/strict";
import type { DebugSession } from "./debug-session.ts";
import type { Message } from "./transcript.ts";

/** What a test asks to be watched: as `dataBreakpointInfo` takes it, and as `setDataBreakpoints` does. */
export interface WatchWish {
  readonly name: string;
  /** Position of the frame it is looked up in; everywhere, without. */
  readonly frame?: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly mode?: string;
  readonly bytes?: number;
  readonly asAddress?: boolean;
  readonly variablesReference?: number;
}

/** What the adapter says of something to watch. */
export async function dataInfo(session: DebugSession, wish: WatchWish): Promise<Message> {
  const { frame, name, mode, bytes, asAddress, variablesReference } = wish;
  const [at] = frame === undefined ? [] : await session.frames(1, frame);
  const more = { mode, bytes, asAddress, variablesReference, ...(at ? { frameId: at.id } : {}) };
  return (await session.client.send("dataBreakpointInfo", { name, ...more })).body;
}

/** Replaces the data breakpoints; answers what the adapter made of them. Everything must have an id. */
export async function watch(session: DebugSession, ...wishes: readonly WatchWish[]): Promise<Message[]> {
  const breakpoints: object[] = [];
  for (const wish of wishes) {
    const { dataId, description } = await dataInfo(session, wish);
    assert.equal(typeof dataId, "string", `${wish.name}: ${description}`);
    const { condition, hitCondition } = wish;
    breakpoints.push({ dataId, accessType: "write", condition, hitCondition });
  }
  return (await session.client.send("setDataBreakpoints", { breakpoints })).body.breakpoints;
}

/** As `watch`, of which all must be verified. */
export async function watchAll(session: DebugSession, ...wishes: readonly WatchWish[]): Promise<number[]> {
  const set = await watch(session, ...wishes);
  for (const { verified, message } of set) assert.equal(verified, true, message);
  return set.map(({ id }) => id);
}

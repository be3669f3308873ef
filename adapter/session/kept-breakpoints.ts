import { toDataBreakpoint } from "../convert/data-breakpoint.ts";
import { offerRestart } from "./restart-offers.ts";
import type { Session } from "./session.ts";

/** Sets what was asked for before this program was there, and tells what came of it. */
export async function setKeptBreakpoints(session: Session): Promise<void> {
  const target = session.breakpointTarget;
  if (target === undefined) return;
  await setInstructionBreakpoints(session);
  await setDataBreakpoints(session);
  for (const breakpoint of await session.breakpoints.applyAll(target)) {
    session.client.send("breakpoint", { reason: "changed", breakpoint: session.toBreakpoint(breakpoint) });
  }
}

async function setInstructionBreakpoints(session: Session): Promise<void> {
  const target = session.instructionTarget;
  if (target === undefined) return;
  for (const breakpoint of await session.instructionBreakpoints.applyAll(target)) {
    session.client.send("breakpoint", {
      reason: "changed",
      breakpoint: session.toInstructionBreakpoint(breakpoint),
    });
  }
}

async function setDataBreakpoints(session: Session): Promise<void> {
  const target = session.dataTarget;
  if (target === undefined) return;
  const { breakpoints, needsRestart } = await session.dataBreakpoints.applyAll(target);
  for (const breakpoint of breakpoints) {
    session.client.send("breakpoint", { reason: "changed", breakpoint: toDataBreakpoint(breakpoint) });
  }
  if (needsRestart) offerRestart(session, "dataBreakpoints");
}

import type { StepKind } from "../../src/debugger/debugger-types.ts";
import { oneOf } from "../protocol/arguments.ts";
import { offerRestart } from "./restart-offers.ts";
import type { Session } from "./session.ts";
import { checkThread } from "./thread.ts";

/** What a step request may say of how far to go. */
export const granularity = oneOf("statement", "line", "instruction");

/**
 * Begins a step. By statement means by line. By instruction goes to the next place where the program can be stopped; where
 * these are the beginnings of statements and not all instructions, that is said once, and how to change it.
 */
export async function beginStep(
  session: Session,
  kind: StepKind,
  asked: {
    readonly threadId: number;
    readonly granularity?: "statement" | "line" | "instruction";
    readonly targetId?: number;
  },
): Promise<void> {
  if (session.goesOnBy === "step") return;
  session.check("stopped");
  checkThread(asked.threadId, session.debugger);
  const target = asked.targetId === undefined ? undefined : session.stepTargets.find(asked.targetId);
  const byInstruction = target === undefined && asked.granularity === "instruction";
  const { granularity } = session.program?.configuration ?? {};
  if (byInstruction && granularity === "source") offerRestart(session, "instructionStepping");
  await session.resume("step", () =>
    session.debugger.step(kind, byInstruction ? "instruction" : "line", target),
  );
}

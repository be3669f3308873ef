import { noLinesReason } from "../convert/module.ts";
import { threadId } from "../convert/stop.ts";
import { coredumpTexts } from "./coredump.ts";
import { toModules } from "./modules.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { tell, tellProblems } from "./tell.ts";

/** Tells the client what was loaded, and what to know about it. */
export function announceProgram(session: Session, program: Program, reason: "new" | "changed"): void {
  const { launched } = session;
  const { modulePath, debugInfo, processId, coredump } = launched;
  const { sourceFileMap } = program.configuration;
  session.sources.use(
    { modulePath, sourceFileMap },
    (path) =>
      tell(session, "console", `${path} has changed since the program was compiled: its lines may not fit.`),
    (sentence) => tell(session, "console", sentence),
  );
  program.announced = true;
  session.client.send("process", {
    name: modulePath,
    ...(processId === undefined ? {} : { systemProcessId: processId }),
    isLocalProcess: true,
    startMethod: coredump === undefined ? "launch" : "attach",
    pointerSize: launched.module.memories[0]?.addressType === "i64" ? 64 : 32,
  });
  for (const module of toModules(launched)) session.client.send("module", { reason, module });
  for (const { number } of session.debugger.threads ?? [{ number: threadId }]) {
    session.client.send("thread", { reason: "started", threadId: number });
    if (reason === "changed" && session.facts.takesStartedForStopped) {
      session.client.send("continued", { threadId: number });
    }
  }
  if (coredump !== undefined) for (const text of coredumpTexts(coredump)) tell(session, "console", text);
  const noLines = noLinesReason(debugInfo.status);
  if (noLines !== undefined && !program.configuration.noDebug) tell(session, "important", noLines);
  tellProblems(session, program);
}

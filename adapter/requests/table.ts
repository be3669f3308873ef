import type { RequestTable } from "../protocol/handler.ts";
import type { Session } from "../session/session.ts";
import { attach } from "./attach.ts";
import { breakpointLocations } from "./breakpoint-locations.ts";
import { cancel } from "./cancel.ts";
import { completions } from "./completions.ts";
import { configurationDone } from "./configuration-done.ts";
import { continueRequest } from "./continue.ts";
import { dataBreakpointInfo } from "./data-breakpoint-info.ts";
import { disassemble } from "./disassemble.ts";
import { disconnect } from "./disconnect.ts";
import { evaluate } from "./evaluate.ts";
import { exceptionInfo } from "./exception-info.ts";
import { initialize } from "./initialize.ts";
import { launch } from "./launch.ts";
import { loadedSources } from "./loaded-sources.ts";
import { modules } from "./modules.ts";
import { next } from "./next.ts";
import { pause } from "./pause.ts";
import { readMemory } from "./read-memory.ts";
import { restart } from "./restart.ts";
import { restartWith } from "./restart-with.ts";
import { saveCoredump } from "./save-coredump.ts";
import { scopes } from "./scopes.ts";
import { setBreakpoints } from "./set-breakpoints.ts";
import { setDataBreakpoints } from "./set-data-breakpoints.ts";
import { setExceptionBreakpoints } from "./set-exception-breakpoints.ts";
import { setExpression } from "./set-expression.ts";
import { setFunctionBreakpoints } from "./set-function-breakpoints.ts";
import { setInstructionBreakpoints } from "./set-instruction-breakpoints.ts";
import { setVariable } from "./set-variable.ts";
import { source } from "./source.ts";
import { stackTrace } from "./stack-trace.ts";
import { stepIn } from "./step-in.ts";
import { stepInTargets } from "./step-in-targets.ts";
import { stepOut } from "./step-out.ts";
import { terminate } from "./terminate.ts";
import { threads } from "./threads.ts";
import { variables } from "./variables.ts";
import { writeMemory } from "./write-memory.ts";

/** How each request of the protocol is answered. */
export const requests: RequestTable<Session> = {
  attach,
  breakpointLocations,
  cancel,
  completions,
  configurationDone,
  continue: continueRequest,
  dataBreakpointInfo,
  disassemble,
  disconnect,
  evaluate,
  exceptionInfo,
  goto: "unsupported",
  gotoTargets: "unsupported",
  initialize,
  launch,
  loadedSources,
  locations: "unsupported",
  modules,
  next,
  pause,
  readMemory,
  restart,
  restartFrame: "unsupported",
  restartWith,
  reverseContinue: "unsupported",
  saveCoredump,
  scopes,
  setBreakpoints,
  setDataBreakpoints,
  setExceptionBreakpoints,
  setExpression,
  setFunctionBreakpoints,
  setInstructionBreakpoints,
  setVariable,
  source,
  stackTrace,
  stepBack: "unsupported",
  stepIn,
  stepInTargets,
  stepOut,
  terminate,
  terminateThreads: "unsupported",
  threads,
  variables,
  writeMemory,
};

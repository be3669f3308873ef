import type { DebugProtocol } from "@vscode/debugprotocol";
import { briefName } from "../../src/debugger/brief-name.ts";
import type { Frame } from "../../src/debugger/debugger-types.ts";
import { withoutParameters } from "../../src/debugger/function-matching.ts";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import { moduleId } from "../convert/module.ts";
import { nameOf } from "../convert/path.ts";
import { toClientLine } from "../convert/position.ts";
import { toFrameName, toStackFrame, wantsParameters } from "../convert/stack-frame.ts";
import { boolean, count, integer, object, optional } from "../protocol/arguments.ts";
import { nextTurn } from "../session/progress.ts";
import { request } from "../session/request.ts";
import type { Session } from "../session/session.ts";
import { checkThread } from "../session/thread.ts";

const format = object({
  hex: optional(boolean),
  parameters: optional(boolean),
  parameterTypes: optional(boolean),
  parameterNames: optional(boolean),
  parameterValues: optional(boolean),
  line: optional(boolean),
  module: optional(boolean),
});

/** Frames of the stop, innermost first; exactly those asked for, with the number of all of them. None once the program has left it. */
export const stackTrace = request("stackTrace", {
  needs: "launched",
  arguments: {
    threadId: integer,
    startFrame: optional(count),
    levels: optional(count),
    format: optional(format),
  },
  cancellable: true,
  progress: "Reading the stack",
  capabilities: { supportsDelayedStackTraceLoading: true, supportsValueFormattingOptions: true },
  async run(session, { threadId, startFrame = 0, levels = 0, format = {} }, { signal }) {
    if (session.goesOnBy !== undefined) return { stackFrames: [], totalFrames: 0 };
    session.check("stopped");
    checkThread(threadId, session.debugger);
    const wanted = levels === 0 ? Number.MAX_SAFE_INTEGER : levels;
    const { frames, total } = await session.debugger.stackTrace(startFrame, wanted, threadId);
    const hasSources = session.launched.debugInfo.sources().some(({ isListing }) => !isListing);
    const toBrief = keepingLast(briefName);
    const toSource = keepingLast((source: SourceFile) => session.toSource(source));
    const stackFrames: DebugProtocol.StackFrame[] = [];
    for (const frame of frames) {
      const source = frame.position === undefined ? undefined : toSource(frame.position.source);
      const name = isPlain(format) ? toBrief(frame.name) : await toName(session, frame, format);
      const module = frame.module ?? moduleId;
      const { moduleNumber = moduleId } = session.launched;
      const hasListing = module === moduleNumber;
      const isBackground = frame.isLibrary === true && !(frame.index === 0 && isChosen(session));
      const facts = {
        ...{ id: session.frameId(frame), name, source, moduleId: module },
        ...{ hasSources, hasListing, isBackground },
      };
      stackFrames.push(toStackFrame(session.facts, frame, facts));
      if (stackFrames.length % framesAtOnce === 0) await nextTurn();
      signal.throwIfAborted();
    }
    return { stackFrames, totalFrames: total };
  },
});

/** Frames before anything else has a turn. */
const framesAtOnce = 500;

/** A function of one argument, called anew only for another one than last: a long stack is in one file, mostly. */
function keepingLast<A, R>(of: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined;
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: of(argument) };
    return last.result;
  };
}

/** Whether names are shown as they are. */
const isPlain = (format: DebugProtocol.StackFrameFormat): boolean =>
  !wantsParameters(format) && format.module !== true && format.line !== true;

/** Whether the program stands where its user wanted it to, and not just anywhere. */
function isChosen({ program }: Session): boolean {
  return ["breakpoint", "step", "entry"].includes(program?.stop?.kind ?? "");
}

async function toName(
  session: Session,
  frame: Frame,
  format: DebugProtocol.StackFrameFormat,
): Promise<string> {
  const wanted = wantsParameters(format) && frame.kind !== "host";
  const parameters = wanted ? await session.debugger.parameters(frame) : undefined;
  const shown =
    parameters !== undefined && format.hex === true
      ? await Promise.all(parameters.map((one) => one.asHex()))
      : parameters;
  // Names of languages with overloads end in their parameters' types: these stand in the list, if there is one.
  return toFrameName(briefName(wanted ? withoutParameters(frame.name) : frame.name), format, {
    ...(shown === undefined ? {} : { parameters: shown }),
    ...(frame.kind === "host" ? {} : { module: nameOf(session.launched.modulePath) }),
    ...(frame.position === undefined ? {} : { line: toClientLine(session.facts, frame.position.line) }),
  });
}

import { toClipboardText } from "../convert/clipboard-text.ts";
import { toClientValue, toPresentationHint } from "../convert/variable.ts";
import { integer, optional, string, valueFormat } from "../protocol/arguments.ts";
import { expressionOf, readConsoleCommand } from "../session/console-commands.ts";
import { notAvailable } from "../session/errors.ts";
import { effectsIn, findFrame, withPlace } from "../session/evaluation.ts";
import { request } from "../session/request.ts";

/**
 * An expression's value, in a frame or (without one) in the innermost; what a command typed into the console answers. Failing is ordinary here, as
 * when the mouse rests on a word that is no variable: nothing pops up.
 */
export const evaluate = request("evaluate", {
  needs: "launched",
  arguments: {
    expression: string,
    frameId: optional(integer),
    context: optional(string),
    format: optional(valueFormat),
  },
  capabilities: { supportsEvaluateForHovers: true, supportsClipboardContext: true },
  cancellable: true,
  progress: "Evaluating",
  // A client that does not say where, as Helix, evaluates in one place only: its prompt.
  async run(session, { expression, frameId, context = "repl", format }, { signal }) {
    if (context === "watch" && frameId !== undefined && session.frames.hasLapsed(frameId))
      throw notAvailable();
    session.check("stopped");
    const command = context === "repl" ? readConsoleCommand(expression) : undefined;
    if (command) return { result: await command.run(session, frameId), variablesReference: 0 };
    const text = context === "repl" ? expressionOf(expression) : expression;
    const frame = await findFrame(session, frameId);
    const found = await session.debugger
      .evaluate(frame, text, effectsIn(session, context, signal))
      .catch((error: unknown) => {
        throw context === "repl" ? withPlace(error, text) : error;
      });
    const shown = format?.hex === true ? await found.asHex() : found;
    return {
      result: context === "clipboard" ? await toClipboardText(shown, signal) : shown.value,
      presentationHint: toPresentationHint(shown),
      ...toClientValue(session.facts, shown, (variable) => session.lend(variable)),
    };
  },
});

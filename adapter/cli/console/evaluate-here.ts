import { ExpressionError, type Variable } from "../../../src/symbols/variable.ts";
import { CommandError } from "./command-error.ts";
import type { DebugConsole } from "./debug-console.ts";

/** What an expression is in the frame looked at. @throws {CommandError} it is nothing. */
export async function evaluateHere(console: DebugConsole, text: string): Promise<Variable> {
  const core = console.stopped;
  const frame = await console.frame();
  return asCommand(core.evaluate(frame, text));
}

/** What is asked about an expression; where that is wrong, the command is. @throws {CommandError} */
export async function asCommand<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof ExpressionError ? new CommandError(error.message) : error;
  }
}

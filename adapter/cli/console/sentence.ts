import { MalformedError, TargetError } from "../../../src/base/errors.ts";
import { ExpressionError } from "../../../src/symbols/variable.ts";
import { toLaunchError, UserError } from "../../session/errors.ts";
import { CommandError } from "./command-error.ts";

/** What a command failed with, as a sentence for its user; `program` is the module's path. */
export function sentenceOf(error: unknown, program: string): string {
  const told = [CommandError, ExpressionError, TargetError, UserError];
  if (error instanceof Error && told.some((kind) => error instanceof kind)) return error.message;
  const isFile = typeof (error as { readonly code?: unknown } | undefined)?.code === "string";
  if (isFile || error instanceof MalformedError) return toLaunchError(error, program).message;
  return `Internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

import { readFileSync } from "node:fs";
import type { Debugger } from "../../../src/debugger/debugger.ts";
import type { Frame, StopDescription } from "../../../src/debugger/debugger-types.ts";
import type { SourceFile } from "../../../src/debuginfo/debug-info.ts";
import { ExpressionError, type Variable } from "../../../src/symbols/variable.ts";
import type { Sources } from "../../session/sources.ts";

/** A stopped program as far as a report looks at it. */
export type Looked = Pick<Debugger, "stackTrace" | "scopes" | "parameters" | "evaluate" | "explainTrap">;

/** What to show at a stop. */
export interface StopShow {
  readonly backtrace: boolean;
  readonly locals: boolean;
  readonly expressions: readonly string[];
}

/** A frame with what a report shows of it. */
export interface FrameReport {
  readonly frame: Frame;
  readonly parameters: readonly Variable[];
  /** Where the source is on this machine, or as the debug info has it. */
  readonly path?: string;
}

/** What an expression came to. */
export type ValueReport =
  | { readonly expression: string; readonly value: Variable }
  /** `column` is where in the expression the error is, 0-based. */
  | { readonly expression: string; readonly error: string; readonly column?: number };

/** Everything a report shows of one stop. */
export interface StopReport {
  readonly description: StopDescription;
  /** The innermost frame of the program. */
  readonly top: FrameReport | undefined;
  /** The frame whose variables are shown: the innermost with a source one can read, else `top`. */
  readonly looked: FrameReport | undefined;
  /** Text of the source line of `looked`. */
  readonly line?: string;
  /** Asked for or at a trap: the frames, of very many only the innermost and the outermost. */
  readonly backtrace?: readonly FrameReport[];
  readonly totalFrames: number;
  readonly locals?: readonly Variable[];
  /** Whether they were worked out from memory alone: a coredump may have no locals. */
  readonly recovered?: boolean;
  readonly values: readonly ValueReport[];
  /** Whether whoever reads it knows the function: a step has not left it. */
  readonly isNearby?: boolean;
}

/** Innermost and outermost frames shown of a stack without end. */
const innermost = 20;
const outermost = 10;
/** Longest list of variables shown. */
const maxVariables = 200;

/** Looks at a stopped program. What cannot be read is left out or says why; it never fails. */
export async function reportStop(
  core: Looked,
  description: StopDescription,
  asked: StopShow,
  sources: Sources,
): Promise<StopReport> {
  const atTrap = description.kind === "trap" || description.kind === "exception";
  const show = { backtrace: asked.backtrace || atTrap, locals: asked.locals || atTrap };
  const { frames, total } = await core.stackTrace(0, innermost);
  const shown = [...frames];
  if (show.backtrace && total > shown.length) {
    const start = Math.max(shown.length, total - outermost);
    shown.push(...(await core.stackTrace(start, total - start)).frames);
  }
  const top = frames.find(({ kind }) => kind !== "host");
  const looked = frames.find((frame) => lineOf(frame, sources) !== undefined) ?? top;
  const toReport = (frame: Frame) => reportFrame(core, frame, sources);
  const values: ValueReport[] = [];
  for (const expression of asked.expressions) values.push(await evaluateIn(core, looked, expression));
  const line = looked === undefined ? undefined : lineOf(looked, sources);
  return {
    description: await explained(core, description),
    top: top === undefined ? undefined : await toReport(top),
    looked: looked === undefined ? undefined : await toReport(looked),
    ...(line === undefined ? {} : { line }),
    ...(show.backtrace ? { backtrace: await inOrder(shown, toReport) } : {}),
    totalFrames: total,
    ...(show.locals && looked !== undefined ? await readLocals(core, looked) : {}),
    values,
  };
}

/** A trap's message with the instruction and its operands, as far as they are known. */
async function explained(core: Looked, description: StopDescription): Promise<StopDescription> {
  if (description.kind !== "trap") return description;
  const why = await core.explainTrap().catch(() => undefined);
  return why === undefined ? description : { ...description, message: `${description.message}: ${why}` };
}

/** A frame with its parameters and its place on this machine. */
export async function reportFrame(
  core: Pick<Debugger, "parameters">,
  frame: Frame,
  sources: Sources,
): Promise<FrameReport> {
  const parameters = frame.kind === "host" ? [] : await core.parameters(frame).catch(() => []);
  // What stands in for a source, where others have one, is no place that anyone could open.
  const source = frame.kind === "source" ? frame.position?.source : undefined;
  return { frame, parameters, ...(source === undefined ? {} : { path: sources.place(source).path }) };
}

/** What an expression is in a frame, or why it is nothing. */
async function evaluateIn(
  core: Pick<Debugger, "evaluate">,
  frame: Frame | undefined,
  expression: string,
): Promise<ValueReport> {
  if (frame === undefined) return { expression, error: "There is no frame to evaluate in." };
  try {
    // Whoever names an expression to be shown at every stop wants what it does.
    return { expression, value: await core.evaluate(frame, expression, { onEffect: () => {} }) };
  } catch (error) {
    if (error instanceof ExpressionError) return { expression, error: error.message, column: error.column };
    return { expression, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Arguments and locals of a frame, at most 200; none where they cannot be read. */
export async function readLocals(
  core: Pick<Debugger, "scopes">,
  frame: Frame,
): Promise<Pick<StopReport, "locals" | "recovered">> {
  try {
    const scopes = await core.scopes(frame);
    const wanted = scopes.filter(({ kind }) => kind === "locals" || kind === "arguments");
    const lists = await inOrder(wanted, ({ variables }) =>
      variables.children("named", 0, Math.min(variables.named, maxVariables)),
    );
    const recovered = wanted.some(({ name }) => name.endsWith("(recovered)"));
    return { locals: lists.flat(), ...(recovered ? { recovered } : {}) };
  } catch {
    return { locals: [] };
  }
}

function lineOf(frame: Frame, sources: Sources): string | undefined {
  if (frame.position === undefined || frame.kind !== "source") return undefined;
  const { source, line } = frame.position;
  if (source.lineText) return source.lineText(line);
  return textOf(source, sources)?.split(/\r?\n/)[line];
}

/** The text of a source, from where it is on this machine or from the debug info. */
export function textOf(file: SourceFile, sources: Sources): string | undefined {
  const place = sources.place(file);
  if (place.reference !== undefined) return file.text?.();
  try {
    return readFileSync(place.path, "utf8");
  } catch {
    return undefined;
  }
}

/** One after the other: a target is asked one thing at a time. */
async function inOrder<A, B>(items: readonly A[], act: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

import type { ModuleOffset } from "../base/brand.ts";
import type { Symbols } from "../symbols/symbols.ts";
import { ExpressionError, type Variable } from "../symbols/variable.ts";
import type { Stop } from "../target/target.ts";
import { type BreakpointBehaviours, isPlain } from "./breakpoint-behaviour.ts";
import { type BreakpointTable, onFunctions } from "./breakpoint-table.ts";
import type { DataBreakpoints } from "./data-breakpoints.ts";
import type { StopDescription } from "./debugger-types.ts";
import type { InstructionBreakpoints } from "./instruction-breakpoints.ts";
import type { PausedGuest } from "./paused-guest.ts";

type BreakpointStop = Extract<StopDescription, { kind: "breakpoint" }>;

/** All breakpoints of a program, as they are at a halt. */
export interface Breakpoints {
  readonly table: BreakpointTable;
  readonly instructions: InstructionBreakpoints;
  readonly data: DataBreakpoints;
  readonly behaviours: BreakpointBehaviours;
  readonly symbols: Symbols;
}

/** What a halt is told as when it is for breakpoints. Those that the guest thread has left to be decided are, at the halt. */
export async function hitAt(
  { reason }: Stop,
  paused: PausedGuest,
  breakpoints: Breakpoints,
): Promise<Extract<StopDescription, { kind: "breakpoint" | "data" }> | undefined> {
  const { table, instructions, behaviours, data, symbols } = breakpoints;
  if (reason.kind === "data") return data.stopAt(reason, paused);
  if (!("point" in reason)) return undefined;
  const rules = reason.kind === "breakpoint" ? reason.rules : undefined;
  const entries = [...table.entriesAt(reason.point), ...instructions.entriesAt(reason.point)];
  if (!rules) {
    // The guest thread has decided about the others; a step that ends where one of them is has not hit it.
    const plain = entries.filter(({ request }) => reason.kind === "breakpoint" || isPlain(request));
    const ids = plain.map(({ id }) => id);
    return stopFor(reason.point, ids, [], breakpoints);
  }
  const evaluate = (text: string) => evaluateInnermost(paused, symbols, text);
  const decision = await behaviours.decide(rules, entries, evaluate);
  return stopFor(reason.point, decision.breakpoints, decision.problems, breakpoints);
}

/** In the innermost frame of a guest that the user does not see standing. */
async function evaluateInnermost(paused: PausedGuest, symbols: Symbols, text: string): Promise<Variable> {
  const [top] = (await paused.stackTrace(0, 1)).frames;
  const context = top && (await paused.context(top));
  if (!context) throw new ExpressionError("there is no code of the program here", 0);
  return symbols.evaluate(context, text);
}

function stopFor(
  point: ModuleOffset,
  ids: readonly number[],
  problems: readonly string[],
  { table, instructions }: Breakpoints,
): BreakpointStop | undefined {
  if (ids.length === 0) return undefined;
  const onInstruction = instructions.idsAt(point);
  const onFunction = table.of(onFunctions).map(({ id }) => id);
  return {
    kind: "breakpoint",
    breakpoints: ids,
    ...(ids.every((id) => onInstruction.includes(id)) ? { onInstruction: true } : {}),
    ...(ids.every((id) => onFunction.includes(id)) ? { onFunction: true } : {}),
    ...(problems.length > 0 ? { problems } : {}),
  };
}

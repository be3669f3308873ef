import type { ModuleOffset } from "../base/brand.ts";
import type { DebugInfo } from "../debuginfo/debug-info.ts";
import type { LoweredExpression, LoweredValue } from "../symbols/lowered-expression.ts";
import type { Symbols } from "../symbols/symbols.ts";
import { ExpressionError, type Variable } from "../symbols/variable.ts";
import type { BreakpointRule, GuestLog, LoggedValue } from "../target/guest-code.ts";
import type { RuleOutcome } from "../target/target.ts";
import type { TableEntry } from "./breakpoint-table.ts";
import type { BreakpointBehaviour, LoggedMessage } from "./debugger-types.ts";
import { isMeant, parseHitCondition } from "./hit-condition.ts";
import { LogMessageError, type LogPiece, parseLogMessage, textAlone } from "./log-message.ts";

/** What is wrong with a behaviour whatever the program is: a sentence. */
export function findBehaviourProblem({ hitCondition, logMessage }: BreakpointBehaviour): string | undefined {
  if (hitCondition !== undefined && !parseHitCondition(hitCondition)) {
    return `\`${hitCondition}\` is no count of hits: \`5\`, \`>= 5\` and \`% 3\` are.`;
  }
  try {
    if (logMessage !== undefined) parseLogMessage(logMessage);
    return undefined;
  } catch (error) {
    if (error instanceof LogMessageError) return error.message;
    throw error;
  }
}

/** What decides at a stop. */
export type EvaluateHere = (text: string) => Promise<Variable>;

/** What the breakpoints at a stop came to. */
export interface Decision {
  readonly breakpoints: readonly number[];
  readonly problems: readonly string[];
}

/**
 * What breakpoints do besides stopping: makes rules of it for the guest thread, and does itself what that cannot.
 *
 * Remembers counts and failures of what it does itself, by breakpoint.
 */
export class BreakpointBehaviours {
  readonly #symbols: Symbols;
  readonly #debugInfo: DebugInfo;
  readonly #logged: (message: LoggedMessage) => void;
  readonly #arrivals = new Map<number, number>();
  readonly #failed = new Set<number>();

  constructor(symbols: Symbols, debugInfo: DebugInfo, logged: (message: LoggedMessage) => void) {
    this.#symbols = symbols;
    this.#debugInfo = debugInfo;
    this.#logged = logged;
  }

  /**
   * The rules at a place; `undefined` where every breakpoint simply stops.
   * A breakpoint whose condition has no meaning there has no rule and is reported.
   */
  rules(
    point: ModuleOffset,
    entries: readonly TableEntry[],
    report: (id: number, problem: string | undefined) => void,
  ): readonly BreakpointRule[] | undefined {
    if (entries.every(({ request }) => isPlain(request))) return undefined;
    const rules: BreakpointRule[] = [];
    for (const entry of entries) {
      try {
        rules.push(this.#rule(entry, point));
        report(entry.id, undefined);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        report(entry.id, `The breakpoint cannot be decided: ${error.message}.`);
      }
    }
    return rules;
  }

  /** What the breakpoints at a stop come to, those asked decided now. */
  async decide(
    outcome: RuleOutcome,
    entries: readonly TableEntry[],
    evaluate: EvaluateHere,
  ): Promise<Decision> {
    const breakpoints = [...outcome.hit];
    const problems: string[] = [];
    const tell = (id: number, reason: string): void => {
      breakpoints.push(id);
      problems.push(problemText(entries.find((entry) => entry.id === id)?.request.condition, reason));
    };
    for (const { breakpoint, reason } of outcome.failed) tell(breakpoint, reason);
    for (const entry of entries.filter(({ id }) => outcome.asked.includes(id))) {
      const answer = await this.#decideOne(entry, evaluate);
      if (answer === true) breakpoints.push(entry.id);
      else if (answer !== false) tell(entry.id, answer);
    }
    return { breakpoints, problems };
  }

  #rule({ id, request }: TableEntry, point: ModuleOffset): BreakpointRule {
    const { condition, hitCondition, logMessage } = request;
    const lowered = condition === undefined ? undefined : this.#lower(point, condition);
    const truth = lowered?.truth();
    const log = logMessage === undefined ? undefined : this.#log(logMessage, point);
    const hits = hitCondition === undefined ? undefined : parseHitCondition(hitCondition);
    const isKnown = (condition === undefined || truth) && (logMessage === undefined || log);
    return {
      breakpoint: id,
      ...(truth ? { condition: truth } : {}),
      ...(isKnown ? { ...(hits ? { hits } : {}), ...(log ? { log } : {}) } : { ask: true }),
    };
  }

  /** `undefined` where a value takes a stop. */
  #log(message: string, point: ModuleOffset): GuestLog | undefined {
    const pieces = parseLogMessage(message);
    const values: LoweredValue[] = [];
    for (const piece of pieces) {
      if (piece.kind === "text") continue;
      const value = this.#valueOrReason(point, piece);
      if (!value) return undefined;
      values.push(value);
    }
    const place = this.#placeOf(point);
    const tell = (told: readonly LoggedValue[]): void => {
      let at = 0;
      const text = pieces.map((piece) => {
        if (piece.kind === "text") return piece.text;
        const value = values[at];
        const heard = told[at++];
        if (!value || !heard) return "";
        return piece.format === "text" ? textAlone(value.text(heard)) : value.text(heard);
      });
      this.#logged({ text: text.join(""), ...place });
    };
    return { values: values.map(({ value }) => value), tell };
  }

  /** What has no meaning is part of the message and never spoils the rest. */
  #valueOrReason(
    point: ModuleOffset,
    { text, format }: Extract<LogPiece, { kind: "expression" }>,
  ): LoweredValue | undefined {
    try {
      return this.#lower(point, text)?.logged(format === "text" ? "decimal" : format);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const shown = `<${error.message}>`;
      const nothing = { op: "const", type: "i32", value: 0 } as const;
      return { value: { kind: "number", type: "i32", code: nothing }, text: () => shown };
    }
  }

  #lower(point: ModuleOffset, text: string): LoweredExpression | undefined {
    const info = this.#debugInfo.functionAt(point);
    return info && this.#symbols.lower?.({ function: info.index, offset: point }, text);
  }

  /** Whether a breakpoint stops here, or why its condition fails for the first time. */
  async #decideOne(
    { id, request, resolution }: TableEntry,
    evaluate: EvaluateHere,
  ): Promise<boolean | string> {
    const { condition, hitCondition, logMessage } = request;
    try {
      if (condition !== undefined && (await evaluate(`(${condition}) ? true : false`)).value !== "true")
        return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      if (this.#failed.has(id)) return false;
      this.#failed.add(id);
      return error.message;
    }
    const hits = hitCondition === undefined ? undefined : parseHitCondition(hitCondition);
    const arrival = (this.#arrivals.get(id) ?? 0) + 1;
    this.#arrivals.set(id, arrival);
    if (hits && !isMeant(hits, arrival)) return false;
    if (logMessage === undefined) return true;
    const texts = parseLogMessage(logMessage).map((piece) => textOf(piece, evaluate));
    const source = resolution.source ? { source: resolution.source } : {};
    const line = resolution.kind === "resolved" ? resolution.line : 0;
    this.#logged({ text: (await Promise.all(texts)).join(""), ...source, line });
    return false;
  }

  #placeOf(point: ModuleOffset): Omit<LoggedMessage, "text"> {
    const position = this.#debugInfo.locate(point);
    return { ...(position ? { source: position.source } : {}), line: position?.line ?? 0 };
  }
}

async function textOf(piece: LogPiece, evaluate: EvaluateHere): Promise<string> {
  if (piece.kind === "text") return piece.text;
  try {
    const { value } = await evaluate(piece.suffixed);
    return piece.format === "text" ? textAlone(value) : value;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return `<${error.message}>`;
  }
}

/** Whether a breakpoint simply stops. */
export const isPlain = ({ condition, hitCondition, logMessage }: BreakpointBehaviour): boolean =>
  condition === undefined && hitCondition === undefined && logMessage === undefined;

const problemText = (condition: string | undefined, reason: string): string =>
  `The condition \`${condition}\` could not be evaluated: ${reason}.`;

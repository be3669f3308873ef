import type { GuestHits, GuestRuleBody, GuestRuleOutcome } from "../suspend/messages.ts";

/** A piece of code that came with the rules. */
export type Code = () => number | bigint;

/** What is remembered of a breakpoint from one set of rules to the next. */
export interface RuleCount {
  arrivals: number;
  hasFailed: boolean;
}

/** A rule with its code, ready to be decided. */
export interface ReadyRule<Rule extends GuestRuleBody = GuestRuleBody> {
  readonly rule: Rule;
  readonly condition: Code | undefined;
  readonly count: RuleCount;
}

/** An outcome while it is put together. */
export type OpenOutcome = {
  readonly [Key in "hit" | "asked"]: number[];
} & { readonly failed: { readonly breakpoint: number; readonly reason: string }[] };

export const noOutcome = (): OpenOutcome & GuestRuleOutcome => ({ hit: [], asked: [], failed: [] });

/**
 * What a breakpoint whose rule this is does, now that the guest has come by: nothing, or its time has come (`meant`), or
 * its condition has failed for the first time, with a reason.
 */
export function decideRule({ rule, condition, count }: ReadyRule): "nothing" | "meant" | { reason: string } {
  if (condition !== undefined) {
    try {
      if (condition() === 0) return "nothing";
    } catch (error) {
      if (count.hasFailed) return "nothing";
      count.hasFailed = true;
      return { reason: reasonOf(error) };
    }
  }
  return rule.hits !== undefined && !isMeant(rule.hits, ++count.arrivals) ? "nothing" : "meant";
}

function isMeant({ operator, count }: GuestHits, arrivals: number): boolean {
  switch (operator) {
    case "==":
      return arrivals === count;
    case ">=":
      return arrivals >= count;
    case ">":
      return arrivals > count;
    case "<":
      return arrivals < count;
    case "<=":
      return arrivals <= count;
    case "%":
      return arrivals % count === 0;
  }
}

/** In the evaluator's words. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/out of bounds/.test(message)) return "memory out of bounds";
  if (/by zero/.test(message)) return "division by zero";
  return message;
}

/** The functions of a module of code, which reads the guest; by their number. */
export function instantiateCode(
  exports: WebAssembly.Exports,
  code: Uint8Array,
): (index: number) => Code | undefined {
  const imports = {
    guest: exports,
    debugger: {
      null: () => {
        throw new Error("null pointer");
      },
      overflow: () => {
        throw new Error("a number overflows its type");
      },
    },
  };
  const module = new WebAssembly.Module(code as BufferSource);
  const instance = new WebAssembly.Instance(module, imports as WebAssembly.Imports);
  return (index) => instance.exports[String(index)] as Code | undefined;
}

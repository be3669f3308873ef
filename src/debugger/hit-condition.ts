import type { HitCondition } from "../target/guest-code.ts";

/**
 * Reads how often a breakpoint is to be passed: `5` and `== 5` stop at the fifth time, `>= 5` from then on, `% 3` every
 * third time. `undefined` for other text.
 */
export function parseHitCondition(text: string): HitCondition | undefined {
  const match = /^\s*(===?|=|>=|<=|>|<|%)?\s*(\d{1,15})\s*$/.exec(text);
  if (!match) return undefined;
  const [, written = "==", digits] = match;
  const count = Number(digits);
  const operator = written.startsWith("=") ? "==" : (written as HitCondition["operator"]);
  return operator === "%" && count === 0 ? undefined : { operator, count };
}

/** Whether the arrival of a number, counted from 1, is one that is meant. */
export function isMeant({ operator, count }: HitCondition, arrival: number): boolean {
  switch (operator) {
    case "==":
      return arrival === count;
    case ">=":
      return arrival >= count;
    case ">":
      return arrival > count;
    case "<":
      return arrival < count;
    case "<=":
      return arrival <= count;
    case "%":
      return arrival % count === 0;
  }
}

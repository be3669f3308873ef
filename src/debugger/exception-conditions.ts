import type { ExceptionFilter, ExceptionRequest } from "./debugger-types.ts";
import { functionMatcher } from "./function-matching.ts";
import { isMeant, parseHitCondition } from "./hit-condition.ts";

/** What an end is, as far as conditions look at it. */
export interface ExceptionFacts {
  readonly typeName?: string | undefined;
  readonly message: string;
  readonly status?: number | undefined;
}

/** Whether an end is one that is meant. */
export type ExceptionCondition = (facts: ExceptionFacts) => boolean;

/** What conditions of a filter look at; `undefined` for filters that take none. */
function conditionKindOf(filter: ExceptionFilter): "type" | "message" | "status" | undefined {
  switch (filter) {
    case "thrown":
    case "rethrown":
    case "exception":
      return "type";
    case "panic":
    case "abort":
      return "message";
    case "exit":
      return "status";
    default:
      return undefined;
  }
}

/** Reads the condition of a request; a sentence where it cannot be read. An empty one holds always. */
export function readExceptionCondition({
  filter,
  condition = "",
}: ExceptionRequest): { readonly holds: ExceptionCondition } | { readonly problem: string } {
  const text = condition.trim();
  if (text === "") return { holds: () => true };
  switch (conditionKindOf(filter)) {
    case "type":
      return typeCondition(text);
    case "message":
      return messageCondition(text);
    case "status":
      return statusCondition(text);
    case undefined:
      return { problem: `The exception filter "${filter}" takes no condition.` };
  }
}

/** What is wrong with a request whatever the program is: a sentence. */
export function findConditionProblem(request: ExceptionRequest): string | undefined {
  const read = readExceptionCondition(request);
  return "problem" in read ? read.problem : undefined;
}

function typeCondition(text: string) {
  const matchers = (text.startsWith("/") ? [text] : text.split(",")).map((one) => functionMatcher(one));
  const problem = matchers.find((matcher) => "problem" in matcher);
  if (problem && "problem" in problem) return { problem: problem.problem.replace("a function", "a type") };
  return {
    holds: ({ typeName }: ExceptionFacts) =>
      typeName !== undefined && matchers.some((matcher) => "matches" in matcher && matcher.matches(typeName)),
  };
}

function messageCondition(text: string) {
  const expression = /^\/(.*)\/(i?)$/s.exec(text);
  if (!expression) return { holds: ({ message }: ExceptionFacts) => message.includes(text) };
  try {
    const pattern = new RegExp(expression[1] ?? "", expression[2]);
    return { holds: ({ message }: ExceptionFacts) => pattern.test(message) };
  } catch (error) {
    return {
      problem: `${text} is no regular expression: ${error instanceof Error ? error.message : error}.`,
    };
  }
}

function statusCondition(text: string) {
  const wanted = parseHitCondition(text);
  if (!wanted) return { problem: `\`${text}\` is no exit status: \`3\` and \`> 100\` are.` };
  return { holds: ({ status }: ExceptionFacts) => status !== undefined && isMeant(wanted, status) };
}

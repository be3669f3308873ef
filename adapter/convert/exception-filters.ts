import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ExceptionFilter, ExceptionRequest } from "../../src/debugger/debugger-types.ts";
import { isTrapKind, trapKindsOf } from "./trap-kinds.ts";

/** A filter as a user reads it. */
interface Offered {
  readonly label: string;
  readonly description: string;
  /** What its conditions are. */
  readonly conditions: string;
  readonly isDefault: boolean;
}

/** The filter for all kinds of traps, one of which may be named too. */
const trap = "trap";

const types = "names of types: `std::runtime_error`, `app::*`, `/Error$/`";
const message = "part of the message, or `/…/`";

const offered: Readonly<Record<typeof trap | Exclude<ExceptionFilter, TrapKindFilter>, Offered>> = {
  [trap]: {
    label: "Traps",
    description:
      "The instruction that traps, with its operands: memory and tables out of bounds, divisions by zero, stack overflow, `unreachable`…",
    conditions: "kinds of traps: `stack-overflow, integer-*`, or all but some: `!unreachable`",
    isDefault: true,
  },
  panic: {
    label: "Rust Panics",
    description: "A panic of Rust, with its message. All frames are alive.",
    conditions: message,
    isDefault: true,
  },
  abort: {
    label: "Aborts",
    description: "abort, a failed assertion of C, std::terminate. All frames are alive.",
    conditions: message,
    isDefault: true,
  },
  exception: {
    label: "Uncaught Exceptions",
    description:
      "An exception that nobody catches: where it is thrown if that is certain there, else when it has left the program.",
    conditions: types,
    isDefault: true,
  },
  thrown: {
    label: "Thrown Exceptions",
    description: "An exception where it is thrown, whoever catches it.",
    conditions: types,
    isDefault: false,
  },
  rethrown: {
    label: "Exceptions Thrown Again",
    description: "An exception that was caught and goes on; in unwinding, at each function that cleans up.",
    conditions: types,
    isDefault: false,
  },
  exit: {
    label: "Exit with an Error",
    description: "The program ends itself with a status that is not 0.",
    conditions: "a status: `3`, `> 100`",
    isDefault: false,
  },
};

type TrapKindFilter = Exclude<
  ExceptionFilter,
  "panic" | "abort" | "exception" | "thrown" | "rethrown" | "exit"
>;

/**
 * What a program can be stopped at before it ends, for the client to choose from: all that ends it, by default. Few, since
 * clients list them all, and some ask their user about each.
 */
export const exceptionFilters: readonly DebugProtocol.ExceptionBreakpointsFilter[] = Object.entries(
  offered,
).map(([filter, { label, description, conditions, isDefault }]) => ({
  ...{ filter, label, description, default: isDefault },
  ...{ supportsCondition: true, conditionDescription: conditions },
}));

/** What a filter that a client names means to the debugger, or a sentence saying why it means nothing. Kinds of traps are filters too. */
export function toExceptionRequests(
  filter: string,
  condition: string | undefined,
): readonly ExceptionRequest[] | { readonly problem: string } {
  if (filter === trap) {
    const kinds = trapKindsOf(condition ?? "");
    return "problem" in kinds ? kinds : kinds.map((kind) => ({ filter: kind }));
  }
  if (isTrapKind(filter) || isOffered(filter))
    return [{ filter, ...(condition === undefined ? {} : { condition }) }];
  return { problem: `There is no exception filter "${filter}".` };
}

const isOffered = (filter: string): filter is Exclude<keyof typeof offered, typeof trap> =>
  Object.hasOwn(offered, filter) && filter !== trap;

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ExceptionFilter } from "../../src/debugger/debugger-types.ts";

/** What a user reads of each thing that can end a program; a line for every kind there is. */
const texts: Readonly<
  Record<ExceptionFilter, readonly [label: string, description: string, conditions?: string]>
> = {
  unreachable: [
    "Unreachable",
    "An `unreachable` instruction that is no panic and no abort. All frames are alive.",
  ],
  panic: [
    "Rust panics",
    "A panic of Rust, with its message. All frames are alive.",
    "part of the message, or `/…/`",
  ],
  abort: [
    "Aborts",
    "abort, a failed assertion of C, std::terminate. All frames are alive.",
    "part of the message, or `/…/`",
  ],
  "memory-out-of-bounds": ["Memory out of bounds", "An access beyond the end of a linear memory."],
  "table-out-of-bounds": [
    "Table out of bounds",
    "An access beyond the end of a table, as by a call through a wild pointer.",
  ],
  "indirect-call-type-mismatch": [
    "Indirect call of another type",
    "A call through a function pointer that is null or points to a function of another type.",
  ],
  "null-reference": ["Null reference", "A reference that is null was followed."],
  "integer-divide-by-zero": ["Integer division by zero", "A division by zero, or a remainder of one."],
  "integer-overflow": ["Integer overflow", "The smallest integer was divided by -1."],
  "invalid-conversion-to-integer": [
    "Invalid conversion to integer",
    "A floating-point number that is NaN or too large was converted to an integer.",
  ],
  "stack-overflow": ["Stack overflow", "Calls are nested too deeply."],
  "out-of-memory": ["Out of memory", "Memory could not be had."],
  "unaligned-atomic": [
    "Unaligned atomic access",
    "An atomic access at an address that is no multiple of its size.",
  ],
  "cast-failure": ["Failed cast", "A reference was cast to a type that it is not of."],
  other: ["Other traps", "Any other trap."],
  exception: [
    "Uncaught exceptions",
    "An exception that nobody catches: where it is thrown if that is certain there, else when it has left the program.",
    "names of types: `std::runtime_error`, `app::*`, `/Error$/`",
  ],
  thrown: [
    "Thrown exceptions",
    "An exception where it is thrown, whoever catches it.",
    "names of types: `std::runtime_error`, `app::*`, `/Error$/`",
  ],
  rethrown: [
    "Exceptions thrown again",
    "An exception that was caught and goes on; in unwinding, at each function that cleans up.",
    "names of types: `std::runtime_error`, `app::*`, `/Error$/`",
  ],
  exit: [
    "Exit with an error",
    "The program ends itself with a status that is not 0.",
    "a status: `3`, `> 100`",
  ],
};

/** What does not end a program by itself, or is no error everywhere, stops it only when it is asked for. */
const chosenByHand: ReadonlySet<string> = new Set<ExceptionFilter>(["thrown", "rethrown", "exit"]);

/** Everything a program can be stopped at before it ends, for the client to choose from; all that ends it, by default. */
export const exceptionFilters: readonly DebugProtocol.ExceptionBreakpointsFilter[] = Object.entries(
  texts,
).map(([filter, [label, description, conditions]]) => ({
  ...{ filter, label, description, default: !chosenByHand.has(filter) },
  ...(conditions === undefined ? {} : { supportsCondition: true, conditionDescription: conditions }),
}));

/** Whether a client's filter is one of them. */
export const isExceptionFilter = (filter: string): filter is ExceptionFilter => Object.hasOwn(texts, filter);

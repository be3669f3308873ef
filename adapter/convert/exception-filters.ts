import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ExceptionFilter } from "../../src/debugger/debugger-types.ts";

/** What a user reads of each thing that can end a program; a line for every kind there is. */
const texts: Readonly<Record<ExceptionFilter, readonly [label: string, description: string]>> = {
  unreachable: [
    "Unreachable",
    "An `unreachable` instruction: abort, failed assertions, panics. All frames are alive.",
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
  exception: ["Uncaught exceptions", "An exception, of the program or of its host, that nobody catches."],
};

/** Everything a program can be stopped at before it ends, for the client to choose from; all of it, by default. */
export const exceptionFilters: readonly DebugProtocol.ExceptionBreakpointsFilter[] = Object.entries(
  texts,
).map(([filter, [label, description]]) => ({ filter, label, description, default: true }));

/** Whether a client's filter is one of them. */
export const isExceptionFilter = (filter: string): filter is ExceptionFilter => Object.hasOwn(texts, filter);

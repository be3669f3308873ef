import { TargetError } from "../../src/base/errors.ts";
import type { LoadQuestion } from "../suspend/messages.ts";

type Callable = (...args: unknown[]) => unknown;

/** What to call, in order: the start function that was taken out, a reactor's `_initialize`, the entry. */
export interface GuestEntry {
  readonly before: readonly Callable[];
  readonly entry: Callable | undefined;
  readonly args: readonly unknown[];
  /** Whether the entry's results are the user's. */
  readonly invoked: boolean;
}

/** @throws {TargetError} `missing-export` when there is nothing to run, or not what was named. */
export function entryOf(exports: WebAssembly.Exports, question: LoadQuestion): GuestEntry {
  const { invoke, names, path, args } = question;
  const start = names.start === null ? undefined : callable(exports, names.start);
  const initialize = callable(exports, "_initialize");
  const before = [start, initialize].filter((item) => item !== undefined);
  if (invoke !== null) {
    const entry = callable(exports, invoke.name);
    if (entry === undefined)
      throw new TargetError(
        "missing-export",
        `${path} exports no function "${invoke.name}". ${listFunctions(exports, names.prefix)}`,
      );
    if (args.length !== invoke.params.length)
      throw new TargetError(
        "launch-failed",
        `${invoke.name} takes ${invoke.params.length} arguments (${invoke.params.join(", ")}), but args has ${args.length}.`,
      );
    return {
      before,
      entry,
      args: args.map((text, i) => parseArgument(text, invoke.params[i] ?? "")),
      invoked: true,
    };
  }
  const entry = callable(exports, "_start");
  if (entry === undefined && before.length === 0)
    throw new TargetError(
      "missing-export",
      `${path} has no _start to run. ${listFunctions(exports, names.prefix)} Name one as "invoke".`,
    );
  return { before, entry, args: [], invoked: false };
}

/** Runs an entry; answers the results of an invoked export as text. */
export function callEntry({ before, entry, args, invoked }: GuestEntry): readonly string[] | undefined {
  for (const call of before) call();
  const result = entry?.(...args);
  if (!invoked) return undefined;
  if (result === undefined) return [];
  return (Array.isArray(result) ? result : [result]).map(String);
}

/** A number of the parameter's type, from decimal, `0x` or floating-point text. */
function parseArgument(text: string, type: string): number | bigint {
  const value = type === "i64" ? toBigInt(text) : Number(text);
  const isInteger = typeof value === "bigint" || Number.isInteger(value);
  const valid =
    type === "f32" || type === "f64"
      ? text.trim() !== "" && !Number.isNaN(value)
      : isInteger && text.trim() !== "";
  if (value === undefined || !valid)
    throw new TargetError("launch-failed", `"${text}" is no value for a parameter of type ${type}.`);
  return value;
}

function toBigInt(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  try {
    const magnitude = BigInt(negative ? text.slice(1) : text);
    return negative ? -magnitude : magnitude;
  } catch {
    return undefined;
  }
}

function callable(exports: WebAssembly.Exports, name: string): Callable | undefined {
  const value = exports[name];
  return typeof value === "function" ? (value as Callable) : undefined;
}

function listFunctions(exports: WebAssembly.Exports, prefix: string): string {
  const names = Object.keys(exports).filter((name) => callable(exports, name) && !name.startsWith(prefix));
  if (names.length === 0) return "It exports no functions at all.";
  const shown = names.slice(0, 20).join(", ");
  return `It exports: ${shown}${names.length > 20 ? ", …" : ""}.`;
}

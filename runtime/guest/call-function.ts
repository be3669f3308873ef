import { Script } from "node:vm";
import { TargetError } from "../../src/base/errors.ts";
import type { CallQuestion, EncodedOutcome, EncodedValue } from "../suspend/messages.ts";
import { decodeValue, encodeValue } from "../suspend/value-codec.ts";
import type { GuestStore } from "./guest-store.ts";

type Callable = (...args: unknown[]) => unknown;

/** Name of the global object's property that the script below finds its work under. */
const workKey = Symbol.for("wasm-dap/call");
const script = new Script(`globalThis[Symbol.for("wasm-dap/call")]()`);

/**
 * Calls one function of the guest and answers how it ended, whatever it did: returned, trapped, threw, asked for the end,
 * or was broken off.
 *
 * V8 itself breaks it off, at its own checks in loops and at entries of functions; that cannot be caught, so no code of the
 * guest, and no `finally` of ours within it, runs after that. The globals in `question.kept` have their values again afterwards.
 *
 * @throws {TargetError} `unsupported` when there is no such function.
 */
export function callFunction(
  exports: WebAssembly.Exports,
  store: GuestStore,
  question: CallQuestion,
  endOf: (thrown: unknown) => { readonly exitCode: number | undefined } | undefined,
): EncodedOutcome {
  const callee = calleeOf(exports, question);
  const args = question.args.map((arg) => ("bits" in arg ? decodeValue(arg) : undefined));
  const kept = question.kept.map((name) => [name, store.global(name)] as const);
  if (question.stackPointer !== null)
    store.setGlobal(question.stackPointer.name, question.stackPointer.value);
  try {
    const result = limited(() => callee(...args), question.timeoutMs);
    return { kind: "returned", results: encodeResults(result, question.results) };
  } catch (thrown) {
    return outcomeOf(thrown, endOf(thrown));
  } finally {
    for (const [name, value] of kept) restore(store, name, value);
  }
}

/** What has not changed is left alone: not every bit of a NaN would survive. */
function restore(store: GuestStore, name: string, value: EncodedValue): void {
  const now = store.global(name);
  if ("bits" in value && "bits" in now && now.bits !== value.bits) store.setGlobal(name, value);
}

function calleeOf(exports: WebAssembly.Exports, { table, function: index }: CallQuestion): Callable {
  const functions = exports[table];
  const callee: unknown =
    functions instanceof WebAssembly.Table && index < functions.length ? functions.get(index) : undefined;
  if (typeof callee !== "function")
    throw new TargetError("unsupported", `There is no function ${index} to call.`);
  return callee as Callable;
}

function limited<T>(work: () => T, timeoutMs: number): T {
  const holder = globalThis as { [workKey]?: () => T };
  holder[workKey] = work;
  try {
    return script.runInThisContext({ timeout: timeoutMs }) as T;
  } finally {
    delete holder[workKey];
  }
}

function outcomeOf(
  thrown: unknown,
  end: { readonly exitCode: number | undefined } | undefined,
): EncodedOutcome {
  // Without a status it is the debugger that ends the guest, which is under way then.
  if (end) return { kind: "exited", exitCode: end.exitCode ?? 143 };
  if (thrown instanceof WebAssembly.RuntimeError) return { kind: "trapped", message: thrown.message };
  if (thrown instanceof RangeError) return { kind: "trapped", message: "stack overflow" };
  if (thrown instanceof Error) {
    const isLate = "code" in thrown && thrown.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return isLate ? { kind: "timed-out" } : { kind: "threw", message: thrown.message };
  }
  return { kind: "threw", message: "an exception that nobody caught" };
}

function encodeResults(result: unknown, types: readonly string[]): readonly EncodedValue[] {
  if (types.length === 0) return [];
  const values: readonly unknown[] = Array.isArray(result) ? result : [result];
  return types.map((type, index): EncodedValue => {
    const value = values[index];
    const isNumber = type === "i32" || type === "i64" || type === "f32" || type === "f64";
    if (isNumber && (typeof value === "number" || typeof value === "bigint")) return encodeValue(type, value);
    return { t: "none", reason: `values of type ${type} cannot be handed over` };
  });
}

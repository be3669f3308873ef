import { TargetError } from "../../src/base/errors.ts";
import type { CallOutcome, GuestCall, WasmValue } from "../../src/target/target.ts";
import type { CallQuestion, EncodedOutcome } from "../suspend/messages.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";
import { decodeRaw, encodeWasm } from "./wasm-values.ts";

/** What the guest thread is asked for a call. The slots of spilled locals are shared by all frames: what the stop has in them is kept, and where records of calls go. */
export function callQuestion(guest: InstrumentedGuest, call: GuestCall): CallQuestion {
  const { names } = guest.instrumented;
  const slots = names.slots.flatMap((slot) => (slot.type === "v128" ? [slot.low, slot.high] : [slot.global]));
  const stackPointer = call.stackPointer && guest.globals[call.stackPointer.global];
  const [value] = call.stackPointer ? encodeWasm(call.stackPointer.value) : [];
  return {
    q: "call",
    table: names.functionTable,
    function: call.function,
    args: call.args.flatMap(encodeWasm),
    results: call.results,
    kept: [
      ...(stackPointer ? [stackPointer.name] : []),
      ...(names.records ? [names.records.pointer] : []),
      ...slots,
    ],
    stackPointer: stackPointer && value ? { name: stackPointer.name, value } : null,
    timeoutMs: call.timeoutMs,
  };
}

/** @throws {TargetError} `unsupported` for results that cannot be handed over. */
export function decodeOutcome(called: EncodedOutcome | undefined, call: GuestCall): CallOutcome {
  if (called === undefined) throw new TargetError("unsupported", "The function was not called.");
  if (called.kind !== "returned") return called;
  const results = called.results.map((result, index): WasmValue => {
    const value = decodeRaw(call.results[index] ?? "", [result]);
    if (value.type === "unavailable")
      throw new TargetError("unsupported", `What it gave back is lost: ${value.reason}.`);
    return value;
  });
  return { kind: "returned", results };
}

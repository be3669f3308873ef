import { unavailable } from "../../base/unavailable.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import type { Type } from "../types/type.ts";
import type { Value } from "../values/value.ts";
import { resultOf } from "./call-result.ts";

/**
 * What the call has returned that a frame stands behind; `undefined` where it stands behind none, or that returns nothing.
 *
 * A record is where the caller has made room for it, at the address that the function was given: the rest of the caller's
 * statement may write over it. Rejects only as the target does.
 */
export async function returnedValue(frame: SymbolFrame): Promise<Value | undefined> {
  const { returned } = frame.context;
  const { facts } = frame.module.parts;
  const type = returned && resultType(frame);
  const signature = returned && facts.signature?.(returned.function);
  if (!type || !signature) return undefined;
  const { firstParameter } = returned;
  const address = firstParameter === undefined ? undefined : BigInt.asUintN(64, firstParameter);
  const result = resultOf(type, signature, () => address ?? 0n);
  switch (result.kind) {
    case "none":
      return undefined;
    case "unknown":
      return { type, place: unavailable("optimised code returns it in a way that is not known") };
    case "in-memory":
      if (address === undefined)
        return { type, place: unavailable("the function did not keep the address at which it returns it") };
      return { type, place: { kind: "memory", address: result.address } };
    case "direct": {
      const raw = await frame.state.returned();
      if (!raw) return { type, place: unavailable("the engine has not kept it") };
      if (raw.type === "unavailable") return { type, place: unavailable(raw.reason) };
      return { type, place: { kind: "value", bytes: result.bytes([raw]) } };
    }
  }
}

/** The declared result of the function that has returned. */
function resultType({ module, context }: SymbolFrame): Type | undefined {
  const { stop, returned } = context;
  if (!returned) return undefined;
  const subprogram = module.scopesOf({ stop, frame: 0, stackPointer: undefined, ...returned })?.subprogram;
  return subprogram && module.types.typeOf(subprogram);
}

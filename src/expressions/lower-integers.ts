import type { GuestCode } from "../target/guest-code.ts";
import type { ValueOperator } from "./ast.ts";
import { apply, type NumberShape } from "./lower-number.ts";
import { NeedsStop } from "./lower-value.ts";

/** An operator on two integers of one type, which for relations are compared by its sign. */
export function integerCode(
  operator: ValueOperator,
  { wasm, sign }: NumberShape,
  left: GuestCode,
  right: GuestCode,
): GuestCode {
  if (wasm !== "i32" && wasm !== "i64") throw new NeedsStop();
  const s = sign === "signed" ? "s" : "u";
  switch (operator) {
    case "+":
      return apply(`${wasm}.add`, left, right);
    case "-":
      return apply(`${wasm}.sub`, left, right);
    case "*":
      return apply(`${wasm}.mul`, left, right);
    case "/":
      if (s === "u") return apply(`${wasm}.div_u`, left, right);
      return { op: "divide", type: wasm, left, right };
    case "%":
      return apply(`${wasm}.rem_${s}`, left, right);
    case "&":
      return apply(`${wasm}.and`, left, right);
    case "|":
      return apply(`${wasm}.or`, left, right);
    case "^":
      return apply(`${wasm}.xor`, left, right);
    case "<<":
      return apply(`${wasm}.shl`, left, right);
    case ">>":
      return apply(`${wasm}.shr_${s}`, left, right);
    case "==":
      return apply(`${wasm}.eq`, left, right);
    case "!=":
      return apply(`${wasm}.ne`, left, right);
    case "<":
      return apply(`${wasm}.lt_${s}`, left, right);
    case ">":
      return apply(`${wasm}.gt_${s}`, left, right);
    case "<=":
      return apply(`${wasm}.le_${s}`, left, right);
    case ">=":
      return apply(`${wasm}.ge_${s}`, left, right);
  }
}

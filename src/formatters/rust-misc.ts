import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { keyText } from "../symbols/text/value-text.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { findMember, integer, LayoutMismatch, member, recordOf } from "./layout.ts";
import { count } from "./rust-layout.ts";

/** Ranges as they are written: `1..5`, `..=3`. */
export async function range(frame: SymbolFrame, value: Value): Promise<View> {
  const name = recordOf(value.type).name ?? "";
  const start = await findMember(frame, value, "start");
  const end = await findMember(frame, value, ["end", "last"]);
  if (!start && !end && !/RangeFull$/.test(name)) throw new LayoutMismatch("no range");
  const dots = /Inclusive(?:<|$)/.test(name) ? "..=" : "..";
  const text = async (bound: Value | undefined) => (bound ? keyText(frame, bound) : "");
  return { shape: { kind: "text", text: `${await text(start)}${dots}${await text(end)}` } };
}

/** `Duration` as Rust itself writes it: `1.5s`, `17µs`. */
export async function duration(frame: SymbolFrame, value: Value): Promise<View> {
  const seconds = await integer(frame, await member(frame, value, "secs"));
  const nanos = await count(frame, await member(frame, value, "nanos"));
  const [whole, part, digits, unit] =
    seconds > 0n
      ? ([seconds, nanos, 9, "s"] as const)
      : nanos >= 1_000_000n
        ? ([nanos / 1_000_000n, nanos % 1_000_000n, 6, "ms"] as const)
        : nanos >= 1000n
          ? ([nanos / 1000n, nanos % 1000n, 3, "µs"] as const)
          : ([nanos, 0n, 0, "ns"] as const);
  const fraction = part === 0n ? "" : `.${part.toString().padStart(digits, "0").replace(/0+$/, "")}`;
  return { shape: { kind: "text", text: `${whole}${fraction}${unit}` } };
}

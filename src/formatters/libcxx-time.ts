import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { dateText } from "./dates.ts";
import { integer, LayoutMismatch, member, numberText, recordOf, sameAs, typeArgument } from "./layout.ts";

const units = new Map([
  ["1/1000000000", "ns"],
  ["1/1000000", "µs"],
  ["1/1000", "ms"],
  ["1/1", "s"],
  ["60/1", "min"],
  ["3600/1", "h"],
  ["86400/1", "days"],
  ["604800/1", "weeks"],
  ["2629746/1", "months"],
  ["31556952/1", "years"],
]);

/** `std::chrono::duration`: `250 ms`, `7 [1/30]s`. */
export async function duration(frame: SymbolFrame, value: Value): Promise<View> {
  const text = await numberText(frame, await member(frame, value, ["__rep_", "__rep"]));
  const { numerator, denominator } = periodOf(value);
  const period = `${numerator}/${denominator}`;
  const unit = units.get(period) ?? `[${denominator === "1" ? numerator : period}]s`;
  return { shape: { kind: "text", text: `${text} ${unit}` } };
}

/** Seconds that one tick of a duration takes. */
export function periodOf({ type }: Value): { readonly numerator: string; readonly denominator: string } {
  const ratio = recordOf(typeArgument(type, 1)).name ?? "";
  const [, numerator, denominator = "1"] = /<(\d+)[lL]*(?:, (\d+)[lL]*)?>$/.exec(ratio) ?? [];
  if (numerator === undefined) throw new LayoutMismatch("no ratio");
  return { numerator, denominator };
}

/**
 * `std::chrono::time_point`: of the system's clock, the date and time in UTC with all digits it keeps; of other
 * clocks, which begin when they like, the time since then.
 */
export async function timePoint(frame: SymbolFrame, value: Value): Promise<View> {
  const since = await member(frame, value, "__d_");
  const rep = await member(frame, since, ["__rep_", "__rep"]);
  const plain = plainType(rep.type);
  const isSystem = /::system_clock$/.test(recordOf(typeArgument(value.type, 0)).name ?? "");
  if (!isSystem || plain.kind !== "base" || plain.encoding === "float") return sameAs(since);
  const { numerator, denominator } = periodOf(since);
  const ticks = (await integer(frame, rep)) * BigInt(numerator);
  const perSecond = BigInt(denominator);
  const fraction = ((ticks % perSecond) + perSecond) % perSecond;
  const seconds = (ticks - fraction) / perSecond;
  const digits = /^10*$/.test(denominator) ? denominator.length - 1 : undefined;
  const whole = dateText(seconds);
  if (digits === undefined || whole === undefined) return sameAs(since);
  const rest = digits === 0 ? "" : `.${fraction.toString().padStart(digits, "0")}`;
  return { shape: { kind: "text", text: `${whole}${rest} UTC` } };
}

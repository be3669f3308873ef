import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { plainType } from "../symbols/types/type.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { integer, LayoutMismatch, member } from "./layout.ts";
import { periodOf } from "./libcxx-time.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Parts of dates, written as the library itself prints them: `Feb/29`, `2024/Mar`. */
type Write = (frame: SymbolFrame, value: Value) => Promise<string>;

/** A part of a value: before libc++ 15 their names ended with no `_`. */
const part = (frame: SymbolFrame, value: Value, name: string): Promise<Value> =>
  member(frame, value, [`${name}_`, name]);

const number = async (frame: SymbolFrame, value: Value, name: string): Promise<bigint> =>
  integer(frame, await part(frame, value, name));

const two = (part: bigint): string => part.toString().padStart(2, "0");

const dayText: Write = async (frame, value) => two(await number(frame, value, "__d"));

const monthText: Write = async (frame, value) => {
  const month = await number(frame, value, "__m");
  return months[Number(month) - 1] ?? `${month} is no month`;
};

const yearText: Write = async (frame, value) => {
  const year = await number(frame, value, "__y");
  return `${year < 0n ? "-" : ""}${(year < 0n ? -year : year).toString().padStart(4, "0")}`;
};

const weekdayText: Write = async (frame, value) => {
  const weekday = await number(frame, value, "__wd");
  return weekdays[Number(weekday)] ?? `${weekday} is no weekday`;
};

/** Several parts, each a member of the whole, with a slash between them. */
const joined =
  (...parts: readonly (readonly [name: string, write: Write])[]): Write =>
  async (frame, value) => {
    const texts: string[] = [];
    for (const [name, write] of parts) texts.push(await write(frame, await part(frame, value, name)));
    return texts.join("/");
  };

const last =
  (write: Write): Write =>
  async (frame, value) =>
    `${await write(frame, value)}/last`;

const monthLast = last(joined(["__m", monthText]));

const view =
  (write: Write) =>
  async (frame: SymbolFrame, value: Value): Promise<View> => ({
    shape: { kind: "text", text: await write(frame, value) },
  });

/** `std::chrono::day`: `09`. */
export const day = view(dayText);
/** `std::chrono::month`: `Sep`. */
export const month = view(monthText);
/** `std::chrono::year`: `2024`. */
export const year = view(yearText);
/** `std::chrono::weekday`: `Fri`. */
export const weekday = view(weekdayText);
/** `std::chrono::month_day`: `Feb/29`. */
export const monthDay = view(joined(["__m", monthText], ["__d", dayText]));
/** `std::chrono::year_month`: `2024/Mar`. */
export const yearMonth = view(joined(["__y", yearText], ["__m", monthText]));
/** `std::chrono::month_day_last`: `Feb/last`. */
export const monthDayLast = view(monthLast);
/** `std::chrono::year_month_day_last`: `2023/Feb/last`. */
export const yearMonthDayLast = view(joined(["__y", yearText], ["__mdl", monthLast]));

/** `std::chrono::year_month_day`: `2024-02-29`. */
export async function yearMonthDay(frame: SymbolFrame, value: Value): Promise<View> {
  const years = await yearText(frame, await part(frame, value, "__y"));
  const ofYear = await number(frame, await part(frame, value, "__m"), "__m");
  const days = await dayText(frame, await part(frame, value, "__d"));
  return { shape: { kind: "text", text: `${years}-${two(ofYear)}-${days}` } };
}

/** `std::chrono::hh_mm_ss`: `-01:02:03.004`. */
export async function timeOfDay(frame: SymbolFrame, value: Value): Promise<View> {
  const ticks = async (name: string) => number(frame, await part(frame, value, name), "__rep");
  const sign = (await number(frame, value, "__is_neg")) === 0n ? "" : "-";
  const time = [await ticks("__h"), await ticks("__m"), await ticks("__s")].map(two).join(":");
  const rest = await part(frame, value, "__f");
  const digits = /^10*$/.exec(periodOf(rest).denominator)?.[0].length ?? 0;
  const held = plainType((await part(frame, rest, "__rep")).type);
  if (digits === 0 || held.kind !== "base" || held.encoding === "float")
    throw new LayoutMismatch("no digits");
  const fraction = digits === 1 ? "" : `.${(await ticks("__f")).toString().padStart(digits - 1, "0")}`;
  return { shape: { kind: "text", text: `${sign}${time}${fraction}` } };
}

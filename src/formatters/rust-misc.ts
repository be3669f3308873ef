import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import { keyText } from "../symbols/text/value-text.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { dateText } from "./dates.ts";
import { findMember, LayoutMismatch, recordOf } from "./layout.ts";
import { count, onlyField } from "./rust-layout.ts";

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
  return { shape: { kind: "text", text: durationText(await timeIn(frame, value)) } };
}

/** `Instant`: the time since its clock began, whenever that was. */
export async function instant(frame: SymbolFrame, value: Value): Promise<View> {
  return duration(frame, value);
}

/** `SystemTime`: the date and time in UTC. */
export async function systemTime(frame: SymbolFrame, value: Value): Promise<View> {
  const { seconds, nanos } = await timeIn(frame, value);
  const whole = dateText(seconds);
  if (whole === undefined) throw new LayoutMismatch("no date");
  return { shape: { kind: "text", text: `${whole}${fractionText(nanos, 9)} UTC` } };
}

interface Time {
  readonly seconds: bigint;
  /** Less than 10⁹. */
  readonly nanos: bigint;
}

/** Seconds and nanoseconds, however many records are around them: a `Duration`, or what systems call a `timespec`. */
async function timeIn(frame: SymbolFrame, value: Value): Promise<Time> {
  let at: Value | undefined = value;
  for (let layers = 0; at && layers < 4; layers++) {
    const seconds = await findMember(frame, at, ["secs", "tv_sec"]);
    const nanos = await findMember(frame, at, ["nanos", "tv_nsec"]);
    if (seconds && nanos) return { seconds: await count(frame, seconds), nanos: await count(frame, nanos) };
    at = await onlyField(frame, at);
  }
  throw new LayoutMismatch("no time");
}

function durationText({ seconds, nanos }: Time): string {
  if (seconds > 0n) return `${seconds}${fractionText(nanos, 9)}s`;
  if (nanos >= 1_000_000n) return `${nanos / 1_000_000n}${fractionText(nanos % 1_000_000n, 6)}ms`;
  return nanos >= 1000n ? `${nanos / 1000n}${fractionText(nanos % 1000n, 3)}µs` : `${nanos}ns`;
}

function fractionText(part: bigint, digits: number): string {
  return part === 0n ? "" : `.${part.toString().padStart(digits, "0").replace(/0+$/, "")}`;
}

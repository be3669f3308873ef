import type { GuestCode, GuestLogValue, LoggedValue } from "../target/guest-code.ts";
import type { IntegerFormat } from "./text/scalar-text.ts";

/** An expression made ready for the guest thread, which then needs nobody to evaluate it at its place. */
export interface LoweredExpression {
  /** Its truth as an i32; `undefined` where the guest thread cannot find it. */
  truth(): GuestCode | undefined;
  /** Its value, and the text of that in a format, by default decimal; `undefined` where the guest thread cannot find it. */
  logged(format?: IntegerFormat): LoweredValue | undefined;
}

/** A value made ready for a log: what the guest thread works out, and how what it then tells is shown. */
export interface LoweredValue {
  readonly value: GuestLogValue;
  text(told: LoggedValue): string;
}

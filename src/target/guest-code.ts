/**
 * A computation the guest thread can do by itself, as plain data: a closed language, typed like Wasm and just as strict.
 *
 * It reads what the guest standing at a program point has: its locals, globals and memory 0. It changes nothing and
 * always ends. Where it cannot go on (memory that is not there, a division by zero, a null pointer) it fails with a
 * reason. Whoever makes one answers for its types: an engine that finds them wrong does not run it.
 */
export type GuestCode =
  | { readonly op: "const"; readonly type: GuestNumber; readonly value: number | bigint }
  | { readonly op: "local" | "global"; readonly type: GuestNumber; readonly index: number }
  /** `size` bytes at `address` + `offset`, little-endian, extended to `type`. `address` is as wide as memory 0's. */
  | {
      readonly op: "load";
      readonly type: GuestNumber;
      readonly size: 1 | 2 | 4 | 8;
      readonly sign: "signed" | "unsigned";
      readonly address: GuestCode;
      readonly offset: number;
    }
  /** An instruction of Wasm that takes numbers and gives one. */
  | { readonly op: "apply"; readonly instruction: GuestInstruction; readonly operands: readonly GuestCode[] }
  /** Signed division as processors do it: the least number by −1 is itself. By zero: fails. */
  | {
      readonly op: "divide";
      readonly type: "i32" | "i64";
      readonly left: GuestCode;
      readonly right: GuestCode;
    }
  /** The integer part of an f64 as an i64, modulo 2⁶⁴; 0 for what has none. */
  | { readonly op: "truncate"; readonly value: GuestCode }
  | {
      readonly op: "if";
      readonly type: GuestNumber;
      readonly condition: GuestCode;
      readonly whenTrue: GuestCode;
      readonly whenFalse: GuestCode;
    }
  /** `value`, an i64 without overflow; fails when it is less than `least` or greater than `greatest`. */
  | {
      readonly op: "within";
      readonly value: GuestCode;
      readonly least: bigint;
      readonly greatest: bigint;
    }
  /** `value`, which is an address; fails when it is 0. */
  | { readonly op: "non-null"; readonly type: "i32" | "i64"; readonly value: GuestCode };

/** The types that code for the guest thread computes in. */
export type GuestNumber = "i32" | "i64" | "f32" | "f64";

/** Instructions of one or two operands that code for the guest thread may use, by their names in Wasm. */
export type GuestInstruction = IntegerInstruction | FloatInstruction | Conversion;

type IntegerInstruction =
  `${"i32" | "i64"}.${"eqz" | "eq" | "ne" | `${"lt" | "gt" | "le" | "ge"}_${"s" | "u"}` | "add" | "sub" | "mul" | "div_u" | `rem_${"s" | "u"}` | "and" | "or" | "xor" | "shl" | `shr_${"s" | "u"}`}`;
type FloatInstruction =
  | `f64.${"eq" | "ne" | "lt" | "gt" | "le" | "ge" | "add" | "sub" | "mul" | "div" | "neg"}`
  | "f32.neg";
type Conversion =
  | "i32.wrap_i64"
  | "i64.extend_i32_s"
  | "i64.extend_i32_u"
  | "i32.extend8_s"
  | "i32.extend16_s"
  | `f64.convert_${"i32" | "i64"}_${"s" | "u"}`
  | "f32.demote_f64"
  | "f64.promote_f32";

/** What a breakpoint at one program point does when the guest comes there, decided in the guest thread. */
export interface BreakpointRule {
  /** Number of the breakpoint. Points of one breakpoint share one count. It is counted on while it is armed again. */
  readonly breakpoint: number;
  /** An i32; the breakpoint counts where it is not 0. One that fails stops the guest, once, and is false after that. */
  readonly condition?: GuestCode;
  /** Which of the arrivals that count are meant. */
  readonly hits?: HitCondition;
  /** Tells values instead of stopping. */
  readonly log?: GuestLog;
  /**
   * The guest thread cannot decide this: it stops wherever `condition` holds, and the one who resumes it decides.
   * Without `hits` and `log`, which are then for that one to see to.
   */
  readonly ask?: true;
}

/** `count` as the operator has it: the 5th arrival, every 3rd. From 1. */
export interface HitCondition {
  readonly operator: "==" | ">=" | ">" | "<" | "<=" | "%";
  readonly count: number;
}

/** Values to be told each time the guest comes by. */
export interface GuestLog {
  readonly values: readonly GuestLogValue[];
  /** Called for each, in order with what the guest prints. Must not throw. */
  tell(values: readonly LoggedValue[]): void;
}

/** A value to be told: code that gives a number, or the address of a text. */
export type GuestLogValue =
  | { readonly kind: "number"; readonly type: GuestNumber; readonly code: GuestCode }
  /** Bytes from an address to the first unit of `unitBytes` that is 0, with it, or `length` of them; none at address 0. */
  | {
      readonly kind: "text";
      readonly type: "i32" | "i64";
      readonly address: GuestCode;
      readonly unitBytes: 1 | 2 | 4;
      readonly length: number;
    };

/** What the guest thread told of a `GuestLogValue`. */
export type LoggedValue =
  /** 8 bytes, little-endian: an i32 is extended by its sign, an f32 is an f64. */
  | { readonly kind: "number"; readonly bytes: Uint8Array }
  /** Without bytes where the address lies outside of memory. */
  | { readonly kind: "text"; readonly address: bigint; readonly bytes: Uint8Array | undefined }
  | { readonly kind: "failed"; readonly reason: string };

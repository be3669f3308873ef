import type { Awaitable } from "../../base/awaitable.ts";
import type { BaseType, Type } from "../types/type.ts";
import type { Place } from "../values/place.ts";
import type { Value } from "../values/value.ts";

/**
 * How a value is shown where its fields would say little: a string as its text, a list as its elements.
 *
 * Belongs to the stop it was made at. Parts are read when they are asked for.
 */
export interface View {
  readonly shape: Shape;
  /** How many elements the guest counts: what `.size()` and `.len()` say. */
  readonly size?: bigint;
  /** What `*value` and `value->` mean. */
  readonly target?: Value;
  /** Set where the fields as the debug info has them are not offered beside the view: they say the same. */
  readonly isComplete?: true;
  /** What the value turned out to be, where that is more than its own type says. */
  readonly dynamicType?: Type;
}

/** What a value looks like to its user. */
export type Shape =
  /** Another value, shown in this one's place. */
  | { readonly kind: "same"; readonly value: Value }
  /** All there is to say; `parts` are there for who looks into it. */
  | { readonly kind: "text"; readonly text: string; readonly parts?: Parts }
  | StringShape
  /** `open`, the parts with commas between them, `close`. */
  | { readonly kind: "parts"; readonly open: string; readonly close: string; readonly parts: Parts }
  /** A pointer, with what is known about it besides. */
  | { readonly kind: "pointer"; readonly pointer: Value; readonly facts: string }
  /** Memory that cannot be what the type says it is: why. */
  | { readonly kind: "damaged"; readonly reason: string };

/** Code units at a place, as many as counted: zeros among them are part of the text. */
export interface StringShape {
  readonly kind: "string";
  readonly place: Place;
  readonly unit: BaseType;
  readonly count: number;
  /** Set where another text can be put in its place, up to a length. */
  readonly room?: TextRoom;
  /** Whether its units can be looked at one by one. */
  readonly isIndexed: boolean;
  /** Set for UTF-16 of a language whose literals a user writes without saying so: it is compared as the UTF-8 they are read as. */
  readonly literals?: "utf-8";
}

/** What has to be known to put a text of another length in the place of one. */
export interface TextRoom {
  /** Units that there is room for, not counting the zero behind them. */
  readonly capacity: number;
  /** The number in memory that says how many there are. */
  readonly count: Value;
  /** Whether a zero follows the text. */
  readonly isTerminated: boolean;
}

/** The parts of a value: how many there are, and each when asked. */
export interface Parts {
  readonly kind: "named" | "indexed";
  /** As many as there can be: of those that memory turns out not to hold, the first says why. */
  readonly count: number;
  /** Counted from 0; `undefined` past the last and for those that cannot be told. */
  at(index: number): Awaitable<Part | undefined>;
}

/** A part of what a view shows, by what it is called. */
export type Part =
  /** Called by its index. */
  | { readonly kind: "element"; readonly value: Value }
  /** Called by its name; a summary leaves the name out where the position says enough. */
  | { readonly kind: "field"; readonly name: string; readonly value: Value; readonly isPositional?: boolean }
  /** The one thing that a value holds, or points to: what `*` gives. */
  | { readonly kind: "target"; readonly value: Value }
  /** Called by its key, which others may have too where keys repeat. */
  | { readonly kind: "entry"; readonly key: Value; readonly value: Value; readonly isRepeatable?: boolean };

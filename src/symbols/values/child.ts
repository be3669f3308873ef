import type { Awaitable } from "../../base/awaitable.ts";
import type { Value } from "./value.ts";

/** A part of a value, by the name a user sees. */
export interface Child {
  readonly name: string;
  readonly value: Value;
  /** An expression for it; absent where its parent has none. */
  readonly expression: string | undefined;
  readonly isBase: boolean;
  /** Not a part of the value in its language: what it is made of. */
  readonly isRaw?: boolean;
}

/** The parts of a value: how many there are, and each when asked. */
export interface Children {
  readonly named: number;
  readonly indexed: number;
  /** The child of one kind at `index`, counted from 0. */
  at(filter: "named" | "indexed", index: number): Awaitable<Child | undefined>;
}

/** The parts of what has none. */
export const noChildren: Children = { named: 0, indexed: 0, at: () => undefined };

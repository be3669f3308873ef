import { readFileSync } from "node:fs";
import { fromRoot } from "../../support/paths.ts";

/** What LLDB showed of one value, without addresses; an empty record says nothing. */
export interface Seen {
  readonly int?: string;
  readonly float?: string;
  readonly bool?: boolean;
  readonly enum?: string;
  /** Of a pointer. */
  readonly null?: boolean;
  /** The function that a pointer leads to. */
  readonly function?: string;
  /** The bytes of a pointer's text, in hexadecimal; null where it is too long. */
  readonly text?: string | null;
  readonly members?: Readonly<Record<string, Seen>>;
  /** The length of an array, and its first elements where these are numbers. */
  readonly array?: number;
  readonly first?: readonly (Seen | null)[];
  /** The summary of a value of the standard library. */
  readonly library?: string | null;
  readonly unavailable?: boolean;
}

export interface SeenFrame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly locals: Readonly<Record<string, Seen>>;
}

/** A place that was come to for the `hit`th time. */
export interface SeenStop {
  readonly file: string;
  readonly line: number;
  readonly hit: number;
  /** What stands on the line, so that it is seen when it no longer does. */
  readonly text: string;
  /** Names of functions from the innermost to `main`. */
  readonly stack: readonly string[];
  /** The innermost frames. */
  readonly frames: readonly SeenFrame[];
}

/** What `record-lldb.mjs` has recorded of a program. */
export const seenByLldb = (program: string): readonly SeenStop[] =>
  JSON.parse(readFileSync(fromRoot("test/large/oracle", `${program}.json`), "utf8"));

import type { ModuleOffset } from "../base/brand.ts";

/**
 * Where a user sees the innermost wasm frame of a stop, which need not be where the machine is.
 *
 * A statement's site may lie some bytes behind its beginning, past where its line ends; behind a call that has just returned
 * the user is still at the call; and at the beginning of an inlined call he is in front of it.
 */
export interface Standing {
  /** The place whose line and whose inlined calls count. */
  readonly offset: ModuleOffset;
  /** How many of the calls inlined at `offset`, counted from the innermost, have yet to be made to the user. */
  readonly pending: number;
}

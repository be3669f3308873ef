import type { Unavailable } from "../base/unavailable.ts";

/**
 * Where a variable's bytes are, found by running a DWARF expression.
 *
 * Source: DWARF 5, "Location Descriptions".
 */
export type LocationDescription =
  | SimpleLocation
  /** Made of parts, in the order of the variable's bits from the lowest. */
  | { readonly kind: "composite"; readonly pieces: readonly LocationPiece[] };

export type SimpleLocation =
  /** `address` counts bytes from the start of linear memory 0. */
  | { readonly kind: "memory"; readonly address: bigint }
  /** The bytes themselves, little-endian: at least as many as the expression's value has. `home` says where they were read from, when they can be written there. */
  | { readonly kind: "value"; readonly bytes: Uint8Array; readonly home?: WasmHome }
  /** A pointer that was optimised away: it points `offset` bytes into what the DIE at `die` (in .debug_info) describes. */
  | { readonly kind: "implicit-pointer"; readonly die: number; readonly offset: bigint }
  | Unavailable;

/** One part of a composite location. */
export interface LocationPiece {
  readonly bitSize: number;
  /** First bit that counts within `location`. */
  readonly bitOffset: number;
  readonly location: SimpleLocation;
}

/** A slot of a Wasm frame or instance. `operand` counts from the bottom of the frame's operand stack. */
export interface WasmHome {
  readonly kind: "local" | "global" | "operand";
  readonly index: number;
}

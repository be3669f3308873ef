import type { FuncIndex } from "../../base/brand.ts";
import type { Type } from "../types/type.ts";

/** A function to be called, in the words of its source. */
export interface CallTarget {
  readonly index: FuncIndex;
  readonly name: string;
  readonly result: Type;
}

/** A function of the guest that has code, and how it is called. */
export interface GuestFunction {
  readonly index: FuncIndex;
  readonly name: string;
  /** Of its parameters, the object of a method among them. */
  readonly parameters: readonly Type[];
  readonly result: Type;
  readonly isVariadic: boolean;
  /** Whether the first parameter is the object it is called for. */
  readonly isMethod: boolean;
  readonly isRust: boolean;
}

/** What is handed to a parameter: a number or an address, or bytes that want an address first. */
export type CallArgument =
  | { readonly kind: "scalar"; readonly type: Type; readonly bytes: Uint8Array }
  | { readonly kind: "pointer-to"; readonly bytes: Uint8Array }
  /** Two addresses or numbers of their size, one after the other. */
  | { readonly kind: "words"; readonly bytes: Uint8Array }
  /** As Rust refers to a string: where it is, and how long. */
  | { readonly kind: "pointer-and-length"; readonly bytes: Uint8Array }
  /** Several arguments in place of one, which may be none. */
  | { readonly kind: "several"; readonly parts: readonly CallArgument[] }
  /** All those behind the last parameter of a function that takes any number: each on the stack, in order. */
  | { readonly kind: "rest"; readonly parts: readonly CallArgument[] };

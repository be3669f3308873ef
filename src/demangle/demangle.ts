import { demangleD } from "./d.ts";
import { demangleItanium } from "./itanium.ts";
import { demangleRustLegacy, unescapeRust } from "./rust-legacy.ts";
import { demangleRustV0 } from "./rust-v0.ts";

/** Whether a name looks like one that a compiler of C++, Rust or D has mangled. */
export const isMangled = (name: string): boolean => /^(_?_Z|_R|_D[\dQ_]|_Dmain$)/.test(name);

/**
 * What a mangled name stands for, as a user of the language would write it; `undefined` for a name that is not mangled, that
 * is malformed or too much of.
 *
 * C++ is shown as llvm-cxxfilt does, Rust as rustc-demangle does without hashes, D as c++filt does. Never throws; work and the length of what
 * comes of it are limited.
 */
export function demangle(name: string): string | undefined {
  if (name.length > longestName) return undefined;
  if (name.startsWith("_R")) return demangleRustV0(name);
  if (name.startsWith("_D")) return demangleD(name);
  if (!/^_?_Z/.test(name)) return undefined;
  const mangled = name.startsWith("__Z") ? name.slice(1) : name;
  return demangleRustLegacy(mangled) ?? demangleItanium(mangled);
}

/** A name in which a linker has taken Rust's older mangling for C++: without the hash and with what escapes stand for. */
export function readableRust(name: string): string {
  const bare = name.replace(/::h[0-9a-f]{16}$/, "");
  return bare === name ? name : bare.split("::").map(unescapeRust).join("::");
}

/** Go's linker writes an underscore for all that is no letter, digit or dot: a method of `*counter` as its user writes it. */
export const readableGo = (name: string): string =>
  name.replace(/(^|\.)__([\p{L}_][\p{L}\p{N}_]*?)_(?=\.)/gu, "$1(*$2)");

const longestName = 1 << 16;

import * as dw from "./constants.ts";

/** Languages that write types and names in ways of their own. */
export type SourceLanguage = "c" | "c++" | "rust" | "d" | "zig";

/** C and what is like it: languages that write `struct` before a struct's name. */
const likeC = new Set([0, dw.DW_LANG_C89, dw.DW_LANG_C, dw.DW_LANG_C99, dw.DW_LANG_C11, dw.DW_LANG_C17]);

/** Whether a unit says that it is of C, where nothing is declared within anything. Zig's compiler says so as well. */
export const isLikeC = (language: number): boolean => likeC.has(language);

/** The language of a unit by the number that it gives, and by its `DW_AT_producer` where that does not tell; languages that are not known are taken for C++. */
export function sourceLanguage(language: number, producer: () => string | undefined): SourceLanguage {
  if (isLikeC(language)) return /^zig\b/i.test(producer() ?? "") ? "zig" : "c";
  if (language === dw.DW_LANG_Rust) return "rust";
  if (language === dw.DW_LANG_D) return "d";
  return language === dw.DW_LANG_Zig ? "zig" : "c++";
}

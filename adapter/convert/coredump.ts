import type { OffsetBase } from "../../src/coredump/dialects.ts";

/** From where code offsets of a coredump count, in words. */
export const baseWords: Readonly<Record<OffsetBase, string>> = {
  body: "the function's local declarations",
  instructions: "the function's first instruction",
  "code-section": "the code section",
  file: "the start of the module",
  "call-sites": "the start of the module, and are those of the calls that led there",
};

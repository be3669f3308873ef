import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Completion } from "../../src/symbols/symbols-parts.ts";
import type { ClientFacts } from "../protocol/client.ts";
import { toClientColumn } from "./position.ts";

const types: Readonly<Record<Completion["kind"], DebugProtocol.CompletionItemType>> = {
  local: "variable",
  member: "field",
  global: "variable",
  function: "function",
  enumerator: "value",
  type: "class",
  command: "keyword",
};

/** A completion as the client takes it; `start` and `length` are what it replaces on the cursor's line, `index` its place in the list. */
export function toCompletionItem(
  facts: ClientFacts,
  { label, kind, type }: Completion,
  { index, start, length }: { readonly index: number; readonly start: number; readonly length: number },
): DebugProtocol.CompletionItem {
  return {
    label,
    type: types[kind],
    start: toClientColumn(facts, start),
    length,
    sortText: String(index).padStart(4, "0"),
    ...(type === undefined ? {} : { detail: type }),
  };
}

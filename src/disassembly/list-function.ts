import { type DefinedFuncIndex, toFuncIndex, toModuleOffset } from "../base/brand.ts";
import type { CodeRow } from "./disassembly.ts";
import type { FunctionOutline } from "./function-outline.ts";
import type { ListingParts } from "./listing-parts.ts";
import { identifier } from "./named-operands.ts";

/** Digits of offsets, so that code stands in one column. */
const offsetDigits = 5;

/**
 * The text of a function: its head, and if there is an `outline` its instructions, each behind its offset in the module.
 *
 * What it says is what the text format would, names and all; offsets are comments there.
 */
export function listFunction(
  { module, names, disassembly }: ListingParts,
  body: DefinedFuncIndex,
  outline: FunctionOutline | undefined,
): { readonly lines: readonly string[] } {
  const imported = module.imports.filter(({ type }) => type.kind === "func").length;
  const func = toFuncIndex(body + imported);
  const { parameters, types } = names.slots.locals(func);
  const named = new Map(names.slots.namedLocals(func).map(({ index, name }) => [index, name]));
  const declared = (keyword: string, from: number, to: number): string[] =>
    types.slice(from, to).map((type, at) => {
      const name = named.get(from + at);
      return name === undefined ? `(${keyword} ${type})` : `(${keyword} ${identifier(name)} ${type})`;
    });
  const name = names.functionName(func);
  const results = names.slots.results(func);
  const head = [
    "(func",
    ...(name === undefined || name === `func[${func}]` ? [] : [identifier(name)]),
    `(;${func};)`,
    ...declared("param", 0, parameters),
    ...(results.length === 0 ? [] : [`(result ${results.join(" ")})`]),
  ];
  const lines = [head.join(" ")];
  const locals = declared("local", parameters, types.length);
  if (locals.length > 0) lines.push(`  ${locals.join(" ")}`);
  if (outline && outline.count > 0) {
    const first = toModuleOffset(outline.starts[0] as number);
    const rows = disassembly.rows(first, 0, outline.count);
    for (const [at, row] of rows.entries()) lines.push(listRow(row, at === rows.length - 1));
  }
  return { lines };
}

/** The line of one instruction. */
export function listRow(row: CodeRow, isLast: boolean): string {
  const offset = row.offset.toString(16).padStart(offsetDigits, "0");
  // The `end` of a function is the parenthesis of its text.
  const text = isLast && row.kind === "instruction" && row.text === "end" ? ")" : `  ${row.text}`;
  return `(;0x${offset};)${text === ")" ? " )" : text}`;
}

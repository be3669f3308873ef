import type { Variable } from "../../src/symbols/variable.ts";
import { toIndexRanges } from "../convert/index-ranges.ts";
import { toClientVariable } from "../convert/variable.ts";
import { count, integer, oneOf, optional, valueFormat } from "../protocol/arguments.ts";
import { request } from "../session/request.ts";

interface Page {
  readonly filter?: "named" | "indexed";
  readonly start: number;
  /** 0: all. */
  readonly count: number;
}

/** Children of a scope or a value: the page asked for, or all. */
export const variables = request("variables", {
  needs: "stopped",
  arguments: {
    variablesReference: integer,
    filter: optional(oneOf("named", "indexed")),
    start: optional(count),
    count: optional(count),
    format: optional(valueFormat),
  },
  capabilities: { supportsValueFormattingOptions: true },
  async run(session, { variablesReference, start = 0, count = 0, format, ...rest }) {
    const { variable, shown } = session.values.find(variablesReference);
    const page = { ...rest, start, count };
    const found = await readChildren(variable, page, session.facts.supportsVariablePaging);
    for (const child of found) shown.set(child.name, child);
    const children = format?.hex === true ? await Promise.all(found.map((child) => child.asHex())) : found;
    return {
      variables: children.map((child) =>
        toClientVariable(session.facts, child, (variable) => session.lend(variable)),
      ),
    };
  },
});

/** A page of children: members count before elements where both are asked for. */
async function readChildren(of: Variable, page: Page, canPage: boolean): Promise<readonly Variable[]> {
  const { filter, start, count } = page;
  const named = filter === "indexed" ? 0 : of.named;
  const indexed = filter === "named" ? 0 : of.indexed;
  const end = Math.min(count === 0 ? named + indexed : start + count, named + indexed);
  const members = Math.max(0, Math.min(end, named) - start);
  const first = Math.max(0, start - named);
  const elements = Math.max(0, end - named - first);
  return [
    ...(members > 0 ? await of.children("named", start, members) : []),
    ...(elements > 0 ? await readElements(of, first, elements, canPage || count !== 0) : []),
  ];
}

async function readElements(
  of: Variable,
  start: number,
  count: number,
  canPage: boolean,
): Promise<readonly Variable[]> {
  const ranges = canPage ? undefined : toIndexRanges(of, start, count);
  return ranges ?? of.children("indexed", start, count);
}

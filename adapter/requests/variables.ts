import type { Variable } from "../../src/symbols/variable.ts";
import { toIndexRanges } from "../convert/index-ranges.ts";
import { toClientVariable } from "../convert/variable.ts";
import { count, integer, oneOf, optional, valueFormat } from "../protocol/arguments.ts";
import { nextTurn } from "../session/progress.ts";
import { request } from "../session/request.ts";

interface Page {
  readonly filter?: "named" | "indexed";
  readonly start: number;
  /** 0: all. */
  readonly count: number;
}

/** Children of a scope or a value: the page asked for, or all; none once the program has left the stop they were of. */
export const variables = request("variables", {
  needs: "launched",
  arguments: {
    variablesReference: integer,
    filter: optional(oneOf("named", "indexed")),
    start: optional(count),
    count: optional(count),
    format: optional(valueFormat),
  },
  capabilities: { supportsValueFormattingOptions: true },
  cancellable: true,
  async run(session, { variablesReference, start = 0, count = 0, format, ...rest }, work) {
    if (session.values.hasLapsed(variablesReference)) return { variables: [] };
    session.check("stopped");
    const { variable, shown } = session.values.find(variablesReference);
    const page = { ...rest, start, count };
    const hex = format?.hex === true;
    const children: Variable[] = [];
    const whole = partOf(variable, page);
    const canPage = session.facts.supportsVariablePaging || count !== 0;
    const ranges = canPage ? undefined : toIndexRanges(variable, whole.firstElement, whole.elements);
    const progress = session.progress.begin({
      title: "Reading variables",
      requestSeq: work.seq,
      cancel: () => session.client.cancel(work.seq),
    });
    try {
      for (const part of inParts(ranges ? { ...whole, elements: 0 } : whole)) {
        for (const child of await readPart(variable, part)) {
          shown.set(child.name, child);
          children.push(hex ? await child.asHex() : child);
        }
        progress.report(`${children.length} of ${whole.members + whole.elements}`);
        // Of many values the last are as far away as the client wants: it can say so meanwhile.
        if (children.length >= firstPart) await nextTurn();
        work.signal.throwIfAborted();
      }
    } finally {
      progress.end();
    }
    for (const range of ranges ?? []) {
      shown.set(range.name, range);
      children.push(range);
    }
    return {
      variables: children.map((child) =>
        toClientVariable(session.facts, child, (variable) => session.lend(variable)),
      ),
    };
  },
});

/** Values read before anything else has a turn; after that twice as many each time, since some containers are walked from the start. */
const firstPart = 500;

/** Some members, and some elements behind them. */
interface Part {
  readonly firstMember: number;
  readonly members: number;
  readonly firstElement: number;
  readonly elements: number;
}

/** A page of children: members count before elements where both are asked for. */
function partOf(of: Variable, { filter, start, count }: Page): Part {
  const named = filter === "indexed" ? 0 : of.named;
  const indexed = filter === "named" ? 0 : of.indexed;
  const end = Math.min(count === 0 ? named + indexed : start + count, named + indexed);
  const firstElement = Math.max(0, start - named);
  return {
    firstMember: start,
    members: Math.max(0, Math.min(end, named) - start),
    firstElement,
    elements: Math.max(0, end - named - firstElement),
  };
}

function inParts({ firstMember, members, firstElement, elements }: Part): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0, most = firstPart; at < members; at += most, most = at) {
    const size = Math.min(most, members - at);
    parts.push({ firstMember: firstMember + at, members: size, firstElement, elements: 0 });
  }
  for (let at = 0, most = firstPart; at < elements; at += most, most = at) {
    const size = Math.min(most, elements - at);
    parts.push({ firstMember, members: 0, firstElement: firstElement + at, elements: size });
  }
  return parts;
}

const readPart = (of: Variable, { firstMember, members, firstElement, elements }: Part) =>
  members > 0 ? of.children("named", firstMember, members) : of.children("indexed", firstElement, elements);

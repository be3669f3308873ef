import { upperBound } from "../base/binary-search.ts";
import { type LineKey, type ModuleOffset, toLineKey, toModuleOffset } from "../base/brand.ts";
import { once } from "../base/once.ts";
import type { InlinedCallEntry } from "../dwarf/inlined-calls.ts";
import type { InlinedCall, InlinedCalls, SourcePosition } from "./debug-info.ts";

/** What is looked up about a call when somebody asks for it. */
export interface InlinedCallFacts {
  name(entry: InlinedCallEntry): string;
  position(entry: InlinedCallEntry): SourcePosition | undefined;
  lineKey(position: SourcePosition): LineKey;
}

/**
 * The calls inlined into one function, found by the code they stand for.
 *
 * @param codeStart Offset in the module of code address 0.
 */
export function indexInlinedCalls(
  entries: readonly InlinedCallEntry[],
  codeStart: number,
  facts: InlinedCallFacts,
): InlinedCalls {
  const { offset, call } = flatten(entries, codeStart);
  return {
    calls: entries.map((entry) => describe(entry, codeStart, facts)),
    callAt: (at: ModuleOffset) => call[upperBound(offset, at) - 1] ?? -1,
  };
}

function describe(entry: InlinedCallEntry, codeStart: number, facts: InlinedCallFacts): InlinedCall {
  const name = once(() => facts.name(entry));
  const position = once(() => facts.position(entry));
  const line = once(() => {
    const at = position();
    return at === undefined ? toLineKey(0) : facts.lineKey(at);
  });
  return {
    parent: entry.parent,
    from: toModuleOffset(codeStart + entry.begin.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    to: toModuleOffset(codeStart + entry.end.reduce((a, b) => Math.max(a, b), 0)),
    get name() {
      return name();
    },
    get position() {
      return position();
    },
    get line() {
      return line();
    },
  };
}

/** Which call the code from each offset up to the next one belongs to; −1: to the function itself. */
interface Segments {
  readonly offset: Uint32Array;
  readonly call: Int32Array;
}

/** Ranges lie within those of the call around them; what sticks out of it is cut off. */
function flatten(entries: readonly InlinedCallEntry[], codeStart: number): Segments {
  const ranges = entries.flatMap(({ begin, end }, call) =>
    Array.from(begin, (from, at) => ({ from: codeStart + from, to: codeStart + (end[at] as number), call })),
  );
  // Of two with one beginning the outer one first: entries come before those within them.
  ranges.sort((a, b) => a.from - b.from || a.call - b.call);
  const offset: number[] = [];
  const call: number[] = [];
  const mark = (at: number, of: number): void => {
    if (offset.at(-1) === at) call[call.length - 1] = of;
    else {
      offset.push(at);
      call.push(of);
    }
  };
  const open: { to: number; call: number }[] = [];
  const closeUpTo = (at: number): void => {
    for (let last = open.at(-1); last && last.to <= at; last = open.at(-1)) {
      open.pop();
      mark(last.to, open.at(-1)?.call ?? -1);
    }
  };
  for (const range of ranges) {
    closeUpTo(range.from);
    const around = open.at(-1);
    const to = Math.min(range.to, around?.to ?? range.to);
    if (to <= range.from) continue;
    mark(range.from, range.call);
    open.push({ to, call: range.call });
  }
  closeUpTo(Number.POSITIVE_INFINITY);
  return { offset: Uint32Array.from(offset), call: Int32Array.from(call) };
}

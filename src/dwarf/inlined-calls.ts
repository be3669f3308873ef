import { type FunctionColumns, NONE } from "gimli-wasm";
import { lowerBound } from "../base/binary-search.ts";
import { DW_TAG_inlined_subroutine } from "./constants.ts";

/** A call that was inlined into a function, as its unit describes it. */
export interface InlinedCallEntry {
  /** Index of the call that it was made in; −1 for the function itself. */
  readonly parent: number;
  /** Of its DIE in .debug_info. */
  readonly die: number;
  /** Code addresses, `begin` ≤ address < `end` for each pair, in the order given. */
  readonly begin: Float64Array;
  readonly end: Float64Array;
  /** Of what was called, through its origins: where its names start. */
  readonly name: { readonly section: number; readonly offset: number };
  readonly linkageName: { readonly section: number; readonly offset: number };
  /** Number of a file in the unit's line program; `undefined` where it is not said. */
  readonly callFile: number | undefined;
  /** From 1; 0 where it is not said. */
  readonly callLine: number;
  readonly callColumn: number;
}

/**
 * The calls that were inlined into the function whose DIE is at `die`, those around others before them; calls without
 * code are left out.
 */
export function inlinedCallsOf(columns: FunctionColumns, die: number): readonly InlinedCallEntry[] {
  const top = lowerBound(columns.die, die);
  if (columns.die[top] !== die) return [];
  /** By row from `top` on: the index of its call; −1 for the function, `undefined` for what lies in a function within it. */
  const indexOf: (number | undefined)[] = [-1];
  const calls: InlinedCallEntry[] = [];
  for (let row = top + 1; row < columns.die.length; row++) {
    const around = columns.parent[row] as number;
    if (around === NONE || around < top) break;
    const parent = indexOf[around - top];
    const isCall = columns.tag[row] === DW_TAG_inlined_subroutine && parent !== undefined;
    indexOf.push(isCall ? calls.length : undefined);
    if (isCall) calls.push(entryOf(columns, row, parent));
  }
  return calls;
}

function entryOf(columns: FunctionColumns, row: number, parent: number): InlinedCallEntry {
  const from = columns.rangeStart[row] as number;
  const to = columns.rangeStart[row + 1] as number;
  const file = columns.callFile[row] as number;
  const text = ({ section, offset }: FunctionColumns["name"]) => ({
    section: section[row] ?? 0,
    offset: offset[row] ?? 0,
  });
  return {
    parent,
    die: columns.die[row] as number,
    begin: columns.ranges.begin.subarray(from, to),
    end: columns.ranges.end.subarray(from, to),
    name: text(columns.name),
    linkageName: text(columns.linkageName),
    callFile: file === NONE ? undefined : file,
    callLine: columns.callLine[row] as number,
    callColumn: columns.callColumn[row] as number,
  };
}

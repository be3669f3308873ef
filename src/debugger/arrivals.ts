import { lowerBound, upperBound } from "../base/binary-search.ts";
import { type FuncIndex, type LineKey, type ModuleOffset, toLineKey, toModuleOffset } from "../base/brand.ts";
import type { DebugInfo, FunctionInfo, InlinedCalls, SourceFile } from "../debuginfo/debug-info.ts";

/** The function itself, where else the index of an inlined call stands. */
export const ownCode = -1;

/**
 * How a user sees a guest come to one statement of a function into which calls were inlined.
 *
 * At the first statement of an inlined call the call has yet to be made, as it would be at the instruction of a real one:
 * the guest stands in the frame around it, on the line that calls. `owner` is that frame, or the frame whose statement this
 * is: the outermost one that the guest can be seen in. It can be seen in each further in, down to `innermost`, too.
 */
export interface Arrival {
  /** Index of an inlined call; `ownCode` for the function itself. */
  readonly owner: number;
  /** Key of the line that it stands on in the owner. */
  readonly line: LineKey;
  readonly innermost: number;
  /** Of the statement. */
  readonly offset: ModuleOffset;
}

/** The statements of one function into which calls were inlined. */
export interface FunctionArrivals {
  readonly calls: InlinedCalls;
  readonly info: FunctionInfo;
  /** Of the statements, rising. */
  readonly offset: Uint32Array;
  readonly owner: Int32Array;
  /** LineKey. */
  readonly line: Uint32Array;
  readonly innermost: Int32Array;
  /** By call: the statement it begins at, by its place in `offset`; −1 for a call without statements. */
  readonly entry: Int32Array;
}

/** Where users see guests arrive, by function; for the session. */
export class Arrivals {
  readonly #debugInfo: DebugInfo;
  readonly #functions = new Map<FuncIndex, FunctionArrivals | undefined>();

  constructor(debugInfo: DebugInfo) {
    this.#debugInfo = debugInfo;
  }

  /** `undefined` for a function without inlined calls. */
  of(info: FunctionInfo): FunctionArrivals | undefined {
    if (!this.#functions.has(info.index)) {
      const calls = this.#debugInfo.inlinedCalls?.(info.from);
      this.#functions.set(info.index, calls && findArrivals(this.#debugInfo, info, calls));
    }
    return this.#functions.get(info.index);
  }

  /** The same of any function. */
  ofEach(info: FunctionInfo): FunctionArrivals {
    return this.of(info) ?? findArrivals(this.#debugInfo, info, noCalls);
  }

  /** The source that an inlined call, or the function itself, is written in, as far as its statements tell. */
  sourceOf({ entry, offset, innermost, calls }: FunctionArrivals, call: number): SourceFile | undefined {
    const first = call === ownCode ? 0 : (entry[call] ?? -1);
    const at = offset[first];
    if (at === undefined) return undefined;
    let inner = innermost[first] ?? ownCode;
    if (inner === call) return this.#debugInfo.locate(toModuleOffset(at))?.source;
    while (inner !== ownCode && calls.calls[inner]?.parent !== call)
      inner = calls.calls[inner]?.parent ?? ownCode;
    return calls.calls[inner]?.position?.source;
  }
}

const noCalls: InlinedCalls = { calls: [], callAt: () => ownCode };

/** Whether a call is made, inlined or not, in the code of a statement. */
export function makesCall(debugInfo: DebugInfo, arrivals: FunctionArrivals, arrival: Arrival): boolean {
  if (arrival.innermost !== arrival.owner) return true;
  const { offset, info } = arrivals;
  const next = toModuleOffset(offset[upperBound(offset, arrival.offset)] ?? info.to);
  return debugInfo.stackShape(info.index).hasCallWithin?.(arrival.offset, next) ?? true;
}

/** What is known of the statement that begins at or before `offset`; `undefined` before the first. */
export function arrivalAt(arrivals: FunctionArrivals, offset: ModuleOffset): Arrival | undefined {
  return arrivalOf(arrivals, upperBound(arrivals.offset, offset) - 1);
}

/** `statement`: by its place in the function's. */
export function arrivalOf(
  { owner, line, innermost, offset }: FunctionArrivals,
  statement: number,
): Arrival | undefined {
  if (statement < 0 || statement >= owner.length) return undefined;
  return {
    owner: owner[statement] as number,
    line: toLineKey(line[statement] as number),
    innermost: innermost[statement] as number,
    offset: toModuleOffset(offset[statement] as number),
  };
}

/** A call, those around it, and the function itself, outermost first. */
export function pathTo({ calls }: InlinedCalls, call: number): readonly number[] {
  const path = [call];
  for (let at = call; at !== ownCode; ) {
    at = calls[at]?.parent ?? ownCode;
    path.unshift(at);
  }
  return path;
}

/** As `Arrivals.of`, worked out anew. */
export function findArrivals(
  debugInfo: DebugInfo,
  info: FunctionInfo,
  calls: InlinedCalls,
): FunctionArrivals {
  const statements = debugInfo.statements();
  const from = lowerBound(statements.offset, info.from);
  const offset = statements.offset.subarray(from, lowerBound(statements.offset, info.to));
  const owner = new Int32Array(offset.length);
  const line = statements.line.slice(from, from + offset.length);
  const innermost = new Int32Array(offset.length);
  const entry = new Int32Array(calls.calls.length).fill(-1);
  for (let at = 0; at < offset.length; at++) {
    let call = calls.callAt(toModuleOffset(offset[at] as number));
    innermost[at] = call;
    // Calls that have not been come to before begin here, and with one those within it.
    for (; call !== ownCode && entry[call] === -1; call = calls.calls[call]?.parent ?? ownCode) {
      entry[call] = at;
      line[at] = calls.calls[call]?.line ?? 0;
    }
    owner[at] = call;
  }
  return { calls, info, offset, owner, line, innermost, entry };
}

import { MalformedError } from "../base/errors.ts";
import type { CodeReader } from "../wasm/code-reader.ts";
import {
  CALL,
  CALL_INDIRECT,
  CALL_REF,
  END,
  GLOBAL_SET,
  RETHROW,
  THROW,
  THROW_REF,
  UNREACHABLE,
} from "../wasm/instructions.ts";
import { onlyStructures } from "../wasm/structural.ts";
import { CONCERNS_FLOW, type ControlFlow } from "./control-flow.ts";
import type { SortedRequests } from "./site-requests.ts";
import {
  AFTER_CALL,
  AFTER_STACK_POINTER,
  AFTER_STORE,
  BEFORE_RETHROW,
  BEFORE_THROW,
  BEFORE_UNREACHABLE,
  STATEMENT,
} from "./site-table.ts";
import { findStore, MAY_STORE } from "./stores.ts";

/** Whether there are sites where statements begin, or at every instruction that can be reached and does something. */
export type SiteDensity = "statements" | "instructions";

/** How stores are checked. */
export interface StoreChecks {
  /** Index of the global that is the C stack pointer: by it, the return of a frame is noticed. */
  readonly stackPointer?: number | undefined;
}

/** Which sites there are besides those asked for. */
export interface SitesWanted {
  readonly density: SiteDensity;
  /** Whether there is one where each call returns to, in functions that have requests. */
  readonly afterCalls?: boolean;
  /** Whether there is one after every store, and where there is a C stack pointer, after every instruction that writes that. */
  readonly afterStores?: StoreChecks | undefined;
}

/**
 * Takes a site of the function being walked, in rising order of offset; one before an instruction comes before one after it.
 * `called` says what has just been called where a call returns to the site.
 */
export type SiteSink = (offset: number, line: number, kind: number, called: Called) => void;

/** What a call calls: a function by its index, a type as −2 minus its index; `NOT_CALLED` for none. */
export type Called = number;
export const NOT_CALLED: Called = -1;
/** The index of the type that a call without a function names. */
export const typeCalled = (called: Called): number => -2 - called;

/**
 * Walks a function body and says where its sites are: at the instruction each request means, and before every
 * `unreachable`, `throw`, `rethrow` and `throw_ref`. `flow` notes all instructions and sites on the way.
 *
 * A request means the first instruction that begins at or behind it. Where that only opens or closes a block it
 * means the next one, unless that has a request of its own: compilers put a line at the `end` or `loop` in front of
 * its code, and a branch from elsewhere arrives behind those, still within the line.
 * Of several requests for one place the one with the highest offset counts, and of those the last.
 * Code that cannot be reached, as validation sees it, gets no sites.
 * With a density of instructions the others get sites without a line, but for those that only open or close blocks.
 * Where a call returns to, there is a site at whatever instruction follows, if that is wanted: the call's results are still
 * among the operands.
 * A site after a store has the store's offset.
 *
 * @param reader Stands before the body's first instruction.
 * @param first Of the function's own requests in `requests`; `last` is exclusive.
 * @returns How many requests lay in unreachable code.
 * @throws {MalformedError} as `CodeReader.next` and `ControlFlow.note`; `bad-structure` when the body's blocks do
 * not end where it does.
 */
export function findSites(
  reader: CodeReader,
  flow: ControlFlow,
  requests: SortedRequests,
  first: number,
  last: number,
  { density, afterStores, afterCalls = false }: SitesWanted,
  sink: SiteSink,
): number {
  const everywhere = density === "instructions";
  const returns = afterCalls && first < last;
  const marked = markedBytes({ stores: afterStores !== undefined, calls: returns });
  const stackPointer = afterStores?.stackPointer;
  let next = first;
  let nextOffset = next < last ? (requests.offset[next] as number) : Infinity;
  let isWanted = false;
  let called: Called = NOT_CALLED;
  let line = 0;
  let unreachableRequests = 0;
  while (
    isWanted || called !== NOT_CALLED || everywhere ? reader.next() : reader.nextOf(marked, nextOffset)
  ) {
    const { opcode, offset } = reader;
    while (nextOffset <= offset) {
      isWanted = true;
      line = requests.line[next++] as number;
      nextOffset = next < last ? (requests.offset[next] as number) : Infinity;
    }
    const closesFunction = opcode === END && flow.depth === 1;
    if (isWanted && (closesFunction || nextOffset <= reader.end || !onlyStructures(opcode))) {
      isWanted = false;
      if (flow.isReachable) {
        flow.site();
        sink(offset, line, kindOf(opcode), called);
      } else {
        unreachableRequests++;
      }
    } else if (kindOf(opcode) !== STATEMENT && flow.isReachable) {
      flow.site();
      sink(offset, 0, kindOf(opcode), called);
    } else if (called !== NOT_CALLED && flow.isReachable) {
      flow.site();
      sink(offset, 0, AFTER_CALL, called);
    } else if (everywhere && flow.isReachable && !onlyStructures(opcode)) {
      flow.site();
      sink(offset, 0, STATEMENT, NOT_CALLED);
    }
    called = NOT_CALLED;
    if (returns && isCall(opcode)) called = opcode === CALL ? reader.index() : typeCalled(reader.index());
    const byte = opcode > 0xff ? opcode >>> 16 : opcode;
    if (CONCERNS_FLOW[byte]) flow.note(reader);
    if (afterStores && MAY_STORE[byte] && flow.isReachable && findStore(opcode)) {
      flow.site();
      sink(offset, 0, AFTER_STORE, NOT_CALLED);
    } else if (opcode === GLOBAL_SET && flow.isReachable && stackPointer === reader.index()) {
      sink(offset, 0, AFTER_STACK_POINTER, NOT_CALLED);
    }
  }
  if (flow.depth !== 0) {
    throw new MalformedError("bad-structure", "code", reader.end, `${flow.depth} blocks without end`);
  }
  return unreachableRequests;
}

/** First bytes of the instructions that are looked at even where no request means them. */
function markedBytes({ stores, calls }: { readonly stores: boolean; readonly calls: boolean }): Uint8Array {
  if (stores) return calls ? FLOW_STORE_OR_CALL : FLOW_OR_STORE;
  return calls ? FLOW_OR_CALL : CONCERNS_FLOW;
}

const FLOW_OR_STORE = CONCERNS_FLOW.map((concerns, byte) =>
  byte === GLOBAL_SET ? 1 : concerns | (MAY_STORE[byte] as number),
);
/** Calls that come back: a tail call's caller is gone. */
const isCall = (opcode: number): boolean =>
  opcode === CALL || opcode === CALL_INDIRECT || opcode === CALL_REF;
const FLOW_OR_CALL = CONCERNS_FLOW.map((concerns, byte) => (isCall(byte) ? 1 : concerns));
const FLOW_STORE_OR_CALL = FLOW_OR_STORE.map((concerns, byte) => (isCall(byte) ? 1 : concerns));

/** What a site before an instruction is there for. */
function kindOf(opcode: number): number {
  switch (opcode) {
    case UNREACHABLE:
      return BEFORE_UNREACHABLE;
    case THROW:
      return BEFORE_THROW;
    case RETHROW:
    case THROW_REF:
      return BEFORE_RETHROW;
    default:
      return STATEMENT;
  }
}

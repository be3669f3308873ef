import type { EncodedFrame } from "../suspend/messages.ts";

/** Must be called once before guest code runs: V8 keeps ten frames unless told otherwise. */
export function keepAllFrames(): void {
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
}

const wasmFrame = /wasm-function\[(\d+)\]:0x([0-9a-f]+)/;

/** Call sites of the stack right here, innermost first, at most `limit`: the cost grows with their number. */
export function callSitesHere(limit = Number.POSITIVE_INFINITY): readonly NodeJS.CallSite[] {
  const holder: { stack?: unknown } = {};
  return withStructuredStacks(() => {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = limit;
    Error.captureStackTrace(holder, callSitesHere);
    Error.stackTraceLimit = before;
    return asCallSites(holder.stack);
  });
}

/** Call sites of an error whose `stack` nobody has read yet. Empty when they are lost. */
export function callSitesOf(error: unknown): readonly NodeJS.CallSite[] {
  if (!(error instanceof Error)) return [];
  return withStructuredStacks(() => asCallSites(error.stack));
}

/** A stack of call sites, and whether the guest stands in a host call of its own. */
export interface Stack {
  readonly sites: readonly NodeJS.CallSite[];
  /** Show the host function that the innermost wasm frame has called; the frames inside of that are ours. */
  readonly inHostCall: boolean;
}

/**
 * The guest's part of a stack: wasm frames and the host frames between them, innermost first.
 *
 * Host frames inside of the innermost wasm frame (but for the call it makes, see `Stack`) and outside of the
 * outermost one are ours, as are functions from index `functionCount` on; none of them is shown.
 * Depth counts wasm frames from the outermost, which is 1.
 */
export function guestFrames({ sites, inHostCall }: Stack, functionCount: number): EncodedFrame[] {
  const frames: EncodedFrame[] = [];
  let hostSinceWasm: EncodedFrame[] = [];
  let depth = 0;
  for (const site of sites) {
    const wasm = parseWasm(site);
    if (wasm === undefined) {
      if (depth > 0) hostSinceWasm.push(hostFrame(site));
      else if (inHostCall) hostSinceWasm = [hostFrame(site)];
    } else if (wasm.f < functionCount) {
      frames.push(...hostSinceWasm, { f: wasm.f, o: wasm.o, d: ++depth });
      hostSinceWasm = [];
    }
  }
  return frames.map((frame) => ("d" in frame ? { ...frame, d: depth + 1 - frame.d } : frame));
}

/** Wasm frames of the guest on the stack right here. */
export function depthHere(functionCount: number): number {
  let depth = 0;
  for (const site of callSitesHere()) {
    const wasm = parseWasm(site);
    if (wasm !== undefined && wasm.f < functionCount) depth++;
  }
  return depth;
}

function parseWasm(site: NodeJS.CallSite): { f: number; o: number } | undefined {
  if (!site.getFileName()?.startsWith("wasm://")) return undefined;
  const match = wasmFrame.exec(site.toString());
  if (match === null) return undefined;
  return { f: Number(match[1]), o: Number.parseInt(match[2] ?? "", 16) };
}

function hostFrame(site: NodeJS.CallSite): EncodedFrame {
  const path = site.getFileName();
  const line = site.getLineNumber();
  return {
    n: site.getFunctionName() ?? "(anonymous)",
    ...(path ? { p: path } : {}),
    ...(line ? { l: line } : {}),
  };
}

function withStructuredStacks<T>(read: () => T): T {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    return read();
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Error.prepareStackTrace = before;
  }
}

/** A stack that somebody else has formatted already is text: its frames are lost to us. */
const asCallSites = (stack: unknown): readonly NodeJS.CallSite[] =>
  Array.isArray(stack) ? (stack as NodeJS.CallSite[]) : [];

import type { GuestStepEnd } from "../suspend/messages.ts";

/** What a step test may ask about the frame that has just reached a site. */
export interface FrameProbe {
  /** The guest's C stack pointer now; `undefined` when it has none. Nanoseconds. */
  stackPointer(): bigint | undefined;
  /** Wasm frames on the stack. Microseconds. */
  depth(): number;
}

interface PreparedEnd {
  readonly end: GuestStepEnd;
  readonly maxDepthStackPointer: bigint | undefined;
  readonly exceptStackPointer: bigint | undefined;
}

/**
 * Decides at a site whether the step ends there. Made once per resume, asked at each site the plan armed,
 * perhaps a million times: the stack is walked only where the stack pointer cannot tell.
 */
export class StepTest {
  readonly #ends: readonly PreparedEnd[];
  readonly #lines: Uint32Array;
  readonly #kinds: Uint8Array;
  readonly #everySite: boolean;
  readonly #returns: boolean;
  /** How deep in inlined calls the frame that the step began in still is. */
  #level = Number.POSITIVE_INFINITY;

  /** `ends` are sorted by `first` and do not overlap; `lines[site]` is the site's line key, `kinds[site]` its kind. */
  constructor(ends: readonly GuestStepEnd[], lines: Uint32Array, kinds: Uint8Array = noKinds) {
    this.#lines = lines;
    this.#kinds = kinds;
    this.#returns = ends.some(({ returns }) => returns);
    this.#everySite = ends.some(({ everySite }) => everySite);
    this.#ends = ends.map((end) => ({
      end,
      maxDepthStackPointer: toBigInt(end.maxDepthStackPointer),
      exceptStackPointer: toBigInt(end.except?.stackPointer),
    }));
  }

  endsAt(site: number, frame: FrameProbe): boolean {
    const isStatement = this.#lines[site] !== 0;
    const isReturn = !isStatement && this.#kinds[site] === behindCall;
    const found =
      isStatement || (isReturn && this.#returns) || this.#everySite ? this.#find(site) : undefined;
    if (found === undefined) return false;
    const { level = 0, leaves, passing, everySite, returns } = found.end;
    // A site without a line is only there for its trap, for calls that return, or for steps by instruction.
    if (isReturn ? !returns : !isStatement && !everySite) return false;
    if (level > this.#level || !this.#shallowEnough(found, frame)) return false;
    if (leaves) this.#level = level;
    return !(isStatement && passing) && !this.#stillOnLine(found, site, frame);
  }

  #shallowEnough({ end, maxDepthStackPointer }: PreparedEnd, frame: FrameProbe): boolean {
    if (end.maxDepth === undefined) return true;
    const stackPointer = maxDepthStackPointer === undefined ? undefined : frame.stackPointer();
    if (stackPointer !== undefined && maxDepthStackPointer !== undefined)
      return stackPointer >= maxDepthStackPointer;
    return frame.depth() <= end.maxDepth;
  }

  #stillOnLine({ end, exceptStackPointer }: PreparedEnd, site: number, frame: FrameProbe): boolean {
    const except = end.except;
    if (except === undefined) return false;
    if (except.line !== undefined && this.#lines[site] !== except.line) return false;
    const stackPointer = exceptStackPointer === undefined ? undefined : frame.stackPointer();
    if (stackPointer !== undefined) return stackPointer === exceptStackPointer;
    return frame.depth() === except.depth;
  }

  #find(site: number): PreparedEnd | undefined {
    let low = 0;
    let high = this.#ends.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const prepared = this.#ends[middle] as PreparedEnd;
      if (site < prepared.end.first) high = middle - 1;
      else if (site >= prepared.end.end) low = middle + 1;
      else return prepared;
    }
    return undefined;
  }
}

const toBigInt = (text: string | undefined): bigint | undefined =>
  text === undefined ? undefined : BigInt(text);

/** A site's kind where a call returns to: as `AFTER_CALL` of `src/instrument`. */
const behindCall = 6;

const noKinds = new Uint8Array(0);

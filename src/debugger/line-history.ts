import type { FuncIndex, LineKey, ModuleOffset } from "../base/brand.ts";

/** Lines that one frame has been seen on since it last went back in its code, and how far in it it is. */
export interface Visited {
  /** With where it was on each of them last. */
  readonly lines: ReadonlyMap<LineKey, ModuleOffset>;
  readonly offset: ModuleOffset;
}

interface FrameRecord extends Visited {
  readonly depth: number;
  readonly function: FuncIndex;
  /** Of an inlined call, its index. */
  readonly call: number;
}

/** Where a step begins. */
export interface Begin {
  readonly depth: number;
  readonly function: FuncIndex;
  /** The calls that the frame is in the midst of, and the function itself, outermost first. */
  readonly path: readonly number[];
  readonly line: LineKey;
  readonly offset: ModuleOffset;
}

/**
 * What a user has seen of each frame, step by step.
 *
 * Optimisation mixes the pieces of neighbouring lines, and a step that ended at each of them would go to and fro between them.
 * What lies further on in the code of a frame, of a line that it has been seen on, is the rest of that line, unless a loop begins
 * on the way; what lies further back can be come to by a loop alone, and is another turn of it.
 */
export class LineHistory {
  #frames: FrameRecord[] = [];

  /** A step begins. */
  note({ depth, function: func, path, line, offset }: Begin): void {
    const call = path.at(-1) ?? -1;
    const isOn = (frame: FrameRecord): boolean =>
      frame.depth < depth || (frame.depth === depth && frame.function === func && path.includes(frame.call));
    this.#frames = this.#frames.filter(isOn);
    const before = this.visited(depth, func, call);
    const lines = new Map(before && offset > before.offset ? before.lines : []).set(line, offset);
    this.#frames = this.#frames.filter((frame) => frame.depth !== depth || frame.call !== call);
    this.#frames.push({ depth, function: func, call, lines, offset });
  }

  /** The frame at `depth` is another one than before, or those above it have returned: what was known of these is over. */
  keepBelow(depth: number): void {
    this.#frames = this.#frames.filter((frame) => frame.depth < depth);
  }

  /** Nobody knows where the program has been. */
  clear(): void {
    this.#frames = [];
  }

  visited(depth: number, func: FuncIndex, call: number): Visited | undefined {
    return this.#frames.find(
      (frame) => frame.depth === depth && frame.function === func && frame.call === call,
    );
  }

  /** Whether there is more to say of a function's frames than the line each stands on. */
  hasLinesOf(func: FuncIndex): boolean {
    return this.#frames.some((frame) => frame.function === func && frame.lines.size > 1);
  }
}

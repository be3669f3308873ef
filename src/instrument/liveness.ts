import {
  BRANCH,
  CLOSE,
  CLOSE_LOOP,
  CLOSE_TRY,
  CLOSE_TRY_TABLE,
  type ControlFlow,
  EXIT,
  GET,
  HANDLER,
  JUMP,
  KIND_BITS,
  OPEN,
  OTHERWISE,
  SET,
  SITE,
  SWITCH,
} from "./control-flow.ts";

/**
 * Words of sets that one function may cost: beyond, its locals count as live nowhere.
 *
 * Sets are copied at every join of control flow and kept for every site, so the cost is joins times locals: real
 * functions stay far below this, and a hostile one must not take seconds.
 */
const MOST_WORDS = 8_000_000;

// What a block on the way back is.
const PLAIN = 0;
const WITH_ELSE = 1;
const IN_LOOP = 2;
const IN_HANDLERS = 3;
const IN_TRY_BODY = 4;

/**
 * Which locals are live at each site of a function: those whose value there may still be read.
 *
 * Backwards over structured control flow, again for outermost loops until nothing changes. Exceptions: whatever
 * a handler may read is live throughout the body it guards, since any instruction there might throw.
 * One object serves all functions.
 */
export class Liveness {
  /** Sets of locals as bits, `#width` words each, one after another. */
  #sets = new Uint32Array(1024);
  /** Words per set. */
  #width = 0;
  // Where the sets of one purpose begin.
  #labels = 0;
  #others = 0;
  #loops = 0;
  #handlers = 0;
  #saved = 0;
  #sites = 0;
  #blocks: Uint8Array = new Uint8Array(64);
  /** Where the set at a block's label is. */
  #labelOf: Int32Array = new Int32Array(64);

  /**
   * Solves a function all of whose instructions `flow` has noted. `false` when that would cost too much.
   *
   * Afterwards `liveAt` answers for this function, until the next call.
   */
  solve(flow: ControlFlow, localCount: number): boolean {
    const width = (localCount + 31) >>> 5;
    if (width * (flow.joinCount + flow.siteCount + flow.loopCount) > MOST_WORDS) return false;
    this.#layOut(flow, width);
    if (width > 0) this.#walk(flow);
    return true;
  }

  /**
   * Puts the locals live at a site (or at either of two) into `locals`, rising, as many as fit; answers how many there
   * are. Sites count from 0 in each function.
   */
  liveAt(site: number, locals: Uint32Array, orAt = site): number {
    const sets = this.#sets;
    const start = this.#sites + site * this.#width;
    const other = this.#sites + orAt * this.#width;
    let count = 0;
    for (let word = 0; word < this.#width; word++) {
      let bits = (sets[start + word] as number) | (sets[other + word] as number);
      while (bits !== 0) {
        const lowest = bits & -bits;
        locals[count++] = word * 32 + 31 - Math.clz32(lowest);
        bits ^= lowest;
      }
    }
    return count;
  }

  #layOut(flow: ControlFlow, width: number): void {
    this.#width = width;
    // The live set itself is the first one.
    this.#labels = width;
    this.#others = this.#labels + flow.maxDepth * width;
    this.#loops = this.#others + flow.maxDepth * width;
    this.#handlers = this.#loops + flow.loopCount * width;
    this.#saved = this.#handlers + (flow.maxDepth + 1) * width;
    this.#sites = this.#saved + width;
    const size = this.#sites + flow.siteCount * width;
    if (size > this.#sets.length) this.#sets = new Uint32Array(Math.max(size, this.#sets.length * 2));
    else this.#sets.fill(0, 0, this.#sites);
    if (flow.maxDepth > this.#blocks.length) {
      this.#blocks = new Uint8Array(flow.maxDepth * 2);
      this.#labelOf = new Int32Array(flow.maxDepth * 2);
    }
  }

  #walk(flow: ControlFlow): void {
    const { events, lists } = flow;
    const sets = this.#sets;
    const width = this.#width;
    const live = 0;
    let depth = 0;
    let site = flow.siteCount;
    /** Where the set is that all guarding handlers together may read. */
    let guarded = this.#handlers;
    let openLoops = 0;
    let changed = false;
    let loopEvent = 0;
    let loopSite = 0;
    for (let index = flow.length - 1; index >= 0; index--) {
      const event = events[index] as number;
      const argument = event >> KIND_BITS;
      switch (event & ((1 << KIND_BITS) - 1)) {
        case GET:
          sets[argument >> 5] = (sets[argument >> 5] as number) | (1 << (argument & 31));
          break;
        case SET: {
          const word = argument >> 5;
          const keep = ~(1 << (argument & 31)) | (sets[guarded + word] as number);
          sets[word] = (sets[word] as number) & keep;
          break;
        }
        case SITE:
          this.#copy(this.#sites + --site * width, live);
          break;
        case JUMP:
          this.#copy(live, this.#labelOf[depth - 1 - argument] as number);
          this.#add(live, guarded);
          break;
        case BRANCH:
          this.#add(live, this.#labelOf[depth - 1 - argument] as number);
          break;
        case SWITCH:
          this.#copy(live, guarded);
          this.#addLabels(live, lists, argument, depth);
          break;
        case EXIT:
          this.#copy(live, guarded);
          break;
        case CLOSE:
          this.#enter(depth++, PLAIN);
          break;
        case CLOSE_LOOP:
          if (openLoops++ === 0) {
            changed = false;
            loopEvent = index;
            loopSite = site;
            this.#copy(this.#saved, live);
          }
          this.#blocks[depth] = IN_LOOP;
          this.#labelOf[depth++] = this.#loops + argument * width;
          break;
        case CLOSE_TRY:
          this.#clear(this.#others + depth * width);
          this.#enter(depth++, IN_HANDLERS);
          break;
        case CLOSE_TRY_TABLE:
          this.#copy(guarded + width, guarded);
          this.#addLabels(guarded + width, lists, argument, depth);
          this.#enter(depth++, IN_TRY_BODY);
          guarded += width;
          this.#add(live, guarded);
          break;
        case HANDLER: {
          const seen = this.#others + (depth - 1) * width;
          this.#add(seen, live);
          this.#copy(live, this.#labelOf[depth - 1] as number);
          if (argument === 0) break;
          this.#copy(guarded + width, guarded);
          guarded += width;
          this.#add(guarded, seen);
          this.#add(live, guarded);
          this.#blocks[depth - 1] = IN_TRY_BODY;
          break;
        }
        case OTHERWISE:
          this.#blocks[depth - 1] = WITH_ELSE;
          this.#copy(this.#others + (depth - 1) * width, live);
          this.#copy(live, this.#labelOf[depth - 1] as number);
          break;
        case OPEN:
          depth--;
          switch (this.#blocks[depth]) {
            case IN_TRY_BODY:
              guarded -= width;
              break;
            case WITH_ELSE:
              this.#add(live, this.#others + depth * width);
              break;
            case IN_LOOP:
              if (this.#grow(this.#labelOf[depth] as number, live)) changed = true;
              if (--openLoops === 0 && changed) {
                this.#copy(live, this.#saved);
                site = loopSite;
                index = loopEvent + 1;
              }
              break;
            default:
              // An if without else may go straight to its end.
              if (argument === 1) this.#add(live, this.#labelOf[depth] as number);
          }
      }
    }
  }

  /** Enters a block at its end, from behind: what is live now is live at its label. */
  #enter(depth: number, kind: number): void {
    this.#blocks[depth] = kind;
    const label = this.#labels + depth * this.#width;
    this.#labelOf[depth] = label;
    this.#copy(label, 0);
  }

  #addLabels(target: number, lists: readonly number[], at: number, depth: number): void {
    const count = lists[at] as number;
    for (let index = 1; index <= count; index++) {
      this.#add(target, this.#labelOf[depth - 1 - (lists[at + index] as number)] as number);
    }
  }

  #copy(target: number, source: number): void {
    const sets = this.#sets;
    for (let word = 0; word < this.#width; word++) sets[target + word] = sets[source + word] as number;
  }

  #add(target: number, source: number): void {
    const sets = this.#sets;
    for (let word = 0; word < this.#width; word++) {
      sets[target + word] = (sets[target + word] as number) | (sets[source + word] as number);
    }
  }

  /** As `#add`; whether the target did not have all of it. */
  #grow(target: number, source: number): boolean {
    const sets = this.#sets;
    let grown = false;
    for (let word = 0; word < this.#width; word++) {
      const before = sets[target + word] as number;
      const after = (before | (sets[source + word] as number)) >>> 0;
      if (after !== before) grown = true;
      sets[target + word] = after;
    }
    return grown;
  }

  #clear(target: number): void {
    this.#sets.fill(0, target, target + this.#width);
  }
}

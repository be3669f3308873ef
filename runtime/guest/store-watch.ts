import type { GuestChange, GuestNames, GuestRuleOutcome, GuestWatch } from "../suspend/messages.ts";
import type { WrittenRange } from "../wasi/written-ranges.ts";
import { decideRule, instantiateCode, noOutcome, type ReadyRule, type RuleCount } from "./rule-decision.ts";
import { type ByteRange, watchBounds } from "./watch-bounds.ts";
import { WatchedBytes } from "./watched-bytes.ts";

/** What watching needs of the guest. */
export interface WatchedGuestParts {
  readonly exports: WebAssembly.Exports;
  readonly names: Pick<GuestNames, "memories" | "watches" | "stackLimit">;
  stackPointer(): bigint | undefined;
}

/** Why the guest stops at a store. */
export interface DataStop {
  readonly changes: readonly GuestChange[];
  readonly rules: GuestRuleOutcome;
}

interface Watch extends ReadyRule<GuestWatch> {
  readonly bytes: WatchedBytes;
  /** Whether it ends once the stack pointer is above it; otherwise, once its function has been left. */
  readonly isOnStack: boolean;
}

interface Pending {
  readonly watch: Watch;
  readonly from: number;
  readonly to: number;
}

/**
 * Watches ranges of the guest's memories, in the guest thread: stores tell of themselves here when they may have met one.
 *
 * All ranges of one memory have one range around them which the stores' own checks compare with; whatever they tell is compared here
 * with each. A store is told twice: `stored` says whether it is worth copying locals for, `decide` what comes of it.
 */
export class StoreWatch {
  readonly #guest: WatchedGuestParts;
  readonly #expired: (breakpoints: readonly number[]) => void;
  #watches: readonly Watch[] = [];
  #pending: Pending[] = [];

  /** `expired` is told of breakpoints whose frame has returned. */
  constructor(guest: WatchedGuestParts, expired: (breakpoints: readonly number[]) => void) {
    this.#guest = guest;
    this.#expired = expired;
  }

  get isWatching(): boolean {
    return this.#watches.length > 0;
  }

  /** The sites of the function that must not be left unnoticed: when one outside of them is reached, it has returned. */
  get leaf(): readonly [first: number, end: number] | undefined {
    return this.#watches.find(({ rule, isOnStack }) => rule.frame && !isOnStack)?.rule.frame?.sites;
  }

  /**
   * Replaces all that is watched; says of each why it is not. Throws what V8 says about `code`, and nothing has changed then.
   * A range that was watched for the same breakpoint before goes on from what was known of it.
   */
  set(watches: readonly GuestWatch[], code: Uint8Array): (string | null)[] {
    const codeOf = code.length > 0 ? instantiateCode(this.#guest.exports, code) : () => undefined;
    const known = new Map(this.#watches.map((watch) => [watch.rule.breakpoint, watch]));
    const ready: Watch[] = [];
    const refused = watches.map((rule) => {
      const reason = this.#whyNot(rule);
      if (reason === null) {
        const before = known.get(rule.breakpoint);
        ready.push(this.#ready(rule, before && isSame(before.rule, rule) ? before : undefined, codeOf));
      }
      return reason;
    });
    this.#watches = ready;
    // A store may have been told and not decided yet: an edit comes at any moment.
    this.#pending = this.#pending.flatMap((pending) => {
      const watch = ready.find(({ bytes }) => bytes === pending.watch.bytes);
      return watch ? [{ ...pending, watch }] : [];
    });
    this.#applyBounds();
    return refused;
  }

  /** Told by a store; whether it concerns anything. A memory of −1 means that frames have returned, down to a stack pointer. */
  stored(memory: number, address: number, bytes: number): 0 | 1 {
    if (memory < 0) {
      this.#expire(({ rule, isOnStack }) => rule.frame !== undefined && isOnStack && rule.address < address);
      return 0;
    }
    for (const watch of this.#watches) {
      const { start, end } = watch.bytes;
      if (watch.rule.memory !== memory || address >= end || address + bytes <= start) continue;
      this.#look(watch, Math.max(address, start) - start, Math.min(address + bytes, end) - start);
    }
    return this.#pending.length > 0 ? 1 : 0;
  }

  /** What comes of the last store, which is `store`; `undefined`: nothing that stops the guest. */
  decide(store: number): DataStop | undefined {
    this.#expire(({ rule: { frame }, isOnStack }) => {
      return frame !== undefined && !isOnStack && (store < frame.stores[0] || store >= frame.stores[1]);
    });
    return this.#decidePending();
  }

  /**
   * What comes of what the host has written since the last look: whatever is different now, and ranges of the first memory that it
   * is known to have written, different or not.
   */
  hostWrote(ranges: readonly WrittenRange[]): DataStop | undefined {
    for (const watch of this.#watches) {
      const { start, end } = watch.bytes;
      const met = watch.rule.memory === 0 ? ranges.filter((range) => overlaps(range, start, end)) : [];
      if (watch.bytes.hasChanged(0, end - start)) this.#look(watch, 0, end - start);
      else if (met.length > 0) this.#look(watch, ...spanOf(met, start, end));
    }
    return this.#decidePending();
  }

  /** The guest is at a site: a function that must not be left may have been. */
  reached(site: number): void {
    this.#expire(({ rule: { frame }, isOnStack }) => {
      return frame !== undefined && !isOnStack && (site < frame.sites[0] || site >= frame.sites[1]);
    });
  }

  /** A user has written to memory, which is no store. */
  forgetChanges(): void {
    for (const { bytes } of this.#watches) bytes.update();
  }

  #look(watch: Watch, from: number, to: number): void {
    const needsChange = watch.rule.changesOnly || watch.rule.mask !== undefined;
    if (needsChange && !watch.bytes.hasChanged(from, to)) watch.bytes.update(from, to);
    else this.#pending.push({ watch, from, to });
  }

  #decidePending(): DataStop | undefined {
    const pending = this.#pending.filter(({ watch }) => this.#watches.includes(watch));
    this.#pending = [];
    const outcome = noOutcome();
    const changes: GuestChange[] = [];
    for (const { watch, from, to } of pending) {
      const { breakpoint, ask } = watch.rule;
      const decision = decideRule(watch);
      if (decision !== "nothing") {
        changes.push(watch.bytes.change(breakpoint, from));
        if (decision !== "meant") outcome.failed.push({ breakpoint, reason: decision.reason });
        else (ask ? outcome.asked : outcome.hit).push(breakpoint);
      }
      watch.bytes.update(from, to);
    }
    return changes.length > 0 ? { changes, rules: outcome } : undefined;
  }

  #expire(isOver: (watch: Watch) => boolean): void {
    const over = this.#watches.filter(isOver);
    if (over.length === 0) return;
    this.#watches = this.#watches.filter((watch) => !over.includes(watch));
    this.#applyBounds();
    this.#expired(over.map(({ rule }) => rule.breakpoint));
  }

  #ready(
    rule: GuestWatch,
    known: Watch | undefined,
    codeOf: (index: number) => ReadyRule["condition"],
  ): Watch {
    const count: RuleCount = known?.count ?? { arrivals: 0, hasFailed: false };
    const stackPointer = this.#guest.stackPointer();
    return {
      rule,
      count,
      condition: rule.condition === undefined ? undefined : codeOf(rule.condition),
      bytes: known?.bytes ?? new WatchedBytes(this.#memory(rule.memory) as WebAssembly.Memory, rule),
      isOnStack: known?.isOnStack ?? (stackPointer !== undefined && BigInt(rule.address) >= stackPointer),
    };
  }

  #whyNot({ memory: index, address, length }: GuestWatch): string | null {
    const memory = this.#memory(index);
    if (!memory || !this.#guest.names.watches[index]) return `There is no memory ${index}.`;
    const size = memory.buffer.byteLength;
    if (address + length <= size) return null;
    return `The bytes to watch end at 0x${(address + length).toString(16)}, beyond the ${size} bytes that the memory has.`;
  }

  #memory(index: number): WebAssembly.Memory | undefined {
    const memory = this.#guest.exports[this.#guest.names.memories[index] ?? ""];
    return memory instanceof WebAssembly.Memory ? memory : undefined;
  }

  /** Lets stores and returns be told that may concern what is watched. */
  #applyBounds(): void {
    const { exports, names } = this.#guest;
    names.watches.forEach(({ name, is64 }, memory) => {
      const ranges = this.#watches.filter(({ rule }) => rule.memory === memory).map(({ bytes }) => bytes);
      const set = exports[name] as (...bounds: readonly (number | bigint)[]) => void;
      set(...watchBounds(around(ranges), is64));
    });
    const limit = exports[names.stackLimit ?? ""];
    if (!(limit instanceof WebAssembly.Global)) return;
    const framed = this.#watches.filter(({ rule, isOnStack }) => rule.frame && isOnStack);
    const lowest = Math.min(...framed.map(({ rule }) => rule.address));
    const wide = typeof limit.value === "bigint";
    if (framed.length === 0) limit.value = wide ? -1n : -1;
    else limit.value = wide ? BigInt(lowest) : lowest | 0;
  }
}

function around(ranges: readonly ByteRange[]): ByteRange | undefined {
  if (ranges.length === 0) return undefined;
  return {
    start: Math.min(...ranges.map(({ start }) => start)),
    end: Math.max(...ranges.map(({ end }) => end)),
  };
}

const overlaps = ({ address, length }: WrittenRange, start: number, end: number): boolean =>
  length > 0 && address < end && address + length > start;

/** The part of a watched range, counted from where that begins, that ranges are in which all meet it. */
const spanOf = (ranges: readonly WrittenRange[], start: number, end: number): [from: number, to: number] => [
  Math.max(start, Math.min(...ranges.map(({ address }) => address))) - start,
  Math.min(end, Math.max(...ranges.map(({ address, length }) => address + length))) - start,
];

const isSame = (a: GuestWatch, b: GuestWatch): boolean =>
  a.memory === b.memory && a.address === b.address && a.length === b.length && a.mask === b.mask;

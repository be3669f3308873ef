import type { FrameContext } from "../symbols/frame-context.ts";
import type { Symbols } from "../symbols/symbols.ts";
import { ExpressionError, type Variable } from "../symbols/variable.ts";
import type { BreakpointRule } from "../target/guest-code.ts";
import type { DataChange, DataWatch, PlacedWatch, StopReason, Target } from "../target/target.ts";
import { type BreakpointBehaviours, findBehaviourProblem } from "./breakpoint-behaviour.ts";
import type { TableEntry } from "./breakpoint-table.ts";
import { type DataLocation, type DataLocations, readsFrame } from "./data-locations.ts";
import type { DataBreakpoint, DataBreakpointRequest, StopDescription } from "./debugger-types.ts";
import { parseHitCondition } from "./hit-condition.ts";
import type { PausedGuest } from "./paused-guest.ts";

type DataStop = Extract<StopDescription, { kind: "data" }>;

/** One data breakpoint: what was asked, and the bytes it means. */
interface Entry {
  readonly id: number;
  readonly request: DataBreakpointRequest;
  /** A sentence where there is nothing to watch. */
  readonly location: DataLocation | string;
  /** What the target made of it. */
  readonly placed?: PlacedWatch;
}

/** What data breakpoints work with. */
export interface DataBreakpointsParts {
  readonly target: Target;
  readonly symbols: Symbols;
  readonly locations: DataLocations;
  readonly behaviours: Pick<BreakpointBehaviours, "decide">;
  readonly newId: () => number;
}

/** The data breakpoints of one run of a program, and what its stops at them mean. */
export class DataBreakpoints {
  readonly #parts: DataBreakpointsParts;
  #entries: readonly Entry[] = [];

  constructor(parts: DataBreakpointsParts) {
    this.#parts = parts;
  }

  /** Replaces all of them, once the target has taken them. `paused` is the guest, if it stands still. */
  async set(
    requests: readonly DataBreakpointRequest[],
    paused: PausedGuest | undefined,
  ): Promise<readonly DataBreakpoint[]> {
    const before = [...this.#entries];
    const entries: Entry[] = [];
    for (const request of requests) {
      const known = before.findIndex((entry) => isSame(entry.request, request));
      const [old] = known < 0 ? [] : before.splice(known, 1);
      const id = old?.id ?? this.#parts.newId();
      entries.push({ id, request, location: await this.#locate(request, old, paused) });
    }
    const placed = await this.#watch(entries);
    this.#entries = entries.map((entry) => {
      const answer = placed.get(entry.id);
      return answer ? { ...entry, placed: answer } : entry;
    });
    return this.#entries.map((entry) => this.#answer(entry));
  }

  /** What is watched for these is no more. Answers what has become of them. */
  over(ids: readonly number[]): readonly DataBreakpoint[] {
    const ended = this.#entries.filter(({ id }) => ids.includes(id));
    this.#entries = this.#entries.map((entry) =>
      ended.includes(entry) ? { id: entry.id, request: entry.request, location: hasReturned } : entry,
    );
    return ended.map(({ id, request, location }) => {
      const name = typeof location === "string" ? request.dataId : location.label;
      return {
        id,
        dataId: request.dataId,
        verified: false,
        isOver: true,
        message: `${name}: ${hasReturned}`,
      };
    });
  }

  /** What a stop at watched memory is; `undefined` where it was only to be asked about. */
  async stopAt(
    reason: Extract<StopReason, { kind: "data" }>,
    paused: PausedGuest,
  ): Promise<DataStop | undefined> {
    const entries = this.#entries.map(toTableEntry);
    const evaluate = (id: number) => (text: string) => this.#evaluate(id, paused, text);
    const breakpoints: number[] = [];
    const problems: string[] = [];
    const { rules } = reason;
    for (const id of [...rules.hit, ...rules.asked, ...rules.failed.map(({ breakpoint }) => breakpoint)]) {
      const own = {
        hit: rules.hit.filter((one) => one === id),
        asked: rules.asked.filter((one) => one === id),
        failed: rules.failed.filter(({ breakpoint }) => breakpoint === id),
      };
      const decision = await this.#parts.behaviours.decide(own, entries, evaluate(id));
      breakpoints.push(...decision.breakpoints);
      problems.push(...decision.problems);
    }
    if (breakpoints.length === 0) return undefined;
    const texts: string[] = [];
    for (const change of reason.changes) {
      if (breakpoints.includes(change.breakpoint))
        texts.push(await this.#describe(change, paused, reason.host));
    }
    return {
      kind: "data",
      breakpoints,
      text: [...new Set(texts)].join(", "),
      ...(problems.length > 0 ? { problems } : {}),
    };
  }

  async #locate(
    request: DataBreakpointRequest,
    old: Entry | undefined,
    paused: PausedGuest | undefined,
  ): Promise<DataLocation | string> {
    // What has ended does not come back under the same id.
    if (old && typeof old.location !== "string") return old.location;
    if (old?.location === hasReturned) return hasReturned;
    const problem = findBehaviourProblem(request);
    if (problem !== undefined) return problem;
    const found = await this.#parts.locations.resolve(request.dataId, paused);
    if (typeof found !== "string" && found.inFrame && !paused)
      return "A variable of a function can be watched from when the program stands still.";
    return found;
  }

  async #watch(entries: readonly Entry[]): Promise<ReadonlyMap<number, PlacedWatch>> {
    const { target } = this.#parts;
    const watches: DataWatch[] = [];
    const answers = new Map<number, PlacedWatch>();
    for (const { id, request, location } of entries) {
      if (typeof location === "string") continue;
      try {
        watches.push(this.#watchOf(id, request, location));
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        answers.set(id, { kind: "refused", reason: `The breakpoint cannot be decided: ${error.message}.` });
      }
    }
    const isNothing = watches.length === 0 && this.#entries.every(({ placed }) => placed?.kind !== "placed");
    if (!target.setDataWatches) {
      for (const { rule } of watches) answers.set(rule.breakpoint, { kind: "refused", reason: notWatchable });
    } else if (!isNothing && target.state !== "exited") {
      const placed = await target.setDataWatches(watches);
      for (const [at, { rule }] of watches.entries()) {
        const answer = placed[at];
        if (answer) answers.set(rule.breakpoint, answer);
      }
    }
    return answers;
  }

  #watchOf(id: number, request: DataBreakpointRequest, location: DataLocation): DataWatch {
    const { memory, address, length, mask, inFrame } = location;
    return {
      rule: this.#ruleOf(id, request, location),
      changesOnly: request.changesOnly === true || isChangeCondition(request),
      ...{ memory, address, length },
      ...(mask ? { mask } : {}),
      ...(inFrame ? { inFrame } : {}),
    };
  }

  /** A store may be anywhere, where the locals of no particular function are. */
  #ruleOf(id: number, request: DataBreakpointRequest, { place }: DataLocation): Omit<BreakpointRule, "log"> {
    const text = conditionOf(request);
    const hits = request.hitCondition === undefined ? undefined : parseHitCondition(request.hitCondition);
    if (text === undefined) return { breakpoint: id, ...(hits ? { hits } : {}) };
    const condition = place && this.#parts.symbols.lower?.(place, text)?.truth();
    if (!condition || readsFrame(condition)) return { breakpoint: id, ask: true };
    return { breakpoint: id, condition, ...(hits ? { hits } : {}) };
  }

  #answer({ id, request: { dataId }, location, placed }: Entry): DataBreakpoint {
    const head = { id, dataId };
    if (typeof location === "string") return { ...head, verified: false, message: location };
    if (placed?.kind === "placed") {
      const unchecked = this.#parts.target.uncheckedStores?.length ?? 0;
      const message = `Writes in ${unchecked} functions are not seen: they are too large to be checked.`;
      return { ...head, verified: true, ...(unchecked > 0 ? { message } : {}) };
    }
    const message = placed?.reason ?? "The program has ended.";
    const isMissing = placed?.kind === "refused" && placed.reason === notWatchable;
    return { ...head, verified: false, message, ...(isMissing ? { needsRestart: true } : {}) };
  }

  /** In the frame that the breakpoint was set in, if it is there, and else in the innermost. */
  async #evaluate(id: number, paused: PausedGuest, text: string): Promise<Variable> {
    const location = this.#entries.find((entry) => entry.id === id)?.location;
    const place = typeof location === "string" ? undefined : location?.place;
    const { frames } = await paused.stackTrace(0, mostFramesLookedAt);
    const inside = frames.filter(({ point }) => point !== undefined);
    const own = place && inside.find(({ point }) => point?.function === place.function);
    const frame = own ?? inside[0];
    const context = frame && (await paused.context(frame));
    if (!context) throw new ExpressionError("there is no code of the program here", 0);
    return this.#parts.symbols.evaluate(context, text);
  }

  async #describe(change: DataChange, paused: PausedGuest, host: string | undefined): Promise<string> {
    const entry = this.#entries.find(({ id }) => id === change.breakpoint);
    const location = entry?.location;
    if (!location || typeof location === "string") return "memory was written";
    const [before, after] = await this.#texts(location, change, paused);
    const where = change.offset > 0 ? ` from byte ${change.offset} on` : "";
    const by = host === undefined ? "" : ` (by the host, in ${host})`;
    const isUnchanged = change.before.every((byte, at) => byte === change.after[at]);
    if (isUnchanged) return `${location.label} was written and is still ${after}${by}`;
    // Behind the end of a string, or in padding.
    if (before === after) return `${location.label} changed${where} where it does not show: ${after}${by}`;
    return `${location.label} changed${where} from ${before} to ${after}${by}`;
  }

  async #texts(
    { storage }: DataLocation,
    { before, after }: DataChange,
    paused: PausedGuest,
  ): Promise<readonly [before: string, after: string]> {
    const context = storage && before.length === storage.length ? await contextOf(paused) : undefined;
    if (!context || !storage) return [bytesText(before), bytesText(after)];
    const { symbols } = this.#parts;
    return Promise.all([symbols.textOf(context, storage, before), symbols.textOf(context, storage)]);
  }
}

/** Deep enough for the function that waits for the one that writes. */
const mostFramesLookedAt = 64;

async function contextOf(paused: PausedGuest): Promise<FrameContext | undefined> {
  const { frames } = await paused.stackTrace(0, mostFramesLookedAt);
  const frame = frames.find(({ point }) => point !== undefined);
  return frame && paused.context(frame);
}

const hasReturned = "The function it belonged to has returned.";
const notWatchable = "The program runs without checks of what it writes.";

/** What stands for a condition that holds when the value has changed, perhaps before another one. */
const changed = /^\s*\$changed\s*(?:&&|$)/;

const isChangeCondition = ({ condition }: DataBreakpointRequest): boolean => changed.test(condition ?? "");

/** The condition that is left to be evaluated. */
function conditionOf({ condition }: DataBreakpointRequest): string | undefined {
  const rest = condition?.replace(changed, "").trim();
  return rest === "" ? undefined : rest;
}

/** As the breakpoints at a place are decided, so are these. */
function toTableEntry({ id, request }: Entry): TableEntry {
  const condition = conditionOf(request);
  const { hitCondition } = request;
  return {
    id,
    path: "",
    request: {
      line: 0,
      ...(condition === undefined ? {} : { condition }),
      ...(hitCondition === undefined ? {} : { hitCondition }),
    },
    resolution: { kind: "unresolved", message: "" },
  };
}

const isSame = (a: DataBreakpointRequest, b: DataBreakpointRequest): boolean =>
  a.dataId === b.dataId &&
  a.condition === b.condition &&
  a.hitCondition === b.hitCondition &&
  (a.changesOnly ?? false) === (b.changesOnly ?? false);

/** Bytes that are shown of those whose meaning is not known. */
const mostShownBytes = 16;

function bytesText(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, mostShownBytes), (byte) => byte.toString(16).padStart(2, "0"));
  return `${shown.join(" ")}${bytes.length > mostShownBytes ? " …" : ""}`;
}

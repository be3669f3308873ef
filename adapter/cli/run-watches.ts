import type { Debugger } from "../../src/debugger/debugger.ts";
import type {
  Breakpoint,
  DataBreakpointRequest,
  FoundData,
  Frame,
  StopDescription,
} from "../../src/debugger/debugger-types.ts";
import { placeText } from "./place.ts";
import type { Reporter } from "./report/reporter.ts";
import type { AskedWatch } from "./run-options.ts";

/** What watches ask of the debugger. */
type Watching = Pick<Debugger, "setDataBreakpoints" | "findData" | "evaluate" | "stackTrace">;

/** Something that is watched now. */
interface Live {
  readonly watch: number;
  readonly request: DataBreakpointRequest;
}

/** Most calls, or other places in memory, that are watched at a time; the oldest make way. */
const mostLive = 100;

/**
 * The values that a headless run watches, each known by one number however many places in memory it has in turn.
 *
 * A value at a fixed address is watched from before the program begins. One of a function's (`total in sum`) is looked up
 * anew each time the program comes to that place, and watched until the call that it belongs to is over.
 */
export class RunWatches {
  readonly #watches: readonly AskedWatch[];
  readonly #reporter: Pick<Reporter, "watched" | "note">;
  /** The watches by the numbers that they are told by. */
  readonly #byNumber = new Map<number, AskedWatch>();
  #fixed: readonly Live[] = [];
  /** By what is watched and where it lies. */
  readonly #live = new Map<string, Live>();
  /** By the debugger's numbers of its data breakpoints. */
  #placed: ReadonlyMap<number, Live> = new Map();
  readonly #told = new Set<string>();

  constructor(watches: readonly AskedWatch[], reporter: Pick<Reporter, "watched" | "note">) {
    this.#watches = watches;
    this.#reporter = reporter;
  }

  /** Begins to watch what lies at fixed addresses. */
  async setFixed(core: Watching): Promise<void> {
    const watches = this.#watches.filter(({ at }) => at === undefined);
    if (watches.length === 0) return;
    const asked = watches.map((watch) => requestFor(watch, `=${watch.expression}`));
    const set = await core.setDataBreakpoints(asked);
    this.#fixed = set.map(({ id }, at) => ({ watch: id, request: asked[at] as DataBreakpointRequest }));
    this.#placed = new Map(set.map(({ id }, at) => [id, this.#fixed[at] as Live]));
    for (const [at, breakpoint] of set.entries()) {
      const expression = watches[at]?.expression ?? "";
      const { verified, message = "" } = breakpoint;
      const hint = `${message} A variable of a function is watched by --watch '${expression} in FUNCTION'.`;
      this.#reporter.watched(expression, verified ? breakpoint : { ...breakpoint, message: hint.trim() });
    }
  }

  /** Takes note of the breakpoint at which a watch begins, and tells of it. */
  begin(watch: AskedWatch, { id, verified, message }: Breakpoint): void {
    this.#byNumber.set(id, watch);
    this.#reporter.watched(textOf(watch), {
      ...{ id, dataId: watch.expression, verified },
      ...(message === undefined ? {} : { message }),
    });
  }

  /** What has become of a breakpoint at which a watch begins; `false` for all others. */
  changed(breakpoint: Breakpoint): boolean {
    const watch = this.#byNumber.get(breakpoint.id);
    if (watch !== undefined) this.begin(watch, breakpoint);
    return watch !== undefined;
  }

  /** What a debugger's data breakpoint watched is no more. */
  over(id: number): void {
    const over = this.#placed.get(id);
    for (const [key, live] of this.#live) if (live === over) this.#live.delete(key);
  }

  /**
   * Begins what a stop is for, and answers what is left of it to tell, by the numbers of the watches; `undefined` for a
   * stop that was for nothing else.
   */
  async take(core: Watching, stop: StopDescription): Promise<StopDescription | undefined> {
    if (stop.kind === "data") {
      return {
        ...stop,
        breakpoints: unique(stop.breakpoints.map((id) => this.#placed.get(id)?.watch ?? id)),
      };
    }
    if (stop.kind !== "breakpoint") return stop;
    const begun = stop.breakpoints.filter((id) => this.#byNumber.has(id));
    if (begun.length === 0) return stop;
    const { frames } = await core.stackTrace(0, 1);
    for (const id of begun) await this.#begin(core, id, frames[0]);
    await this.#set(core);
    const others = stop.breakpoints.filter((id) => !begun.includes(id));
    return others.length === 0 && stop.problems === undefined ? undefined : { ...stop, breakpoints: others };
  }

  async #begin(core: Watching, number: number, frame: Frame | undefined): Promise<void> {
    const watch = this.#byNumber.get(number);
    if (watch === undefined || frame === undefined) return;
    const { expression } = watch;
    const found = await core.findData({ kind: "expression", text: expression, frame });
    if (found.kind === "refused") return this.#tellOnce(number, watch, found);
    const address = await core.evaluate(frame, `&(${expression})`).then(
      ({ value }) => value,
      () => found.id,
    );
    // Put anew, it is the youngest; what lies there now may belong to another call than before.
    const key = `${number} ${address}`;
    this.#live.delete(key);
    this.#live.set(key, { watch: number, request: requestFor(watch, found.id) });
    const [oldest] = this.#live.keys();
    if (this.#live.size <= mostLive || oldest === undefined) return;
    this.#live.delete(oldest);
    const text = `${textOf(watch)} is in more than ${mostLive} places at a time: only the latest are watched.`;
    if (!this.#told.has(text)) this.#reporter.note(text);
    this.#told.add(text);
  }

  async #set(core: Watching): Promise<void> {
    const all = [...this.#fixed, ...this.#live.values()];
    const set = await core.setDataBreakpoints(all.map(({ request }) => request));
    this.#placed = new Map(set.map(({ id }, at) => [id, all[at] as Live]));
    for (const [at, { verified, message }] of set.entries()) {
      const live = all[at];
      const watch = live && this.#byNumber.get(live.watch);
      if (watch && !verified)
        this.#tellOnce(live.watch, watch, { reason: message ?? "it cannot be watched." });
    }
  }

  #tellOnce(
    id: number,
    watch: AskedWatch,
    { reason }: Pick<FoundData & { kind: "refused" }, "reason">,
  ): void {
    if (this.#told.has(`${id} ${reason}`)) return;
    this.#told.add(`${id} ${reason}`);
    this.#reporter.watched(textOf(watch), { id, dataId: watch.expression, verified: false, message: reason });
  }
}

const unique = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)];

/** As its user wrote it: `total in sum`. */
const textOf = ({ expression, at }: AskedWatch): string =>
  at === undefined ? expression : `${expression} in ${placeText(at)}`;

const requestFor = ({ condition, hitCondition }: AskedWatch, dataId: string): DataBreakpointRequest => ({
  ...{ dataId, changesOnly: true },
  ...(condition === undefined ? {} : { condition }),
  ...(hitCondition === undefined ? {} : { hitCondition }),
});

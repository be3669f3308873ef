import type { Debugger } from "../../src/debugger/debugger.ts";
import type { DataBreakpoint, DataBreakpointRequest } from "../../src/debugger/debugger-types.ts";
import type { ClientDataBreakpoint } from "../convert/data-breakpoint.ts";

/** One data breakpoint a client asks for; with `refused`, a sentence saying why there can be none. */
export interface AskedData extends DataBreakpointRequest {
  readonly refused?: string;
}

interface Asked extends AskedData {
  readonly id: number;
}

/** A program whose memory can perhaps be watched. */
export interface DataTarget {
  readonly debugger: Debugger;
  /** What the user can do about a program that has not been launched for it. */
  readonly cure: string;
}

/** What came of them, and whether a restart would do better. */
export interface SetData {
  readonly breakpoints: readonly ClientDataBreakpoint[];
  readonly needsRestart: boolean;
}

/**
 * The data breakpoints a client asked for, through restarts: those of functions that had not returned are over then, the others
 * are set again.
 */
export class SessionDataBreakpoints {
  readonly #newId: () => number;
  #asked: readonly Asked[] = [];
  /** Debugger's number → client's. */
  readonly #ids = new Map<number, number>();
  /** What was over before the answer that says which of the client's breakpoints it is about. */
  readonly #early = new Map<number, DataBreakpoint>();

  /** `newId` gives numbers that no other breakpoint of the client's has. */
  constructor(newId: () => number) {
    this.#newId = newId;
  }

  /** Replaces all of them. Without a target they are kept for the next one. */
  async set(
    asked: readonly AskedData[],
    target: DataTarget | undefined,
    waitingFor: string,
  ): Promise<SetData> {
    this.#asked = asked.map((one) => ({ ...one, id: this.#newId() }));
    if (target !== undefined) return this.#apply(target);
    const breakpoints = this.#asked.map(({ id, refused }) => ({
      ...{ id, verified: false, pending: refused === undefined },
      message: refused ?? waitingFor,
    }));
    return { breakpoints, needsRestart: false };
  }

  /** Sets what was asked for in another program's debugger. Answers what came of it, for the client to be told. */
  async applyAll(target: DataTarget): Promise<SetData> {
    this.#ids.clear();
    this.#early.clear();
    return this.#asked.length === 0 ? { breakpoints: [], needsRestart: false } : this.#apply(target);
  }

  /** The client's breakpoint that is over; `undefined` while the client has no number for it. It is not set again. */
  over(breakpoint: DataBreakpoint): ClientDataBreakpoint | undefined {
    const id = this.#ids.get(breakpoint.id);
    if (id === undefined) {
      this.#early.set(breakpoint.id, breakpoint);
      return undefined;
    }
    this.#asked = this.#asked.filter((one) => one.id !== id);
    return toClient(id, breakpoint, undefined);
  }

  /** The client's number for one of the debugger's. */
  idOf(debuggerId: number): number | undefined {
    return this.#ids.get(debuggerId);
  }

  async #apply({ debugger: core, cure }: DataTarget): Promise<SetData> {
    const possible = this.#asked.filter(({ refused }) => refused === undefined);
    const set = [...(await core.setDataBreakpoints(possible))];
    const needsRestart = set.some((breakpoint) => breakpoint.needsRestart);
    const breakpoints = this.#asked.map(({ id, refused }): ClientDataBreakpoint => {
      if (refused !== undefined) return { id, verified: false, pending: false, message: refused };
      const breakpoint = set.shift();
      if (breakpoint === undefined) throw new Error(`fewer answers than breakpoints: ${possible.length}`);
      this.#ids.set(breakpoint.id, id);
      const newest = this.#early.get(breakpoint.id) ?? breakpoint;
      this.#early.delete(breakpoint.id);
      return toClient(id, newest, cure);
    });
    return { breakpoints, needsRestart };
  }
}

function toClient(
  id: number,
  { verified, message, needsRestart }: DataBreakpoint,
  cure: string | undefined,
): ClientDataBreakpoint {
  const sentences = [message, needsRestart ? cure : undefined].filter((text) => text !== undefined);
  return {
    ...{ id, verified, pending: needsRestart === true },
    ...(sentences.length > 0 ? { message: sentences.join(" ") } : {}),
  };
}

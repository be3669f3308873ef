import type { Debugger } from "../../src/debugger/debugger.ts";
import type { Breakpoint, BreakpointBehaviour } from "../../src/debugger/debugger-types.ts";
import type { SourceFile } from "../../src/debuginfo/debug-info.ts";
import type { ClientBreakpoint } from "../convert/breakpoint.ts";

/** A breakpoint as the client knows it, with where it is. */
export interface SessionBreakpoint extends ClientBreakpoint {
  /** As the client named its source. */
  readonly path: string;
  readonly source?: SourceFile;
}

/** What stands for the path of breakpoints on functions. */
export const onFunctions = "";

/** One line, or function, asked for; `note` is something to tell the client about it whatever comes of it. */
export interface AskedBreakpoint extends BreakpointBehaviour {
  /** Of a function. */
  readonly name?: string;
  /** 0-based. */
  readonly line: number;
  /** 0-based. */
  readonly column?: number;
  readonly note?: string;
}

interface Asked extends AskedBreakpoint {
  readonly id: number;
}

/** A debugger to set breakpoints in, and why none can bind in a source, if so. */
export interface BreakpointTarget {
  readonly debugger: Debugger;
  /** For a source by its path. */
  noLines(path: string): string | undefined;
}

/**
 * The breakpoints a client asked for, through restarts.
 *
 * They outlive a debugger: set before there is one they wait, and a restart sets them again. So they
 * have numbers of their own, which last for the client's session.
 */
export class SessionBreakpoints {
  readonly #asked = new Map<string, readonly Asked[]>();
  /** Debugger's number → client's; emptied when another program begins. */
  readonly #ids = new Map<number, number>();
  /** Changes that arrived before the answer that says which of the client's breakpoints they are about. */
  readonly #early = new Map<number, Breakpoint>();
  readonly #notes = new Map<number, string>();
  #next = 1;

  /** A number for a breakpoint of another kind. */
  newId(): number {
    return this.#next++;
  }

  /** Replaces the breakpoints of one source. Without a target they are kept for the next one. */
  async set(
    path: string,
    asked: readonly AskedBreakpoint[],
    target: BreakpointTarget | undefined,
    waitingFor: string,
  ): Promise<readonly SessionBreakpoint[]> {
    const numbered = asked.map((one) => ({ ...one, id: this.#next++ }));
    for (const old of this.#asked.get(path) ?? []) this.#notes.delete(old.id);
    for (const { id, note } of numbered) if (note !== undefined) this.#notes.set(id, note);
    if (numbered.length === 0) this.#asked.delete(path);
    else this.#asked.set(path, numbered);
    if (target !== undefined) return this.#apply(path, numbered, target);
    return numbered.map(({ id, line }) => ({
      ...{ id, path, line, verified: false, pending: true },
      message: waitingFor,
    }));
  }

  /** Sets everything asked for in another program's debugger. Answers what came of it, for the client to be told. */
  async applyAll(target: BreakpointTarget): Promise<readonly SessionBreakpoint[]> {
    this.#ids.clear();
    this.#early.clear();
    const all: SessionBreakpoint[] = [];
    for (const [path, asked] of this.#asked) all.push(...(await this.#apply(path, asked, target)));
    return all;
  }

  /** What a change in the debugger means to the client; `undefined` while the client has no number for it. */
  changed(breakpoint: Breakpoint): SessionBreakpoint | undefined {
    const id = this.#ids.get(breakpoint.id);
    if (id !== undefined) return this.#toSession(id, breakpoint);
    this.#early.set(breakpoint.id, breakpoint);
    return undefined;
  }

  /** The client's number for one of the debugger's. */
  idOf(debuggerId: number): number | undefined {
    return this.#ids.get(debuggerId);
  }

  async #apply(
    path: string,
    asked: readonly Asked[],
    target: BreakpointTarget,
  ): Promise<readonly SessionBreakpoint[]> {
    const { debugger: core } = target;
    const set =
      path === onFunctions
        ? await core.setFunctionBreakpoints(asked.map(({ name = "", ...one }) => ({ ...one, name })))
        : await core.setBreakpoints(path, asked);
    return asked.map((one, i) => {
      const breakpoint = set[i];
      if (breakpoint === undefined) throw new Error(`${set.length} answers for ${asked.length} breakpoints`);
      this.#ids.set(breakpoint.id, one.id);
      const newest = this.#early.get(breakpoint.id) ?? breakpoint;
      this.#early.delete(breakpoint.id);
      return this.#toSession(one.id, newest, target);
    });
  }

  #toSession(id: number, breakpoint: Breakpoint, target?: BreakpointTarget): SessionBreakpoint {
    const { path, verified, line, column, source } = breakpoint;
    const isFound = verified || breakpoint.source?.isListing === true;
    const why = isFound ? breakpoint.message : (target?.noLines(path) ?? breakpoint.message);
    const message = [why, this.#notes.get(id)].filter((text) => text !== undefined).join(" ");
    return {
      ...{ id, path, verified, line, pending: false },
      ...(column === undefined ? {} : { column }),
      ...(message === "" ? {} : { message }),
      ...(source === undefined ? {} : { source }),
    };
  }
}

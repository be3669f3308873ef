import { type ModuleOffset, toModuleOffset } from "../../src/base/brand.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { BreakpointBehaviour } from "../../src/debugger/debugger-types.ts";
import type { Disassembly } from "../../src/disassembly/disassembly.ts";
import type { Place } from "../convert/reference.ts";

/** One breakpoint a client asks for. */
export interface AskedInstruction extends BreakpointBehaviour {
  /** `undefined` for what is the number of no place. */
  readonly place: Place | undefined;
}

/** What came of one. */
export interface SessionInstructionBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** For an unverified one: whether it may still be verified in this session. */
  readonly pending: boolean;
  readonly point?: ModuleOffset;
  readonly message?: string;
}

/** A program to set breakpoints in. */
export interface InstructionTarget {
  readonly debugger: Debugger;
  readonly disassembly: Disassembly;
  readonly moduleBytes: Uint8Array;
  /** What the user can do about places that the program cannot be stopped at, if anything. */
  readonly cure?: string;
}

interface Asked extends AskedInstruction {
  readonly id: number;
}

/**
 * The breakpoints on instructions that a client asked for, through restarts: into a module that has been rebuilt they
 * are not carried over, because another instruction may be at their places.
 */
export class SessionInstructionBreakpoints {
  readonly #newId: () => number;
  #asked: readonly Asked[] = [];
  /** Debugger's number → client's. */
  readonly #ids = new Map<number, number>();
  /** The module that the places are in, once there is one. */
  #moduleBytes: Uint8Array | undefined;

  /** `newId` gives numbers that no other breakpoint of the client's has. */
  constructor(newId: () => number) {
    this.#newId = newId;
  }

  /** Replaces all of them. Without a target they are kept for the next one. */
  async set(
    asked: readonly AskedInstruction[],
    target: InstructionTarget | undefined,
    waitingFor: string,
  ): Promise<readonly SessionInstructionBreakpoint[]> {
    this.#asked = asked.map((one) => ({ ...one, id: this.#newId() }));
    this.#moduleBytes = undefined;
    if (target !== undefined) return this.#apply(target);
    return this.#asked.map(({ id }) => ({ id, verified: false, pending: true, message: waitingFor }));
  }

  /** Sets what was asked for in another program's debugger. Answers what came of it, for the client to be told. */
  async applyAll(target: InstructionTarget): Promise<readonly SessionInstructionBreakpoint[]> {
    this.#ids.clear();
    if (this.#asked.length === 0) return [];
    const before = this.#moduleBytes;
    if (before === undefined || Buffer.compare(before, target.moduleBytes) === 0) return this.#apply(target);
    return this.#asked.map(({ id }) => ({ id, verified: false, pending: false, message: rebuilt }));
  }

  /** The client's number for one of the debugger's. */
  idOf(debuggerId: number): number | undefined {
    return this.#ids.get(debuggerId);
  }

  async #apply(target: InstructionTarget): Promise<readonly SessionInstructionBreakpoint[]> {
    this.#moduleBytes = target.moduleBytes;
    const problems = this.#asked.map(({ place }) => whyNone(place, target.disassembly));
    const points = this.#asked.map(({ place }) => toModuleOffset(place?.kind === "code" ? place.offset : 0));
    const isPossible = (_: unknown, at: number) => problems[at] === undefined;
    const possible = points.filter(isPossible);
    const behaviours = this.#asked.filter(isPossible).map(({ condition, hitCondition }) => ({
      ...(condition === undefined ? {} : { condition }),
      ...(hitCondition === undefined ? {} : { hitCondition }),
    }));
    const set = [...(await target.debugger.setInstructionBreakpoints(possible, behaviours))];
    return this.#asked.map(({ id }, at): SessionInstructionBreakpoint => {
      const problem = problems[at];
      if (problem !== undefined) return { id, verified: false, pending: false, message: problem };
      const breakpoint = set.shift();
      if (breakpoint === undefined) throw new Error(`fewer answers than breakpoints: ${possible.length}`);
      this.#ids.set(breakpoint.id, id);
      const { point, verified } = breakpoint;
      const cure = breakpoint.isRefused === true ? target.cure : undefined;
      const why = verified ? [] : [breakpoint.message, cure];
      const message = why.filter((text) => text !== undefined).join(" ");
      return { id, verified, pending: false, point, ...(message === "" ? {} : { message }) };
    });
  }
}

function whyNone(place: Place | undefined, disassembly: Disassembly): string | undefined {
  if (place === undefined) return "This is no place in the program.";
  if (place.kind === "memory") return "This is a place in the program's data: there is no instruction.";
  const { offset } = place;
  if (disassembly.instructionAt(toModuleOffset(offset)) !== undefined) return undefined;
  return `No instruction of the program begins at 0x${Math.max(0, offset).toString(16)}.`;
}

const rebuilt = "The module has been rebuilt: another instruction may be here now. Set the breakpoint again.";

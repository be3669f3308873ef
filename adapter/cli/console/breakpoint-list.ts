import type { ModuleOffset } from "../../../src/base/brand.ts";
import type { Debugger } from "../../../src/debugger/debugger.ts";
import type {
  Breakpoint,
  BreakpointBehaviour,
  DataBreakpoint,
  InstructionBreakpoint,
} from "../../../src/debugger/debugger-types.ts";
import { type AskedPlace, placeText } from "../place.ts";
import { CommandError } from "./command-error.ts";

/** Where a breakpoint of the console is. */
export type ConsolePlace =
  | AskedPlace
  /** Bytes from byte 0 of the module. */
  | { readonly kind: "instruction"; readonly offset: ModuleOffset }
  /** What is watched; `dataId` is the debugger's. One that does not persist ends with the program. */
  | {
      readonly kind: "data";
      readonly expression: string;
      readonly dataId: string;
      readonly persists: boolean;
    };

/** A breakpoint as the console numbers it: for as long as the console runs, whatever program does. */
export interface ConsoleBreakpoint {
  readonly number: number;
  readonly place: ConsolePlace;
  readonly behaviour: BreakpointBehaviour;
  /** Goes away when it is hit. */
  readonly isTemporary: boolean;
  /** Made by a command for itself: nobody is told of it. */
  readonly isHidden: boolean;
  isEnabled: boolean;
  hits: number;
  /** What the debugger of the current program has made of it. */
  set?: Breakpoint | InstructionBreakpoint | DataBreakpoint;
}

/** What to make a breakpoint of. */
export interface NewBreakpoint {
  readonly place: ConsolePlace;
  readonly behaviour?: BreakpointBehaviour;
  readonly isTemporary?: boolean;
  readonly isHidden?: boolean;
}

/** The console's breakpoints: what they are, and what of them the debugger knows. */
export class BreakpointList {
  readonly #all: ConsoleBreakpoint[] = [];
  #next = 1;
  #debugger: Debugger | undefined;

  /** Those that users know of, in the order they were made. */
  get all(): readonly ConsoleBreakpoint[] {
    return this.#all.filter(({ isHidden }) => !isHidden);
  }

  /** Gives them all to the debugger of a new program. */
  async moveTo(core: Debugger): Promise<void> {
    this.#debugger = core;
    const rest = this.#all.filter(({ place }) => place.kind !== "data" || place.persists);
    this.#all.splice(0, this.#all.length, ...rest);
    for (const breakpoint of this.#all) delete breakpoint.set;
    for (const group of new Set(this.#all.map(groupOf))) await this.#apply(group);
  }

  /** Makes breakpoints; they are set in the program, or say why not, when this resolves. */
  async add(asked: readonly NewBreakpoint[]): Promise<readonly ConsoleBreakpoint[]> {
    const added = asked.map(
      ({ place, behaviour = {}, isTemporary = false, isHidden = false }): ConsoleBreakpoint => ({
        ...{ number: isHidden ? 0 : this.#next++, place, behaviour, isTemporary, isHidden },
        ...{ isEnabled: true, hits: 0 },
      }),
    );
    this.#all.push(...added);
    for (const group of new Set(added.map(groupOf))) await this.#apply(group);
    return added;
  }

  async remove(breakpoints: readonly ConsoleBreakpoint[]): Promise<void> {
    const gone = new Set(breakpoints);
    const rest = this.#all.filter((each) => !gone.has(each));
    this.#all.splice(0, this.#all.length, ...rest);
    for (const group of new Set(breakpoints.map(groupOf))) await this.#apply(group);
  }

  async enable(breakpoints: readonly ConsoleBreakpoint[], isEnabled: boolean): Promise<void> {
    for (const breakpoint of breakpoints) breakpoint.isEnabled = isEnabled;
    for (const group of new Set(breakpoints.map(groupOf))) await this.#apply(group);
  }

  /** Puts another behaviour in a breakpoint's place; it keeps its number and its count. */
  async change(breakpoint: ConsoleBreakpoint, behaviour: BreakpointBehaviour): Promise<ConsoleBreakpoint> {
    const changed = { ...breakpoint, behaviour };
    this.#all[this.#all.indexOf(breakpoint)] = changed;
    await this.#apply(groupOf(changed));
    return changed;
  }

  /** @throws {CommandError} there is none of that number. */
  byNumber(text: string): ConsoleBreakpoint {
    const found = this.all.find(({ number }) => String(number) === text);
    if (!found) throw new CommandError(`There is no breakpoint ${text}: \`info breakpoints\` lists them.`);
    return found;
  }

  /** The breakpoints that a stop is for, by the debugger's numbers; each counts a hit. */
  hit(ids: readonly number[]): readonly ConsoleBreakpoint[] {
    const found = this.#all.filter(({ set }) => set !== undefined && ids.includes(set.id));
    for (const breakpoint of found) breakpoint.hits++;
    return found;
  }

  /** Takes note of what the debugger says of one later. */
  changed(breakpoint: Breakpoint | DataBreakpoint): ConsoleBreakpoint | undefined {
    const found = this.#all.find(({ set }) => set?.id === breakpoint.id);
    if (found) found.set = breakpoint;
    return found;
  }

  /** Tells the debugger what is to be set of one group: it takes those of a source at a time. */
  async #apply(group: string): Promise<void> {
    const core = this.#debugger;
    if (core === undefined || core.state === "exited") return;
    const wanted = this.#all.filter((each) => groupOf(each) === group && each.isEnabled);
    const set = await setGroup(core, group, wanted);
    for (const each of this.#all) if (groupOf(each) === group) delete each.set;
    wanted.forEach((breakpoint, at) => {
      const one = set[at];
      if (one) breakpoint.set = one;
    });
  }
}

const functions = "function:";
const instructions = "instruction:";
const data = "data:";

function groupOf({ place }: ConsoleBreakpoint): string {
  return place.kind === "line" ? `line:${place.path}` : `${place.kind}:`;
}

function setGroup(core: Debugger, group: string, wanted: readonly ConsoleBreakpoint[]) {
  if (group === functions) {
    return core.setFunctionBreakpoints(
      wanted.flatMap(({ place, behaviour }) =>
        place.kind === "function" ? [{ name: place.name, ...behaviour }] : [],
      ),
    );
  }
  if (group === instructions) {
    return core.setInstructionBreakpoints(
      wanted.flatMap(({ place }) => (place.kind === "instruction" ? [place.offset] : [])),
    );
  }
  if (group === data) {
    return core.setDataBreakpoints(
      wanted.flatMap(({ place, behaviour }) =>
        place.kind === "data" ? [{ dataId: place.dataId, changesOnly: true, ...behaviour }] : [],
      ),
    );
  }
  return core.setBreakpoints(
    group.slice("line:".length),
    wanted.flatMap(({ place, behaviour }) =>
      place.kind === "line" ? [{ line: place.line, ...behaviour }] : [],
    ),
  );
}

/** A breakpoint's place as it was asked for. */
export function consolePlaceText(place: ConsolePlace): string {
  if (place.kind === "data") return `watch ${place.expression}`;
  return place.kind === "instruction" ? `*0x${place.offset.toString(16)}` : placeText(place);
}

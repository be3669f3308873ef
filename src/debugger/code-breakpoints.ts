import type { ModuleOffset } from "../base/brand.ts";
import { TargetError } from "../base/errors.ts";
import type { BreakpointRule } from "../target/guest-code.ts";
import type { PlacedLocation, PlacedPoints } from "../target/target.ts";
import { type BreakpointBehaviours, findBehaviourProblem } from "./breakpoint-behaviour.ts";
import { type Resolution, resolveBreakpoint } from "./breakpoint-resolution.ts";
import { type AskedBreakpoint, BreakpointTable, onFunctions } from "./breakpoint-table.ts";
import type { DebuggerParts } from "./debugger.ts";
import type {
  Breakpoint,
  BreakpointBehaviour,
  BreakpointRequest,
  FunctionBreakpointRequest,
  InstructionBreakpoint,
} from "./debugger-types.ts";
import type { EditQueue } from "./edit-queue.ts";
import { resolveFunction } from "./function-breakpoints.ts";
import { InstructionBreakpoints } from "./instruction-breakpoints.ts";
import { SourceMatcher } from "./source-matching.ts";

/** What breakpoints on code need besides the debugger's parts. */
export interface CodeBreakpointParts
  extends Pick<DebuggerParts, "target" | "debugInfo" | "listing" | "sourceFileMap" | "events"> {
  readonly behaviours: BreakpointBehaviours;
  readonly edits: EditQueue;
  newId(): number;
}

/** The breakpoints on lines, functions and instructions of one guest. They are armed together, whole or not at all. */
export class CodeBreakpoints {
  readonly #parts: CodeBreakpointParts;
  #matcher: SourceMatcher | undefined;
  #table = new BreakpointTable();
  #instructions = new InstructionBreakpoints();

  constructor(parts: CodeBreakpointParts) {
    this.#parts = parts;
  }

  /** Those on lines and functions, as they are armed. */
  get table(): BreakpointTable {
    return this.#table;
  }

  get instructions(): InstructionBreakpoints {
    return this.#instructions;
  }

  /** As `Debugger.setBreakpoints`. */
  setOnLines(path: string, requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    return this.#replace(path, requests, (request) =>
      resolveBreakpoint(this.#parts, this.#sourceMatcher(), path, request),
    );
  }

  /** As `Debugger.setFunctionBreakpoints`. */
  setOnFunctions(requests: readonly FunctionBreakpointRequest[]): Promise<readonly Breakpoint[]> {
    const { debugInfo } = this.#parts;
    const asked = requests.map((request) => ({ ...request, line: 0 }));
    return this.#replace(onFunctions, asked, ({ name = "" }) => resolveFunction(debugInfo, name));
  }

  /** As `Debugger.setInstructionBreakpoints`. */
  setOnInstructions(
    points: readonly ModuleOffset[],
    behaviours: readonly BreakpointBehaviour[],
  ): Promise<readonly InstructionBreakpoint[]> {
    const { edits, newId } = this.#parts;
    return edits.add(async () => {
      await this.#arm(this.#table, this.#instructions.replace(points, newId, behaviours));
      return this.#instructions.all();
    });
  }

  #replace(
    path: string,
    requests: readonly AskedBreakpoint[],
    resolve: (request: AskedBreakpoint) => Resolution,
  ): Promise<readonly Breakpoint[]> {
    const { edits, events, newId } = this.#parts;
    return edits.add(async () => {
      const before = new Map(this.#table.all().map((breakpoint) => [breakpoint.id, breakpoint]));
      const wanted = this.#table.replace(
        path,
        requests,
        (request) => {
          const problem = findBehaviourProblem(request);
          return problem === undefined ? resolve(request) : { kind: "unresolved", message: problem };
        },
        newId,
      );
      await this.#arm(wanted, this.#instructions);
      const answers = this.#table.of(path);
      const answered = new Set(answers.map(({ id }) => id));
      for (const breakpoint of this.#table.all()) {
        const old = before.get(breakpoint.id);
        if (old && !answered.has(breakpoint.id) && differs(old, breakpoint))
          events.breakpointChanged(breakpoint);
      }
      return answers;
    });
  }

  /** Makes these the breakpoints, once the target has said where they are. */
  async #arm(table: BreakpointTable, instructions: InstructionBreakpoints): Promise<void> {
    const { points } = table;
    const reports = new Map<number, string | undefined>();
    const rules = ({ point, asked }: PlacedPoints) =>
      this.#parts.behaviours.rules(
        point,
        [...table.wanting(asked), ...instructions.wanting(asked)],
        // Where one of its places will do, a breakpoint has no problem.
        (id, problem) => reports.set(id, reports.has(id) ? reports.get(id) && problem : problem),
      );
    const answers = await this.#place(points, instructions.points, rules);
    const problems = new Map([...reports].flatMap(([id, problem]) => (problem ? [[id, problem]] : [])));
    this.#table = table.withPlaced(answers, problems);
    this.#instructions = instructions.withPlaced(answers.slice(points.length), problems);
  }

  async #place(
    points: readonly ModuleOffset[],
    exact: readonly ModuleOffset[],
    rules: (place: PlacedPoints) => readonly BreakpointRule[] | undefined,
  ): Promise<readonly PlacedLocation[]> {
    const { target } = this.#parts;
    if (target.state === "exited") return [];
    // An engine that has nothing to arm may not be able to.
    const before = [...this.#table.points, ...this.#instructions.points];
    if (points.length + exact.length + before.length === 0) return [];
    try {
      return await target.setBreakpointLocations(points, exact, rules);
    } catch (error) {
      if (!(error instanceof TargetError) || !hasEnded(error)) throw error;
      return [];
    }
  }

  #sourceMatcher(): SourceMatcher {
    const { debugInfo, target, sourceFileMap } = this.#parts;
    if (!this.#matcher) {
      const sources = debugInfo.sources();
      // Listings are found by their paths, which say the function.
      const matched = sources.length > mostMatched && sources[0]?.isListing ? [] : sources;
      this.#matcher = new SourceMatcher(matched, target.module.path, sourceFileMap);
    }
    return this.#matcher;
  }
}

/** Listings that are looked through by name: each of them has to be given one first. */
const mostMatched = 5000;

/** Whether an error of a target says that the guest is no more. */
export const hasEnded = ({ code }: TargetError): boolean => code === "exited" || code === "disconnected";

const differs = (a: Breakpoint, b: Breakpoint): boolean =>
  a.verified !== b.verified || a.line !== b.line || a.message !== b.message;

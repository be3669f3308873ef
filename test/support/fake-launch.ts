import type { LaunchConfiguration } from "../../adapter/launch/configuration.ts";
import type { Launched, LaunchHooks } from "../../adapter/launch/launch.ts";
import {
  type MemoryAddress,
  type ModuleOffset,
  toFuncIndex,
  toLineKey,
  toModuleOffset,
  toStopNumber,
} from "../../src/base/brand.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type {
  Breakpoint,
  BreakpointRequest,
  DataBreakpoint,
  DataBreakpointRequest,
  DataQuery,
  DebuggerEvents,
  ExceptionRequest,
  FoundData,
  Frame,
  FunctionBreakpointRequest,
  InstructionBreakpoint,
  StepGranularity,
  StepKind,
  StopDescription,
} from "../../src/debugger/debugger-types.ts";
import type { StepTarget } from "../../src/debugger/step-targets.ts";
import type { DebugInfo, DebugInfoStatus, SourceFile } from "../../src/debuginfo/debug-info.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { Disassembly } from "../../src/disassembly/disassembly.ts";
import type { TypeDescription } from "../../src/symbols/symbols.ts";
import type { Completions } from "../../src/symbols/symbols-parts.ts";
import { ExpressionError, type Scope, type Variable } from "../../src/symbols/variable.ts";
import type { Exit } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import { moduleOf } from "./wasm-builder.ts";

/** A variable for tests: a leaf, or one with the members or elements given. */
export function fakeVariable(
  name: string,
  value: string,
  rest: Partial<Variable> & {
    readonly members?: readonly Variable[];
    readonly elements?: (i: number) => Variable;
  } = {},
): Variable {
  const { members = [], elements, ...given } = rest;
  const variable: Variable = {
    ...{ name, value, type: "int", evaluateName: name, named: members.length, indexed: 0 },
    ...{ writable: true, kind: "data" as const },
    children: async (filter, start, count) =>
      filter === "named"
        ? members.slice(start, start + count)
        : Array.from({ length: count }, (_, i) => elements?.(start + i)).filter((one) => one !== undefined),
    assign: async (text) => {
      if (!/^-?\d+$/.test(text)) throw new ExpressionError(`\`${text}\` is not a number`, 0);
      return fakeVariable(name, text, rest);
    },
    asHex: async () => fakeVariable(name, `0x${Number(value).toString(16)}`, rest),
    ...given,
  };
  return variable;
}

/** What a test scripts, and what a session did to it. */
export class FakeProgram implements Debugger {
  readonly configuration: LaunchConfiguration;
  readonly hooks: LaunchHooks;
  readonly debugInfo: DebugInfo;
  /** Names of the calls, in order. */
  readonly calls: string[] = [];
  state: Debugger["state"] = "paused";
  frames: readonly Frame[] = [];
  variables: readonly Scope[] = [];
  /** What happens as soon as the program runs, before the call that makes it run is answered. */
  whenRunning: (() => void) | undefined;
  /** Lines a breakpoint can be set at, 0-based; others are refused. */
  lines: readonly number[] = [2, 4, 6];
  /** Instructions a breakpoint can be set at; others are refused. */
  sites: readonly number[] = [];
  memories: readonly Uint8Array[] = [];
  trapExplanation: string | undefined;
  #stop = 0;
  #nextBreakpoint = 1;

  constructor(configuration: LaunchConfiguration, hooks: LaunchHooks, debugInfo: DebugInfo) {
    this.configuration = configuration;
    this.hooks = hooks;
    this.debugInfo = debugInfo;
  }

  get #events(): DebuggerEvents {
    return this.hooks.events;
  }

  /** The program stops. */
  halt(description: StopDescription): void {
    this.state = "paused";
    this.#stop++;
    this.#events.stopped({ number: toStopNumber(this.#stop), description });
  }

  print(stream: "stdout" | "stderr", bytes: string | Uint8Array): void {
    this.#events.output({
      stream,
      bytes: typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
    });
  }

  exit(exitCode = 0, cause: Exit["cause"] = { kind: "exit" }, results?: readonly string[]): void {
    if (this.state === "exited") return;
    this.state = "exited";
    this.#events.exited({ kind: "exited", exitCode, cause, ...(results === undefined ? {} : { results }) });
  }

  /** The program runs again for a reason no request gave. */
  runOn(): void {
    this.state = "running";
    this.#events.continued();
  }

  /** What the last `setBreakpoints` asked for. */
  asked: readonly BreakpointRequest[] = [];

  async setBreakpoints(path: string, requests: readonly BreakpointRequest[]): Promise<readonly Breakpoint[]> {
    this.asked = requests;
    this.calls.push(`setBreakpoints ${path} ${requests.map(({ line }) => line).join(",")}`);
    return requests.map((request) => {
      const line = this.lines.find((one) => one >= request.line);
      const id = this.#nextBreakpoint++;
      if (line === undefined)
        return { id, path, request, verified: false, line: request.line, message: "There is no code here." };
      return { id, path, request, verified: true, line };
    });
  }

  async setFunctionBreakpoints(
    requests: readonly FunctionBreakpointRequest[],
  ): Promise<readonly Breakpoint[]> {
    this.calls.push(`setFunctionBreakpoints ${requests.map(({ name }) => name).join(",")}`);
    return requests.map((request) => {
      const at = { id: this.#nextBreakpoint++, path: "", request: { ...request, line: 0 } };
      const [line] = this.lines;
      if (request.name !== "main" || line === undefined)
        return { ...at, verified: false, line: 0, message: `The program has no function ${request.name}.` };
      return { ...at, verified: true, line };
    });
  }

  async setInstructionBreakpoints(
    points: readonly ModuleOffset[],
  ): Promise<readonly InstructionBreakpoint[]> {
    this.calls.push(`setInstructionBreakpoints ${points.join(",")}`);
    return points.map((point) => {
      const id = this.#nextBreakpoint++;
      if (this.sites.includes(point)) return { id, point, verified: true };
      return { id, point, verified: false, message: "No statement begins here.", isRefused: true };
    });
  }

  async findData(query: DataQuery): Promise<FoundData> {
    const label =
      query.kind === "variable" ? query.variable.name : query.kind === "expression" ? query.text : "";
    if (label === "") return { kind: "refused", reason: "These bytes cannot be watched." };
    return { kind: "found", id: `=${label}`, label, length: 4, canPersist: true, inFrame: false };
  }

  async setDataBreakpoints(requests: readonly DataBreakpointRequest[]): Promise<readonly DataBreakpoint[]> {
    this.calls.push(`setDataBreakpoints ${requests.map(({ dataId }) => dataId).join(",")}`);
    return requests.map(({ dataId }) => ({ id: this.#nextBreakpoint++, dataId, verified: true }));
  }

  async start({ stopOnEntry }: { readonly stopOnEntry: boolean }): Promise<void> {
    this.calls.push(stopOnEntry ? "start, stop on entry" : "start");
    this.#run();
    if (stopOnEntry) this.halt({ kind: "entry" });
  }

  async continue(): Promise<void> {
    this.#needPaused();
    this.calls.push("continue");
    this.#run();
  }

  async step(kind: StepKind, granularity?: StepGranularity, target?: StepTarget): Promise<void> {
    this.#needPaused();
    const how = granularity === "instruction" ? " by instruction" : "";
    this.calls.push(`step ${kind}${how}${target === undefined ? "" : ` ${target.name}`}`);
    this.#run();
    this.halt({ kind: "step" });
  }

  targets: readonly StepTarget[] = [];

  async stepTargets(): Promise<readonly StepTarget[]> {
    return this.targets;
  }

  async pause(): Promise<void> {
    if (this.state !== "running") throw new TargetError("not-running", "The program is not running.");
    this.calls.push("pause");
    this.halt({ kind: "pause" });
  }

  async stackTrace(start: number, count: number) {
    this.#needPaused();
    this.calls.push(`stackTrace ${start} ${count}`);
    return { frames: this.frames.slice(start, start + count), total: this.frames.length };
  }

  async scopes(_frame: Frame): Promise<readonly Scope[]> {
    this.#needPaused();
    return this.variables;
  }

  async parameters(_frame: Frame): Promise<readonly Variable[]> {
    return this.variables[0]?.variables.children("named", 0, 1) ?? [];
  }

  async describeType(frame: Frame, text: string): Promise<TypeDescription> {
    const { type = "?" } = await this.evaluate(frame, text);
    return { name: type, definition: type };
  }

  async complete(_frame: Frame, _text: string, column: number): Promise<Completions> {
    return { start: column, items: [] };
  }

  async evaluate(frame: Frame, text: string): Promise<Variable> {
    this.#needPaused();
    this.calls.push(`evaluate ${frame.name} ${text}`);
    const [, wanted, inHex] = /^(.*?)(,x)?$/s.exec(text) ?? [];
    for (const { variables } of this.variables) {
      const members = await variables.children("named", 0, variables.named);
      const found = members.find(({ name }) => name === wanted);
      if (found !== undefined) return inHex === undefined ? found : found.asHex();
    }
    throw new ExpressionError(`There is no \`${text}\` here.`, 0);
  }

  async readMemory(memory: number, address: MemoryAddress, length: number): Promise<Uint8Array> {
    this.#needPaused();
    return this.#memory(memory).slice(Number(address), Number(address) + length);
  }

  async writeMemory(memory: number, address: MemoryAddress, bytes: Uint8Array): Promise<void> {
    this.#needPaused();
    this.#memory(memory).set(bytes, Number(address));
    this.#events.memoryChanged?.({ memory, address, length: bytes.length });
  }

  async memorySizes(): Promise<readonly bigint[]> {
    this.#needPaused();
    return this.memories.map(({ length }) => BigInt(length));
  }

  async explainTrap(): Promise<string | undefined> {
    this.#needPaused();
    return this.trapExplanation;
  }

  async setExceptionFilters(requests: readonly ExceptionRequest[]): Promise<readonly (string | undefined)[]> {
    this.calls.push(`setExceptionFilters ${requests.map(({ filter }) => filter).join(",")}`);
    return requests.map(() => undefined);
  }

  async terminate(): Promise<void> {
    this.calls.push("terminate");
    this.exit(143, { kind: "terminated" });
  }

  async kill(): Promise<void> {
    this.calls.push("kill");
    this.exit(137, { kind: "terminated" });
  }

  async detach(): Promise<boolean> {
    this.calls.push("detach");
    const livesOn = this.state !== "exited";
    this.state = "exited";
    return livesOn;
  }

  #memory(index: number): Uint8Array {
    const memory = this.memories[index];
    if (memory === undefined) throw new TargetError("bad-address", `There is no memory ${index}.`);
    return memory;
  }

  #run(): void {
    this.state = "running";
    this.#events.continued();
    this.whenRunning?.();
  }

  #needPaused(): void {
    if (this.state !== "paused") throw new TargetError("not-stopped", "The program is running.");
  }
}

/** Debug info of one or more sources with lines at 3, 5 and 7 (1-based). */
export function fakeDebugInfo(
  sources: readonly SourceFile[],
  status: DebugInfoStatus = { kind: "dwarf", versions: [5], units: 1 },
): DebugInfo & { readonly problems: string[] } {
  return {
    status,
    problems: [],
    sources: () => sources,
    statements: () => ({ offset: new Uint32Array(), line: new Uint32Array() }),
    resolveLine: () => undefined,
    linesWithCode: (_source, first, last) => [2, 4, 6].filter((line) => line >= first && line <= last),
    locate: () => undefined,
    lineKeyAt: () => toLineKey(0),
    functionAt: () => undefined,
    stackShape: () => ({ fixed: false, deltaAt: () => undefined, localDelta: () => undefined }),
    stackPointerGlobal: undefined,
  };
}

/** A frame in a source. */
export function fakeFrame(index: number, name: string, source: SourceFile | undefined, line = 4): Frame {
  return {
    ...{ index, name, stop: toStopNumber(1), kind: source === undefined ? "no-source" : "source" },
    ...(source === undefined ? {} : { position: { source, line, column: 2 } }),
    point: { function: toFuncIndex(index), offset: toModuleOffset(0x54f + index) },
  };
}

function listing(bytes: Uint8Array, debugInfo: DebugInfo): Disassembly {
  const module = readModule(bytes);
  return new Disassembly({ module, debugInfo, names: new ModuleNames(module, debugInfo) });
}

/** A stand-in for `adapter/launch`: programs that do what a test tells them. */
export class FakeLaunch {
  readonly programs: FakeProgram[] = [];
  debugInfo: DebugInfo = fakeDebugInfo([]);
  modulePath = "/guests/steps.wasm";
  /** By default a module without anything in it. */
  moduleBytes: Uint8Array = moduleOf();
  /** What every launch waits for, and may be rejected by. */
  gate: () => Promise<void> = async () => {};
  /** Prepares each program before the session has it. */
  prepare: (program: FakeProgram) => void = () => {};

  readonly launch = async (configuration: LaunchConfiguration, hooks: LaunchHooks): Promise<Launched> => {
    await this.gate();
    const program = new FakeProgram(configuration, hooks, this.debugInfo);
    this.prepare(program);
    this.programs.push(program);
    const { debugInfo, modulePath } = this;
    const { moduleBytes } = this;
    const disassembly = listing(moduleBytes, debugInfo);
    return {
      ...{ debugger: program, debugInfo, disassembly, module: readModule(moduleBytes) },
      ...{ processId: 4242, modulePath, writeStdin: () => {} },
    };
  };

  /** The program launched last. */
  get program(): FakeProgram {
    const last = this.programs.at(-1);
    if (last === undefined) throw new Error("nothing was launched");
    return last;
  }
}

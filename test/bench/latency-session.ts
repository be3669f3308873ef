import { ownAdapter, RawClient } from "./raw-client.ts";

/** A program under the adapter, and where it is to stop. */
export interface Debuggee {
  readonly program: string;
  readonly args?: readonly string[];
  /** Export to call in place of `_start`. */
  readonly invoke?: string;
  /** Replaced at the beginning of source paths. */
  readonly sourceFileMap?: Readonly<Record<string, string>>;
  /** What another adapter than ours wants to know besides. */
  readonly more?: object;
  readonly source: string;
  /** Counts from 1. */
  readonly line: number;
}

/** One session of an adapter of its own, and what its requests take: milliseconds as its client sees them. */
export class LatencySession {
  readonly #client: RawClient;
  /** From the start of the adapter's process to the first stop. */
  readonly startMs: number;
  #threadId = 1;
  #times = new Map<string, number[]>();

  private constructor(client: RawClient, startMs: number, threadId: number) {
    this.#client = client;
    this.startMs = startMs;
    this.#threadId = threadId;
  }

  /** Starts an adapter and runs a program to its breakpoint. */
  static async start(
    { source, line, more, ...configuration }: Debuggee,
    adapter: readonly string[] = ownAdapter,
  ): Promise<LatencySession> {
    const begin = performance.now();
    const client = new RawClient(adapter);
    const initialized = client.event("initialized");
    const stopped = client.event("stopped");
    await client.request("initialize", { adapterID: "wasm", linesStartAt1: true, columnsStartAt1: true });
    const launched = client.request("launch", { ...configuration, ...more });
    await initialized;
    await client.request("setBreakpoints", { source: { path: source }, breakpoints: [{ line }] });
    await client.request("configurationDone");
    const { threadId } = await stopped;
    const startMs = performance.now() - begin;
    await launched;
    return new LatencySession(client, startMs, Number(threadId));
  }

  /** What was timed under a name, in order. */
  timesOf(name: string): readonly number[] {
    return this.#times.get(name) ?? [];
  }

  /** Adds what `run` takes to the times of a name. */
  async time<T>(name: string, run: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await run();
    const times = this.#times.get(name) ?? [];
    times.push(performance.now() - begin);
    this.#times.set(name, times);
    return result;
  }

  /** Resumes, and waits for the next stop. */
  async go(command: "next" | "continue" | "stepIn"): Promise<void> {
    const stopped = this.#client.event("stopped");
    await this.#client.request(command, { threadId: this.#threadId });
    await stopped;
  }

  /** Ids of the innermost frames. */
  async stack(levels: number): Promise<readonly number[]> {
    const { stackFrames } = await this.#client.request("stackTrace", {
      threadId: this.#threadId,
      startFrame: 0,
      levels,
    });
    return (stackFrames as readonly { readonly id: number }[]).map(({ id }) => id);
  }

  /** Asks for a frame's scopes and the variables in the first; answers how many there are. */
  async locals(frameId: number): Promise<number> {
    const { scopes } = await this.#client.request("scopes", { frameId });
    const [first] = scopes as readonly { readonly variablesReference: number }[];
    const { variables } = await this.#client.request("variables", {
      variablesReference: first?.variablesReference,
    });
    return (variables as readonly unknown[]).length;
  }

  /** Evaluates an expression; answers what its parts are asked for by. */
  async evaluate(frameId: number, expression: string): Promise<number> {
    const { variablesReference } = await this.#client.request("evaluate", {
      frameId,
      expression,
      context: "watch",
    });
    return Number(variablesReference);
  }

  /** Asks for elements of a value; answers how many there are. */
  async page(variablesReference: number, start: number, count: number): Promise<number> {
    const { variables } = await this.#client.request("variables", {
      ...{ variablesReference, filter: "indexed", start, count },
    });
    return (variables as readonly unknown[]).length;
  }

  /** Ends the program and the adapter. */
  end(): Promise<void> {
    return this.#client.end();
  }
}

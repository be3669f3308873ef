import assert from "node:assert/strict";
import { DapClient, gone, type TestServer, type Transport } from "./dap-client.ts";
import type { Fixture } from "./fixtures.ts";
import type { Message } from "./transcript.ts";

/** Where a session looks for an adapter. */
export type Reach =
  | { readonly transport: "stdio" }
  | { readonly transport: "TCP"; readonly server: TestServer };

/** Where a program stands, as far as most tests care. */
export interface StopPlace {
  readonly reason: string;
  readonly function: string;
  /** Counts from 1. */
  readonly line: number;
  readonly body: Message;
}

/**
 * One debugged guest over a real connection, with the steps every scenario takes.
 *
 * Places are named by markers in the guest's source. `end` checks that everything said was valid and
 * that no process is left.
 */
export class DebugSession {
  static readonly #open = new Set<DebugSession>();

  /** For `afterEach`: ends what a failed test left, so that it fails alone. */
  static abandonAll(): void {
    for (const session of DebugSession.#open) session.client.hangUp();
    DebugSession.#open.clear();
  }

  readonly client = new DapClient();
  readonly fixture: Fixture;
  readonly #reach: Reach;

  constructor(fixture: Fixture, reach: Reach) {
    this.fixture = fixture;
    this.#reach = reach;
  }

  get transport(): Transport {
    return this.#reach.transport;
  }

  /** Connects and sends `initialize`. */
  async begin(facts: object = {}): Promise<void> {
    DebugSession.#open.add(this);
    await this.client.start(this.#reach.transport === "TCP" ? this.#reach.server.port : undefined);
    await this.client.initializeRequest({
      ...{ adapterID: "wasm", linesStartAt1: true, columnsStartAt1: true, pathFormat: "path" },
      ...{ supportsVariableType: true, supportsVariablePaging: true },
      ...facts,
    });
  }

  /** The launch configuration of the guest, sources found. */
  configuration(more: object = {}): Message {
    const { path, compilationDir, sourceFolder } = this.fixture;
    return { program: path, sourceFileMap: { [compilationDir]: sourceFolder }, ...more };
  }

  /** Loads the guest. It waits for `run`. */
  async launch(more: object = {}): Promise<void> {
    await this.client.send("launch", this.configuration(more));
    await this.client.heard.event("initialized");
  }

  /** Replaces the breakpoints of a source by those at these markers; answers what the adapter made of them. */
  async breakAt(markers: readonly string[], file?: string): Promise<Message[]> {
    const found = this.fixture.markers(file);
    return this.breakAtLines(
      markers.map((name) => found.lineOf(name)),
      file,
    );
  }

  async breakAtLines(lines: readonly number[], file?: string): Promise<Message[]> {
    const answer = await this.client.setBreakpointsRequest({
      source: { path: this.fixture.source(file) },
      breakpoints: lines.map((line) => ({ line })),
    });
    return answer.body.breakpoints as Message[];
  }

  /** Ends the configuration: the guest runs. */
  async run(): Promise<void> {
    await this.client.configurationDoneRequest();
  }

  /** Begins, loads, sets breakpoints at markers, runs, and waits for the first stop. */
  async runTo(markers: readonly string[], more: object = {}, file?: string): Promise<StopPlace> {
    await this.begin();
    await this.launch(more);
    for (const { verified, message } of await this.breakAt(markers, file)) assert.ok(verified, message);
    await this.run();
    return this.stopped();
  }

  /** Waits for the next stop. */
  async stopped(): Promise<StopPlace> {
    const body = await this.client.heard.event("stopped");
    const [top] = await this.frames(1);
    return { reason: body.reason, function: top?.name ?? "", line: top?.line ?? 0, body };
  }

  /** Waits for the next stop and fails unless it is at a marker. */
  async stoppedAt(marker: string, reason?: string, file?: string): Promise<StopPlace> {
    const place = await this.stopped();
    this.assertAt(place, marker, file);
    if (reason !== undefined) assert.equal(place.reason, reason);
    return place;
  }

  assertAt(place: StopPlace, marker: string, file?: string): void {
    const markers = this.fixture.markers(file);
    const names = markers.stops.filter(({ line }) => line === place.line).map(({ name }) => name);
    assert.equal(
      place.line,
      markers.lineOf(marker),
      `stopped at ${names.join(", ") || `line ${place.line}`}`,
    );
  }

  async continue(): Promise<void> {
    await this.client.continueRequest({ threadId: 1 });
  }

  async step(kind: "next" | "stepIn" | "stepOut"): Promise<StopPlace> {
    await this.client.send(kind, { threadId: 1 });
    return this.stopped();
  }

  async frames(levels = 0, startFrame = 0): Promise<Message[]> {
    const answer = await this.client.stackTraceRequest({ threadId: 1, startFrame, levels });
    return answer.body.stackFrames as Message[];
  }

  /** A scope's children by name, in a frame counted from the innermost. */
  async scope(name: string, frame = 0): Promise<Map<string, Message>> {
    const [at] = await this.frames(1, frame);
    const { scopes } = (await this.client.scopesRequest({ frameId: at?.id })).body;
    const scope = scopes.find((one) => one.name === name);
    if (scope === undefined) throw new Error(`no scope ${name}; there are: ${scopes.map((one) => one.name)}`);
    return this.children(scope.variablesReference);
  }

  async children(variablesReference: number, page: object = {}): Promise<Map<string, Message>> {
    const { variables } = (await this.client.variablesRequest({ variablesReference, ...page })).body;
    return new Map(variables.map((one) => [one.name, one as Message]));
  }

  /** Values of the locals of a frame. */
  async locals(frame = 0): Promise<Record<string, string>> {
    return Object.fromEntries(
      [...(await this.scope("Locals", frame))].map(([name, { value }]) => [name, value]),
    );
  }

  /** An expression's value in the innermost frame. */
  async evaluate(expression: string): Promise<Message> {
    const [top] = await this.frames(1);
    return (await this.client.evaluateRequest({ expression, frameId: top?.id, context: "watch" })).body;
  }

  /** Waits for the program's end; answers its status. */
  async exited(): Promise<number> {
    const { exitCode } = await this.client.heard.event("exited");
    await this.client.heard.event("terminated");
    return exitCode;
  }

  /** Waits for whichever comes first, the next stop or the end; answers the place of a stop. */
  async stoppedOrExited(): Promise<StopPlace | undefined> {
    const { heard } = this.client;
    const { event, body } = await heard.wait("a stop or the end", (one) =>
      ["stopped", "exited"].includes(one.event),
    );
    if (event === "exited") return undefined;
    const [top] = await this.frames(1);
    return { reason: body.reason, function: top?.name ?? "", line: top?.line ?? 0, body };
  }

  /** The number of the guest's process. */
  get processId(): number {
    const started = this.client.heard.events("process").at(-1);
    if (started === undefined) throw new Error("no program was loaded");
    return started.systemProcessId;
  }

  /** Disconnects and checks that what was said was right and that nothing is left. */
  async end(): Promise<void> {
    await this.client.disconnectRequest();
    await this.client.heard.end();
    DebugSession.#open.delete(this);
    this.client.heard.verify();
    for (const { systemProcessId } of this.client.heard.events("process")) {
      if (systemProcessId !== undefined) await gone(systemProcessId);
    }
  }
}

import { ProtocolServer } from "@vscode/debugadapter/lib/protocol.js";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { Cancellation, type CancelSignal } from "./cancellation.ts";
import type { Client, Events } from "./events.ts";
import { type Failure, RequestCancelled, toErrorAnswer } from "./failure.ts";
import { encodeMessage, MessageReader } from "./framing.ts";
import type { Work } from "./handler.ts";
import { RequestQueue } from "./request-queue.ts";

/** What answers the requests of a connection. */
export interface ConnectionHost {
  /** The body of the answer. Rejections become error answers by way of `toFailure`. */
  handle(command: string, args: unknown, work: Work): Promise<unknown>;
  /** Whether a command may overtake others. */
  isUrgent(command: string): boolean;
  toFailure(error: unknown, command: string): Failure;
  /** Takes one sentence about what a client did wrong. */
  report(problem: string): void;
  /** The client is gone, or cannot be understood any more. Called once. */
  closed(): void;
  /** Sees every message, for traces. */
  onMessage?(direction: "client" | "adapter", message: unknown): void;
}

/** How long a client may take to open a terminal, in milliseconds: it may have to ask its user. */
const terminalTimeoutMs = 60_000;

/** The protocol library's server without its streams: it numbers messages and pairs answers with requests. */
class Server extends ProtocolServer {
  readonly #onRequest: (request: DebugProtocol.Request) => void;

  constructor(onRequest: (request: DebugProtocol.Request) => void) {
    super();
    this.#onRequest = onRequest;
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    this.#onRequest(request);
  }
}

/**
 * One client's connection: bytes to requests, answers and events to bytes.
 *
 * Keeps the protocol's promises whatever the session does: every request gets exactly one answer, and
 * events raised while a request is worked on follow its answer. Nothing a client sends makes it throw.
 */
export class Connection implements Client {
  readonly #host: ConnectionHost;
  readonly #output: NodeJS.WritableStream;
  readonly #server: Server;
  readonly #reader = new MessageReader();
  readonly #queue = new RequestQueue();
  /** Our own requests that wait for an answer. */
  readonly #asked = new Map<number, (answer: Pick<DebugProtocol.Response, "success" | "message">) => void>();
  readonly #held: DebugProtocol.Event[] = [];
  /** Requests that are being worked on, by number. */
  readonly #running = new Map<number, Cancellation>();
  #active = 0;
  #closed = false;
  #closing = false;
  #writeError: unknown;
  /** Number of the message sent last. */
  #lastSeq = 0;

  constructor(output: NodeJS.WritableStream, host: ConnectionHost) {
    this.#output = output;
    this.#host = host;
    this.#server = new Server((request) => this.#accept(request));
    this.#server.onDidSendMessage((message) => this.#write(message));
    output.on("error", () => this.#finish());
  }

  /** Starts to read. */
  listen(input: NodeJS.ReadableStream): void {
    input.on("data", (chunk: Buffer) => this.#read(chunk));
    input.on("error", () => this.#finish());
    input.on("end", () => this.#finish(this.#reader.end()));
    input.on("close", () => this.#finish());
  }

  send<E extends keyof Events>(event: E, body: Events[E]): void {
    const message = { seq: 0, type: "event", event, ...(body === undefined ? {} : { body }) };
    if (this.#active > 0) this.#held.push(message);
    else this.#server.sendEvent(message);
  }

  sendAtOnce<E extends keyof Events>(event: E, body: Events[E]): void {
    this.#server.sendEvent({ seq: 0, type: "event", event, body } as DebugProtocol.Event);
  }

  runInTerminal(args: DebugProtocol.RunInTerminalRequestArguments): Promise<void> {
    // The library's own wait for an answer keeps a timer that outlives the answer, and so the process.
    this.#server.sendRequest("runInTerminal", args, 0, undefined as never);
    const seq = this.#lastSeq;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(seq, { success: false, message: "no answer" }),
        terminalTimeoutMs,
      );
      this.#asked.set(seq, ({ success, message }) => {
        clearTimeout(timer);
        if (success) resolve();
        else reject(new Error(message ?? "no reason given"));
      });
    });
  }

  cancel(requestSeq: number): boolean {
    if (this.#queue.cancel(requestSeq)) return true;
    const running = this.#running.get(requestSeq);
    running?.abort(new RequestCancelled());
    return running !== undefined;
  }

  close(): void {
    this.#closing = true;
    // Who leaves without waiting has answers to come all the same.
    this.#queue.dropAll();
    if (this.#active === 0) this.#flush();
  }

  /** Settles once everything written has left this process, or cannot any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#output.once("error", () => resolve());
      this.#output.write("", () => resolve());
    });
  }

  #read(chunk: Buffer): void {
    for (const framed of this.#reader.read(chunk)) {
      if (this.#closed) return;
      if (framed.kind === "message") this.#receive(framed.message);
      else if (framed.kind === "unreadable") this.#host.report(framed.problem);
      else this.#finish(framed.problem);
    }
  }

  /** Checks what makes a message one; everything inside a request's arguments is its handler's business. */
  #receive(message: unknown): void {
    this.#host.onMessage?.("client", message);
    const { type, seq, command, request_seq } = (message ?? {}) as Record<string, unknown>;
    if (type === "request" && typeof seq === "number" && typeof command === "string") {
      this.#server.handleMessage(message as DebugProtocol.Request);
    } else if (type === "response" && typeof request_seq === "number") {
      this.#settle(request_seq, message as DebugProtocol.Response);
    } else {
      this.#host.report(
        "The client sent a message that is neither a request (type, seq, command) nor an answer (type, request_seq).",
      );
    }
  }

  /** Gives one of our own requests its answer. */
  #settle(seq: number, answer: Pick<DebugProtocol.Response, "success" | "message">): void {
    const settle = this.#asked.get(seq);
    this.#asked.delete(seq);
    settle?.(answer);
  }

  #accept(request: DebugProtocol.Request): void {
    const { seq, command } = request;
    const work = () =>
      this.#working(request, (signal) => this.#host.handle(command, request.arguments, { seq, signal }));
    if (this.#host.isUrgent(command)) {
      void work();
      return;
    }
    const drop = () => void this.#working(request, () => Promise.reject(new RequestCancelled()));
    this.#queue.add(seq, work, drop);
  }

  /** Answers a request with what `run` comes to, and holds events back until then. */
  async #working(
    request: DebugProtocol.Request,
    run: (signal: CancelSignal) => Promise<unknown>,
  ): Promise<void> {
    this.#active++;
    const cancellation = new Cancellation();
    this.#running.set(request.seq, cancellation);
    try {
      this.#respond(request, { success: true, body: await run(cancellation) });
    } catch (error) {
      this.#respond(request, {
        success: false,
        ...toErrorAnswer(this.#host.toFailure(error, request.command)),
      });
    }
    this.#running.delete(request.seq);
    this.#active--;
    if (this.#active === 0) this.#flush();
  }

  /** @throws when `rest` cannot be written as JSON; nothing has been sent then. */
  #respond(
    request: DebugProtocol.Request,
    rest: Pick<DebugProtocol.Response, "success" | "message" | "body">,
  ): void {
    const { seq, command } = request;
    this.#server.sendResponse({ seq: 0, type: "response", request_seq: seq, command, ...rest });
    // The library's server swallows what its listeners throw.
    const error = this.#writeError;
    this.#writeError = undefined;
    if (error !== undefined) throw error;
  }

  #write(message: object): void {
    this.#lastSeq = (message as DebugProtocol.ProtocolMessage).seq;
    if (this.#closed) return;
    try {
      const { pieces, encoding } = encodeMessage(message);
      this.#host.onMessage?.("adapter", message);
      for (const piece of pieces) this.#output.write(piece, encoding);
    } catch (error) {
      this.#writeError = error;
    }
  }

  #flush(): void {
    for (const event of this.#held.splice(0)) this.#server.sendEvent(event);
    if (this.#closing) this.#finish();
  }

  #finish(problem?: string): void {
    if (this.#closed) return;
    if (problem !== undefined) this.#host.report(problem);
    this.#closed = true;
    for (const seq of this.#asked.keys())
      this.#settle(seq, { success: false, message: "the client is gone" });
    this.#host.closed();
  }
}

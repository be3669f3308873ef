import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { MessageReader } from "../../adapter/protocol/framing.ts";
import { fromRoot } from "../support/paths.ts";

type Body = Readonly<Record<string, unknown>>;

interface Received {
  readonly type: "response" | "event" | "request";
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: Body;
}

/** How long one answer or event may take before the benchmark gives up, in milliseconds. */
const patienceMs = 30_000;

/** How an adapter is started: ours, unless said otherwise. */
export const ownAdapter: readonly string[] = [process.execPath, fromRoot("bin/wasm-dap")];

/** A client of the adapter on stdio that does as little as possible itself, so that what is timed is the adapter. */
export class RawClient {
  readonly #process: ChildProcess;
  readonly #answers = new Map<number, (message: Received) => void>();
  readonly #listeners: { readonly event: string; readonly take: (body: Body) => void }[] = [];
  #lastSeq = 0;
  /** Told every event. */
  onEvent: (event: string, body: Body) => void = () => {};

  /** Starts an adapter. */
  constructor([command = "", ...args]: readonly string[] = ownAdapter) {
    this.#process = spawn(command, args, {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const reader = new MessageReader();
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      for (const framed of reader.read(chunk)) {
        if (framed.kind === "message") this.#receive(framed.message as Received);
      }
    });
  }

  /** Of the adapter's process. */
  get processId(): number | undefined {
    return this.#process.pid;
  }

  /** Sends a request; its answer's body. Rejects with the adapter's words when it refuses. */
  async request(command: string, args: object = {}): Promise<Body> {
    const seq = ++this.#lastSeq;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    const answer = new Promise<Received>((resolve) => this.#answers.set(seq, resolve));
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { success, message, body } = await inTime(answer, command);
    if (success !== true) throw new Error(`${command}: ${message}`);
    return body ?? {};
  }

  /** The body of the next event of this name from now on. */
  event(name: string): Promise<Body> {
    const body = new Promise<Body>((take) => this.#listeners.push({ event: name, take }));
    return inTime(body, name);
  }

  /** Ends the session and waits until the adapter has ended. */
  async end(): Promise<void> {
    const closed = once(this.#process, "close");
    await this.request("disconnect", { terminateDebuggee: true });
    await inTime(closed, "the end of the adapter");
  }

  #receive(message: Received): void {
    if (message.type === "response") {
      const seq = message.request_seq ?? -1;
      this.#answers.get(seq)?.(message);
      this.#answers.delete(seq);
    } else if (message.type === "event") {
      this.onEvent(message.event ?? "", message.body ?? {});
      const at = this.#listeners.findIndex(({ event }) => event === message.event);
      if (at >= 0) this.#listeners.splice(at, 1)[0]?.take(message.body ?? {});
    }
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), patienceMs);
    timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

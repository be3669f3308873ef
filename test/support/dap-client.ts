import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { DebugClient } from "@vscode/debugadapter-testsupport/lib/debugClient.js";
import { MessageReader } from "../../adapter/protocol/framing.ts";
import { fromRoot } from "./paths.ts";
import { SessionClient } from "./session-client.ts";
import { type Message, Transcript } from "./transcript.ts";

/** The executable under test, as it was built. */
export const executable = fromRoot("bin/wasm-dap");

/** How a client reaches the adapter. */
export type Transport = "stdio" | "TCP";

/**
 * The field's own test client, with a transcript beside it.
 *
 * Its `waitForEvent` hears only what comes after; `heard` has everything.
 */
export class DapClient extends DebugClient {
  readonly heard = new Transcript();
  #to: Writable | undefined;

  constructor() {
    super(process.execPath, executable, "wasm");
    this.defaultTimeout = 20_000;
  }

  /** Closes our side without a word, as a client that disappears does. */
  hangUp(): void {
    this.#to?.end();
  }

  override connect(from: Readable, to: Writable): void {
    this.#to = to;
    this.#listen(from, (message) => this.heard.received(message));
    from.on("close", () => this.heard.ended());
    to.on("error", () => {});
    const reader = new MessageReader();
    const write = to.write.bind(to);
    // What the client writes is heard on its way.
    to.write = ((chunk: string, ...rest: never[]) => {
      for (const framed of reader.read(Buffer.from(chunk))) {
        if (framed.kind === "message") this.heard.sent(framed.message as Message);
      }
      return write(chunk, ...rest);
    }) as typeof to.write;
    super.connect(from, to);
  }

  #listen(from: Readable, hear: (message: Message) => void): void {
    const reader = new MessageReader();
    from.on("data", (chunk: Buffer) => {
      for (const framed of reader.read(chunk)) if (framed.kind === "message") hear(framed.message as Message);
    });
  }
}

/** A server that runs for the time of some tests. */
export interface TestServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it has written to stderr. */
  readonly stderr: string[];
  /** Ends it with a signal; answers its exit status. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `wasm-dap --server=0` and reads the port it prints. */
export async function startTestServer(...args: string[]): Promise<TestServer> {
  const child = spawn(process.execPath, [executable, "--server=0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stderr: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk.toString()));
  const [first] = (await Promise.race([once(child.stdout, "data"), once(child, "exit")])) as [
    Buffer | number,
  ];
  if (typeof first === "number") throw new Error(`the server ended with status ${first}: ${stderr.join("")}`);
  return {
    port: Number(first.toString()),
    process: child,
    stderr,
    stop: async (signal = "SIGTERM") => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(signal);
        await once(child, "exit");
      }
      return child.exitCode;
    },
  };
}

/** A client of a server that can send anything at all. */
export async function connectRaw(
  port: number,
): Promise<{ readonly client: SessionClient; readonly socket: Socket }> {
  const socket = createConnection(port, "127.0.0.1");
  await once(socket, "connect");
  return { client: new SessionClient(socket, socket), socket };
}

/** Whether a process of this number exists; a zombie does not count, it only waits to be counted. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Settles when a process is gone. Fails the test when it stays. */
export async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

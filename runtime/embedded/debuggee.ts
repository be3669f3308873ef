import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { TargetError } from "../../src/base/errors.ts";
import { MessageReader, sendMessage, sizeOfParts } from "../suspend/framing.ts";
import {
  type Answer,
  type AnswerFacts,
  detachHeader,
  type GuestEvent,
  type Question,
  type QuestionKind,
} from "../suspend/messages.ts";

/** How the debuggee's process is started. */
export interface DebuggeeOptions {
  /** A Node.js executable, 20 or newer. */
  readonly runtimeExecutable: string;
  readonly runtimeArgs: readonly string[];
  readonly cwd: string;
  /**
   * Whether it may be let go of: as a child process it then gets no signals that are meant for this process and its kin, and is
   * not in the job of processes that Windows ends together with this one.
   */
  readonly mayOutlive?: boolean;
  /** The guest thread's script (`runtime/guest/main` as built). */
  readonly guestScript: URL;
  /** Starts a command in the client's terminal instead of as a child process. */
  readonly runInTerminal?: (command: {
    readonly argv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  }) => Promise<void>;
  /** Every message in both directions, for a trace. */
  readonly onMessage?: (direction: "ask" | "answer" | "event", header: string, bodyBytes: number) => void;
}

/** How a debuggee's process ended, as far as can be known. */
export interface DebuggeeEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last of what the process itself wrote to stderr. */
  readonly stderr: string;
}

/** An answer with its body. */
export type Answered = AnswerFacts & { readonly body: Uint8Array };

/** How long a process may take to connect back, in milliseconds. A terminal may have a shell to start, or a user to ask. */
const connectMs = 20_000;
const connectInTerminalMs = 60_000;
/** In what pieces that is counted. */
const pieceMs = 1_000;
const stderrTailBytes = 8_192;
/**
 * Set by editors to hook every Node process they start: the guest's is not theirs. And certificates, which Node.js may read for
 * 40 ms when it starts: the debuggee talks to nobody but the controller.
 */
const foreignVariables = ["NODE_OPTIONS", "VSCODE_INSPECTOR_OPTIONS", "NODE_EXTRA_CA_CERTS"];

/**
 * A debuggee's process and the one connection to it: questions out, answers and events back.
 *
 * Listens on 127.0.0.1 and lets in who knows the token, once; the listening socket is closed then.
 */
export class Debuggee {
  readonly processId: number;
  /** Version of its Node.js. */
  readonly node: string;
  /** Settles when the process (or, in a terminal, its connection) is gone. Never rejects. */
  readonly ended: Promise<DebuggeeEnd>;
  onEvent: (event: GuestEvent, body: Uint8Array) => void = () => {};
  readonly #socket: Socket;
  readonly #child: ChildProcess | undefined;
  readonly #trace: DebuggeeOptions["onMessage"];
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answered) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;
  #gone = false;
  #onDetached: () => void = () => {};
  #isDetached = false;

  private constructor(connection: Connection, child: ChildProcess | undefined, options: DebuggeeOptions) {
    this.processId = connection.processId;
    this.node = connection.node;
    this.#socket = connection.socket;
    this.#child = child;
    this.#trace = options.onMessage;
    connection.reader = (header, body) => this.#receive(header, body);
    this.ended = this.#watch(connection.stderr);
  }

  /** @throws {TargetError} `launch-failed` when it cannot be started or does not connect. */
  static async start(options: DebuggeeOptions): Promise<Debuggee> {
    const token = randomBytes(16).toString("hex");
    const server = await listen();
    const stderr = { tail: "" };
    let child: ChildProcess | undefined;
    try {
      const connection = accept(server, token, stderr, options);
      connection.catch(() => {});
      const started = startProcess(options, server, token, stderr);
      child = started.child;
      const failed = started.failed.catch((error: Error) => {
        throw new TargetError("launch-failed", error.message);
      });
      return new Debuggee(await Promise.race([connection, failed]), child, options);
    } catch (error) {
      child?.kill("SIGKILL");
      throw error;
    } finally {
      server.close();
    }
  }

  /**
   * Asks the guest thread. Rejects with the `TargetError` it answers with, or `disconnected` when it is gone.
   *
   * @param body May come in parts, which are sent from where they lie: nothing may change them before the answer.
   */
  ask(question: QuestionKind, body: Uint8Array | readonly Uint8Array[] = []): Promise<Answered> {
    if (this.#gone) return Promise.reject(gone());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, ...question }, body instanceof Uint8Array ? [body] : body);
    });
  }

  /** Asks what nobody needs an answer to, nor gets one. */
  tell(question: QuestionKind): void {
    if (!this.#gone) this.#send({ id: 0, ...question }, []);
  }

  #send(question: Question, body: readonly Uint8Array[]): void {
    const header = JSON.stringify(question);
    this.#trace?.("ask", header, sizeOfParts(body));
    sendMessage(this.#socket, header, body);
  }

  /**
   * Lets the process live on without us: it knows when this resolves. It has ended, or cannot be reached and will, when that
   * resolves to false. Nothing can be asked of it any more in any case.
   */
  async detach(): Promise<boolean> {
    if (this.#gone) return false;
    const agreed = new Promise<true>((resolve) => {
      this.#onDetached = () => resolve(true);
    });
    this.#trace?.("ask", detachHeader, 0);
    sendMessage(this.#socket, detachHeader);
    if (!(await Promise.race([agreed, this.ended.then(() => false)]))) return false;
    this.#isDetached = true;
    this.#leave();
    this.#socket.destroy();
    this.#child?.stderr?.destroy();
    this.#child?.unref();
    return true;
  }

  /** Has no effect on a process that has been let go of. */
  kill(): void {
    if (this.#isDetached) return;
    try {
      if (this.#child !== undefined) this.#child.kill("SIGKILL");
      else if (!this.#gone) process.kill(this.processId, "SIGKILL");
    } catch {
      // It has ended in the meantime, which is what was wanted.
    }
    this.#socket.destroy();
  }

  #receive(header: string, body: Uint8Array): void {
    const message = JSON.parse(header) as Answer | GuestEvent;
    this.#trace?.("e" in message ? "event" : "answer", header, body.length);
    if ("e" in message) {
      if (message.e === "detached") this.#onDetached();
      else this.onEvent(message, body);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    if (message.ok) waiting.resolve({ ...message, body });
    else waiting.reject(new TargetError(message.code, message.message));
  }

  async #watch(stderr: { tail: string }): Promise<DebuggeeEnd> {
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("error", () => this.#socket.destroy());
    const child = this.#child;
    const exited = child === undefined ? closed.then(() => [null, null] as const) : exitOf(child);
    const [exitCode, signal] = (await Promise.all([exited, closed]))[0];
    this.#leave();
    return { exitCode, signal, stderr: stderr.tail };
  }

  #leave(): void {
    this.#gone = true;
    for (const waiting of this.#waiting.values()) waiting.reject(gone());
    this.#waiting.clear();
  }
}

const gone = (): TargetError => new TargetError("disconnected", "The debuggee's process has ended.");

interface Connection {
  readonly socket: Socket;
  readonly processId: number;
  /** Version of its Node.js. */
  readonly node: string;
  readonly stderr: { tail: string };
  reader: (header: string, body: Uint8Array) => void;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true });
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** The first connection that says the token. Others are hung up on. */
function accept(
  server: Server,
  token: string,
  stderr: { tail: string },
  { runtimeExecutable, runInTerminal }: DebuggeeOptions,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const limitMs = runInTerminal === undefined ? connectMs : connectInTerminalMs;
    const whose =
      runInTerminal === undefined
        ? `"${runtimeExecutable}" did not start the program within ${limitMs / 1000} s: expected a Node.js of version 20 or newer. Name one as "runtimeExecutable", and look at "runtimeArgs".`
        : `The terminal did not start the program within ${limitMs / 1000} s. Look there for why, or use another "console".`;
    // In small pieces, of which one passes while this process is busy with a large module and hears nobody.
    let piecesLeft = limitMs / pieceMs;
    const timer = setInterval(() => {
      if (--piecesLeft > 0) return;
      clearInterval(timer);
      reject(new TargetError("launch-failed", whose));
    }, pieceMs).unref();
    server.on("connection", (socket) => {
      let connection: Connection | undefined;
      const reader = new MessageReader((header, body) => {
        if (connection !== undefined) return connection.reader(header, body);
        const hello = JSON.parse(header) as GuestEvent;
        if (hello.e !== "hello" || hello.token !== token) return void socket.destroy();
        clearInterval(timer);
        connection = { socket, processId: hello.pid, node: hello.node, stderr, reader: () => {} };
        resolve(connection);
      });
      socket.on("data", (chunk) => {
        try {
          reader.push(chunk);
        } catch {
          socket.destroy();
        }
      });
      socket.on("error", () => socket.destroy());
    });
  });
}

/** Starts the process; `failed` rejects when it ends, or cannot be started, and never resolves. */
function startProcess(
  options: DebuggeeOptions,
  server: Server,
  token: string,
  stderr: { tail: string },
): { readonly child: ChildProcess | undefined; readonly failed: Promise<never> } {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const connect = { WASM_DAP_CONNECT: `127.0.0.1:${port}/${token}` };
  const argv = [...options.runtimeArgs, fileURLToPath(options.guestScript)];
  if (options.runInTerminal !== undefined) {
    const command = { argv: [options.runtimeExecutable, ...argv], cwd: options.cwd, env: connect };
    const failed = options.runInTerminal(command).then(() => new Promise<never>(() => {}));
    return { child: undefined, failed };
  }
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of foreignVariables) delete env[name];
  Object.assign(env, connect);
  const child = spawn(options.runtimeExecutable, argv, {
    cwd: options.cwd,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    detached: options.mayOutlive === true,
    windowsHide: true,
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr.tail = (stderr.tail + chunk.toString("utf8")).slice(-stderrTailBytes);
  });
  return { child, failed: startFailure(child, options, stderr) };
}

async function startFailure(
  child: ChildProcess,
  options: DebuggeeOptions,
  stderr: { tail: string },
): Promise<never> {
  const reason = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(`it ended with ${signal ?? `status ${code}`} ${stderr.tail}`.trim()),
    );
  });
  throw new Error(
    `The runtime "${options.runtimeExecutable}" could not be started: ${reason}. "runtimeExecutable" must name a Node.js of version 20 or newer, and "cwd" a folder.`,
  );
}

/** Resolves after the streams are closed, so that the last words on stderr are in. */
function exitOf(child: ChildProcess): Promise<readonly [number | null, string | null]> {
  return new Promise((resolve) => child.once("close", (code, signal) => resolve([code, signal])));
}

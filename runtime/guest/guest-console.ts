import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { TargetError } from "../../src/base/errors.ts";
import { outputWindowBytes, Word } from "../suspend/control.ts";
import type { GuestConsole } from "../wasi/console.ts";
import type { AgentPort } from "./agent-port.ts";
import { LastWords } from "./last-words.ts";
import { LogBuffer } from "./log-buffer.ts";
import type { Mailbox } from "./mailbox.ts";

/** How a blocking host call lets the debugger in. */
export interface Interruptions {
  /** Whether a pause or an end is wanted. */
  interrupted(): boolean;
  /** Parks or unwinds for it; returns when the guest may go on. */
  attend(): void;
  /** Ends the guest by unwinding. */
  exit(code: number): never;
}

/**
 * The guest's console: output in order with stops, input fed by the debugger, waits that can be paused.
 *
 * Piped, output leaves through the agent, never more than `outputWindowBytes` under way, so a guest that prints
 * for ever waits instead of filling memory. In a terminal it goes straight to the process's own streams.
 */
export class GuestConsoleHost implements GuestConsole {
  readonly lastWords = new LastWords();
  readonly #agent: AgentPort;
  readonly #mailbox: Mailbox;
  readonly #words: Int32Array;
  readonly #interruptions: Interruptions;
  readonly #logs: LogBuffer;
  #terminal = false;
  #detached = false;
  #file: number | undefined;
  #chunks: Uint8Array[] = [];
  #ended = false;

  constructor(agent: AgentPort, mailbox: Mailbox, words: Int32Array, interruptions: Interruptions) {
    this.#agent = agent;
    this.#mailbox = mailbox;
    this.#words = words;
    this.#interruptions = interruptions;
    this.#logs = new LogBuffer(words, (records) => agent.log(records));
    agent.beforeOthers = () => this.#logs.flush();
  }

  /** Chooses where the streams lead; once, before the guest runs. Throws `TargetError` for a stdin file that cannot be read. */
  open(options: { readonly terminal: boolean; readonly stdinFile: string | null }): void {
    this.#terminal = options.terminal;
    if (options.stdinFile === null) {
      if (options.terminal) this.#agent.note("read-terminal");
      return;
    }
    try {
      this.#file = openSync(options.stdinFile, "r");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TargetError("launch-failed", `The file for the guest's stdin cannot be opened: ${why}.`);
    }
  }

  /** Bytes for stdin from the debugger; `end` closes it. Ignored when stdin is a file. */
  feed(bytes: Uint8Array, end: boolean): void {
    if (bytes.length > 0) this.#chunks.push(bytes);
    if (end) this.#ended = true;
  }

  /** There is nobody to print for any more, nor to type: what is printed is dropped, and input ends, but for a terminal's. */
  detach(): void {
    this.#detached = true;
    if (!this.#terminal) this.#ended = true;
  }

  write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (stream === "stderr") this.lastWords.add(bytes);
    this.#mailbox.undisturbed(() => {
      if (this.#terminal) return writeFully(stream === "stdout" ? 1 : 2, bytes);
      if (this.#detached) return;
      this.#waitForWindow();
      Atomics.add(this.#words, Word.outputSent, bytes.length);
      this.#agent.event({ e: "output", stream }, bytes.slice());
    });
  }

  /** Sends records of logpoints, which go to the debugger whatever the console is. `records` is given away. */
  log(records: Uint8Array<ArrayBuffer>): void {
    this.#waitForWindow();
    this.#logs.add(records);
  }

  /** Sends what of them is still held back. */
  flushLog(): void {
    this.#logs.flush();
  }

  readStdin(into: Uint8Array): number {
    if (this.#file !== undefined) return this.#readFile(this.#file, into);
    const chunk = this.#chunks[0];
    if (chunk === undefined) return 0;
    const take = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, take));
    if (take === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(take);
    return take;
  }

  stdinState(): "open" | "ready" | "closed" {
    if (this.#file !== undefined || this.#chunks.length > 0) return "ready";
    return this.#ended ? "closed" : "open";
  }

  wait(timeoutMs: number | undefined, ready: () => boolean): boolean {
    const deadline = timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
    return this.#mailbox.undisturbed(() => {
      for (;;) {
        const left = deadline === undefined ? undefined : Math.max(0, deadline - performance.now());
        const over = this.#mailbox.wait("waiting", left, () => ready() || this.#interruptions.interrupted());
        if (this.#interruptions.interrupted()) this.#interruptions.attend();
        else return over && ready();
        if (ready()) return true;
      }
    });
  }

  exit(code: number): never {
    return this.#interruptions.exit(code);
  }

  #readFile(file: number, into: Uint8Array): number {
    const read = readSync(file, into);
    if (read === 0 && into.length > 0) {
      closeSync(file);
      this.#file = undefined;
      this.#ended = true;
    }
    return read;
  }

  #waitForWindow(): void {
    const words = this.#words;
    const underWay = (): number =>
      (Atomics.load(words, Word.outputSent) - Atomics.load(words, Word.outputTaken)) | 0;
    // Pauses are attended to at the next site: parking inside a write would show half a line as printed.
    if (underWay() > outputWindowBytes)
      this.#mailbox.wait("waiting", undefined, () => this.#detached || underWay() <= outputWindowBytes);
  }
}

function writeFully(fd: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

import { closeSync, openSync, writeSync } from "node:fs";

/**
 * Every message of a session in a file, one JSON object a line: `{"ms", "from", "message"}`.
 *
 * Which file is known only when the launch request has come, so what came before is kept until then.
 * Written at once and synchronously: a trace is for finding out why something crashed.
 */
export class Trace {
  readonly #started = performance.now();
  #kept: string[] | undefined = [];
  #file: number | undefined;

  record(from: "client" | "adapter" | "guest", message: unknown): void {
    if (this.#file === undefined && this.#kept === undefined) return;
    const ms = Math.round((performance.now() - this.#started) * 1000) / 1000;
    const line = `${JSON.stringify({ ms, from, message })}\n`;
    if (this.#file !== undefined) writeSync(this.#file, line);
    else this.#kept?.push(line);
  }

  /** Begins to write to `file`, or without one stops keeping. Answers a sentence when the file cannot be written. */
  open(file: string | undefined): string | undefined {
    if (this.#file !== undefined) return undefined;
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    if (file === undefined) return undefined;
    try {
      this.#file = openSync(file, "w");
      writeSync(this.#file, kept.join(""));
      return undefined;
    } catch (error) {
      return `The trace cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#kept = undefined;
  }
}

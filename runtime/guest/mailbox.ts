import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { deadSlices, GuestState, sliceMs, Word } from "../suspend/control.ts";
import type { Question } from "../suspend/messages.ts";

/** How the guest thread came to look into its mailbox. */
export type MailContext =
  /** Parked at the suspend point: every question can be answered. */
  | "parked"
  /** Inside a host call that blocks. */
  | "waiting"
  /** Between two guest instructions: an interrupt, or on the way out of our own code. */
  | "running";

export type MailHandler = (question: Question, body: Uint8Array, context: MailContext) => void;

/**
 * The guest thread's end of the channel: messages are taken out here and nowhere else, in order.
 *
 * Three ways lead to `#drain`: the waits below, a poke (the agent evaluates a call of `poked` through the
 * inspector while guest code runs), and leaving our own code after a poke found us busy. A poke can
 * interrupt any JavaScript of ours, so whatever must not be interrupted runs inside `undisturbed`.
 */
export class Mailbox {
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  readonly #handler: MailHandler;
  #busy = 0;
  #missed = false;

  constructor(port: MessagePort, words: Int32Array, handler: MailHandler) {
    this.#port = port;
    this.#words = words;
    this.#handler = handler;
  }

  /** What the agent's poke calls. */
  poked(): void {
    if (this.#busy > 0) this.#missed = true;
    else this.#drain("running");
  }

  /** Runs `work` so that pokes wait until it is done. May be nested. */
  undisturbed<T>(work: () => T): T {
    this.#busy++;
    try {
      return work();
    } finally {
      this.#busy--;
      if (this.#missed && this.#busy === 0) this.#drain("running");
    }
  }

  /**
   * Runs guest code inside of a stop, which messages reach as they reach any. It may be broken off anywhere, `finally` blocks not run:
   * whatever it was inside of then, this is as before.
   */
  running<T>(work: () => T): T {
    const busy = this.#busy;
    const state = Atomics.load(this.#words, Word.state);
    this.#busy = 0;
    Atomics.store(this.#words, Word.state, GuestState.running);
    // What has come before that was sent without a poke.
    this.#drain("running");
    try {
      return work();
    } finally {
      this.#busy = busy;
      Atomics.store(this.#words, Word.state, state);
    }
  }

  /**
   * Blocks until `done()`; looks at the mailbox first and at every message after. Returns whether `done()` held
   * before `timeoutMs` (no limit when `undefined`) was over.
   *
   * Ends the process when the agent shows no sign of life: a user may leave a stop open overnight, a dead
   * controller must not leave a thread asleep for good.
   */
  wait(context: "parked" | "waiting", timeoutMs: number | undefined, done: () => boolean): boolean {
    const words = this.#words;
    const before = Atomics.load(words, Word.state);
    const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
    Atomics.store(words, Word.state, context === "parked" ? GuestState.parked : GuestState.waiting);
    let seen = Atomics.load(words, Word.wake);
    let held = false;
    try {
      const life = new Heartbeat(words);
      for (;;) {
        this.#drain(context);
        held = done();
        const left = deadline - performance.now();
        if (held || left <= 0) break;
        const woken = Atomics.wait(words, Word.wake, seen, Math.min(sliceMs, left));
        if (woken === "timed-out") life.check();
        seen = Atomics.load(words, Word.wake);
      }
    } finally {
      Atomics.store(words, Word.state, before);
    }
    // A message that came after the last look found the state still "parked" and sent no poke.
    if (Atomics.load(words, Word.wake) !== seen && before === GuestState.running) this.#missed = true;
    return held;
  }

  #drain(context: MailContext): void {
    this.#missed = false;
    this.#busy++;
    try {
      for (;;) {
        const mail = receiveMessageOnPort(this.#port) as { message: [string, Uint8Array] } | undefined;
        if (mail === undefined) break;
        const [header, body] = mail.message;
        this.#handler(JSON.parse(header) as Question, body, context);
      }
    } finally {
      this.#busy--;
    }
  }
}

/** Ends the process after `deadSlices` looks without a change. */
class Heartbeat {
  readonly #words: Int32Array;
  #last: number;
  #still = 0;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#last = Atomics.load(words, Word.heartbeat);
  }

  check(): void {
    const now = Atomics.load(this.#words, Word.heartbeat);
    this.#still = now === this.#last ? this.#still + 1 : 0;
    this.#last = now;
    if (this.#still >= deadSlices) process.kill(process.pid, "SIGKILL");
  }
}

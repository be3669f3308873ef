/**
 * How far a session has come: what its client has asked for, and what is under way. What moves it on is in `lifecycle.ts`,
 * `load-program.ts` and `end-session.ts`.
 */
export class Phase {
  /** `configurationDone` has come. */
  configured = false;
  /** The client wants no more of this session. */
  over = false;
  /** The client wants the program to end. */
  terminating = false;
  /** A pause has come before the start. */
  stopOnEntry = false;
  /** The newest load, until it settles and after. */
  loading: Promise<unknown> = Promise.resolve();
  /** The end, once it has begun: there is one. */
  ending: Promise<void> | undefined;
  #reminder: NodeJS.Timeout | undefined;

  /** Calls `remind` after `patienceMs` milliseconds, unless `forgetReminder` comes before. */
  remindLater(patienceMs: number, remind: () => void): void {
    this.#reminder = setTimeout(remind, patienceMs).unref();
  }

  forgetReminder(): void {
    clearTimeout(this.#reminder);
  }
}

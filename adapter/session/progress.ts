import type { Client } from "../protocol/events.ts";

/** How long something may take before its user is told that it is under way, in milliseconds. */
const patienceMs = 300;
/** Time between two reports of how far it is, in milliseconds. */
const intervalMs = 200;

/** Something that may take long. */
export interface Progress {
  /** Says how far it is; told now and then, and only if it takes long. `percentage` is from 0 to 100. */
  report(message: string, percentage?: number): void;
  /** Says so now, and lets the message out: for work that will leave no time for it. */
  show(message: string, percentage?: number): Promise<void>;
  end(): void;
}

/** What is shown of something that takes long. */
export interface ProgressFacts {
  readonly title: string;
  /** Of the request that it is for. */
  readonly requestSeq?: number | undefined;
  /** Gives it up; without, it cannot be. */
  readonly cancel?: () => void;
}

/** Lets everything else have a turn: a message that has come is read, one that is written leaves. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is under way, for the client to show and to give up. Silent for a client that shows nothing of the kind. */
export class ProgressReports {
  readonly #client: Client;
  readonly #isWanted: () => boolean;
  readonly #open = new Map<string, () => void>();
  #next = 1;

  constructor(client: Client, isWanted: () => boolean) {
    this.#client = client;
    this.#isWanted = isWanted;
  }

  begin({ title, requestSeq, cancel }: ProgressFacts): Progress {
    const progressId = `progress ${this.#next++}`;
    const client = this.#client;
    let started = false;
    let told = 0;
    const start = (): void => {
      if (started || !this.#isWanted()) return;
      started = true;
      if (cancel) this.#open.set(progressId, cancel);
      client.sendAtOnce("progressStart", {
        ...{ progressId, title, cancellable: cancel !== undefined },
        ...(requestSeq === undefined ? {} : { requestId: requestSeq }),
      });
    };
    const timer = setTimeout(start, patienceMs).unref();
    const update = (message: string, percentage: number | undefined): void => {
      told = performance.now();
      const part = percentage === undefined ? {} : { percentage: Math.round(percentage) };
      client.sendAtOnce("progressUpdate", { progressId, message, ...part });
    };
    return {
      report: (message, percentage) => {
        if (started && performance.now() - told >= intervalMs) update(message, percentage);
      },
      show: async (message, percentage) => {
        start();
        if (!started) return;
        update(message, percentage);
        await nextTurn();
      },
      end: () => {
        clearTimeout(timer);
        this.#open.delete(progressId);
        if (started) client.sendAtOnce("progressEnd", { progressId });
        started = false;
      },
    };
  }

  /** Gives up what the client calls so. Whether there is such a thing. */
  cancel(progressId: string): boolean {
    const cancel = this.#open.get(progressId);
    cancel?.();
    return cancel !== undefined;
  }
}

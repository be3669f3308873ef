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
  /** Shown, by number. */
  readonly #open = new Map<string, () => void>();
  /** Begun and neither shown nor over, the longest under way first. */
  readonly #quiet = new Set<Report>();
  /** One for all that is quiet: nearly everything is over long before, and a timer of its own would be what takes longest. */
  #timer: NodeJS.Timeout | undefined;
  #next = 1;

  constructor(client: Client, isWanted: () => boolean) {
    this.#client = client;
    this.#isWanted = isWanted;
  }

  begin(facts: ProgressFacts): Progress {
    const report = new Report(this.#client, `progress ${this.#next++}`, facts, {
      start: () => this.#start(report),
      end: () => {
        this.#quiet.delete(report);
        this.#open.delete(report.progressId);
      },
    });
    this.#quiet.add(report);
    this.#timer ??= this.#wakeIn(patienceMs);
    return report;
  }

  /** Gives up what the client calls so. Whether there is such a thing. */
  cancel(progressId: string): boolean {
    const cancel = this.#open.get(progressId);
    cancel?.();
    return cancel !== undefined;
  }

  #wakeIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#showWhatIsLate(), ms).unref();
  }

  #showWhatIsLate(): void {
    this.#timer = undefined;
    for (const report of this.#quiet) {
      const left = report.begunAt + patienceMs - performance.now();
      if (left > 0) {
        this.#timer = this.#wakeIn(Math.ceil(left));
        return;
      }
      this.#start(report);
    }
  }

  #start(report: Report): void {
    if (!this.#quiet.delete(report) || !this.#isWanted()) return;
    const { cancel } = report.facts;
    if (cancel) this.#open.set(report.progressId, cancel);
    report.tellStart();
  }
}

/** One thing under way. */
class Report implements Progress {
  readonly progressId: string;
  readonly facts: ProgressFacts;
  readonly begunAt = performance.now();
  readonly #client: Client;
  readonly #reports: { start(): void; end(): void };
  #isShown = false;
  #told = 0;

  constructor(
    client: Client,
    progressId: string,
    facts: ProgressFacts,
    reports: { start(): void; end(): void },
  ) {
    this.#client = client;
    this.progressId = progressId;
    this.facts = facts;
    this.#reports = reports;
  }

  tellStart(): void {
    const { title, requestSeq, cancel } = this.facts;
    this.#isShown = true;
    this.#client.sendAtOnce("progressStart", {
      ...{ progressId: this.progressId, title, cancellable: cancel !== undefined },
      ...(requestSeq === undefined ? {} : { requestId: requestSeq }),
    });
  }

  report(message: string, percentage?: number): void {
    if (this.#isShown && performance.now() - this.#told >= intervalMs) this.#update(message, percentage);
  }

  async show(message: string, percentage?: number): Promise<void> {
    this.#reports.start();
    if (!this.#isShown) return;
    this.#update(message, percentage);
    await nextTurn();
  }

  end(): void {
    this.#reports.end();
    if (this.#isShown) this.#client.sendAtOnce("progressEnd", { progressId: this.progressId });
    this.#isShown = false;
  }

  #update(message: string, percentage: number | undefined): void {
    this.#told = performance.now();
    const part = percentage === undefined ? {} : { percentage: Math.round(percentage) };
    this.#client.sendAtOnce("progressUpdate", { progressId: this.progressId, message, ...part });
  }
}

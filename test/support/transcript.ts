import { ruleErrors, type Said } from "./dap-rules.ts";
import { schemaErrors } from "./dap-schema.ts";

/** A message, to be looked into. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies, and what is in them is what they test.
export type Message = Record<string, any>;

/** How long a test waits for a message before it fails with the transcript so far, in milliseconds. */
const limitMs = 20_000;

interface Waiting {
  readonly fits: (message: Message) => boolean;
  readonly done: (message: Message) => void;
}

/**
 * Everything two sides said, for tests to wait for, look through, and hold against the protocol.
 *
 * Each message is handed to one waiter; one that nobody waited for is kept for whoever comes later, so
 * that no test has to begin to wait before it causes what it waits for.
 */
export class Transcript {
  readonly all: Said[] = [];
  /** Whether the adapter has closed its side. */
  closed = false;
  readonly #waiting: Waiting[] = [];
  readonly #unseen: Message[] = [];
  readonly #onClosed: (() => void)[] = [];

  sent(message: Message): void {
    this.all.push({ from: "client", message });
  }

  received(message: Message): void {
    this.all.push({ from: "adapter", message });
    const index = this.#waiting.findIndex(({ fits }) => fits(message));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting === undefined) this.#unseen.push(message);
    else waiting.done(message);
  }

  ended(): void {
    this.closed = true;
    for (const done of this.#onClosed.splice(0)) done();
  }

  /** The first message that fits and that nobody has been given; waits for it. */
  wait(what: string, fits: (message: Message) => boolean): Promise<Message> {
    const index = this.#unseen.findIndex(fits);
    const [found] = index < 0 ? [] : this.#unseen.splice(index, 1);
    if (found !== undefined) return Promise.resolve(found);
    return this.#limited(what, new Promise((done) => this.#waiting.push({ fits, done })));
  }

  /** The body of the first event of this name that nobody has been given. */
  async event(name: string, fits: (body: Message) => boolean = () => true): Promise<Message> {
    const found = await this.wait(
      `an event ${name}`,
      (one) => one.type === "event" && one.event === name && fits(one.body ?? {}),
    );
    return found.body ?? {};
  }

  /** Settles when the adapter has closed its side. */
  async end(): Promise<void> {
    if (this.closed) return;
    await this.#limited("the adapter to close", new Promise<void>((done) => this.#onClosed.push(done)));
  }

  /** Bodies of all events of a name so far, seen or not. */
  events(name: string): Message[] {
    return this.all
      .filter(({ from, message }) => from === "adapter" && message.type === "event" && message.event === name)
      .map(({ message }) => (message.body ?? {}) as Message);
  }

  /** Everything printed under a category. */
  output(category: string): string {
    return this.events("output")
      .filter((body) => body.category === category)
      .map((body) => body.output)
      .join("");
  }

  /** Names of the adapter's messages so far: events by name, answers as `command!`, failed ones as `command?`. */
  said(): string[] {
    return this.all
      .filter(({ from }) => from === "adapter")
      .map(({ message }) =>
        message.type === "event" ? String(message.event) : `${message.command}${message.success ? "!" : "?"}`,
      );
  }

  /** Fails with everything that is wrong with what the adapter said. */
  verify(options: { readonly mayBreakOff?: boolean } = {}): void {
    const errors = this.all
      .filter(({ from }) => from === "adapter")
      .flatMap(({ message }) => schemaErrors(message))
      .concat(ruleErrors(this.all, options));
    if (errors.length > 0) throw new Error(`${errors.join("\n")}\n${this.#soFar()}`);
  }

  async #limited<T>(what: string, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited in vain for ${what}\n${this.#soFar()}`)), limitMs);
    });
    try {
      return await Promise.race([promise, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  #soFar(): string {
    return this.all.map(({ from, message }) => `${from}: ${JSON.stringify(message)}`).join("\n");
  }
}

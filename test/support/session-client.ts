import { MessageReader, writeMessage } from "../../adapter/protocol/framing.ts";
import { ruleErrors, type Said } from "./dap-rules.ts";
import { schemaErrors } from "./dap-schema.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies, and what is in them is what they test.
type Message = Record<string, any>;

/** How long a test waits for a message before it fails with the transcript so far, in milliseconds. */
const limitMs = 10_000;

/**
 * A client for tests, over any two streams: sends whatever it is told, well formed or not, and keeps
 * the transcript. `verify` holds it against the protocol's schema and rules.
 */
export class SessionClient {
  readonly transcript: Said[] = [];
  /** Whether the adapter has closed its side. */
  closed = false;
  readonly #to: NodeJS.WritableStream;
  readonly #waiting: {
    readonly fits: (message: Message) => boolean;
    readonly done: (message: Message) => void;
  }[] = [];
  /** Messages nobody has waited for yet. */
  readonly #unseen: Message[] = [];
  readonly #onClosed: (() => void)[] = [];
  #seq = 0;

  constructor(from: NodeJS.ReadableStream, to: NodeJS.WritableStream) {
    this.#to = to;
    const reader = new MessageReader();
    from.on("data", (chunk: Buffer) => {
      for (const framed of reader.read(chunk)) {
        if (framed.kind !== "message") throw new Error(framed.problem);
        this.#receive(framed.message as Message);
      }
    });
    const close = () => {
      this.closed = true;
      for (const done of this.#onClosed.splice(0)) done();
    };
    from.on("end", close);
    from.on("close", close);
    to.on("error", () => {});
  }

  /** Sends a request and waits for its answer, whatever it is. */
  async request(command: string, args?: object): Promise<Message> {
    const seq = this.post(command, args);
    return this.#wait(
      `the answer to ${command}`,
      (one) => one.type === "response" && one.request_seq === seq,
    );
  }

  /** Sends a request and answers its body; fails the test if the request fails. */
  async ask(command: string, args?: object): Promise<Message> {
    const answer = await this.request(command, args);
    if (answer.success !== true) throw new Error(`${command} failed: ${answer.message}`);
    return answer.body ?? {};
  }

  /** Sends a request without waiting. Answers its number. */
  post(command: string, args?: object): number {
    const message = {
      seq: ++this.#seq,
      type: "request",
      command,
      ...(args === undefined ? {} : { arguments: args }),
    };
    this.send(message);
    return message.seq;
  }

  /** Waits for the answer to a request posted before. */
  answerTo(seq: number): Promise<Message> {
    return this.#wait(
      `the answer to request ${seq}`,
      (one) => one.type === "response" && one.request_seq === seq,
    );
  }

  /** Sends a message as it is. */
  send(message: Message): void {
    this.transcript.push({ from: "client", message });
    this.#to.write(writeMessage(message));
  }

  /** Sends bytes that may be anything. */
  sendRaw(bytes: string | Buffer): void {
    this.#to.write(bytes);
  }

  /** Closes our side, as a client that disappears does. */
  hangUp(): void {
    this.#to.end();
  }

  /** The first event of this name that no test has seen yet; waits for it. Answers its body. */
  async event(name: string, fits: (body: Message) => boolean = () => true): Promise<Message> {
    const found = await this.#wait(
      `an event ${name}`,
      (one) => one.type === "event" && one.event === name && fits(one.body ?? {}),
    );
    return found.body ?? {};
  }

  /** The next reverse request. */
  reverseRequest(command: string): Promise<Message> {
    return this.#wait(`a request ${command}`, (one) => one.type === "request" && one.command === command);
  }

  /** Bodies of all events of a name so far, seen or not. */
  events(name: string): Message[] {
    return this.transcript
      .filter(({ from, message }) => from === "adapter" && message.type === "event" && message.event === name)
      .map(({ message }) => (message.body ?? {}) as Message);
  }

  /** Names of the adapter's messages so far: events by name, answers as `command!`, failed ones as `command?`. */
  said(): string[] {
    return this.transcript
      .filter(({ from }) => from === "adapter")
      .map(({ message }) =>
        message.type === "event" ? String(message.event) : `${message.command}${message.success ? "!" : "?"}`,
      );
  }

  /** Everything the program printed on a stream. */
  output(category: string): string {
    return this.events("output")
      .filter((body) => body.category === category)
      .map((body) => body.output)
      .join("");
  }

  /** Settles when the adapter has closed its side. */
  async end(): Promise<void> {
    if (this.closed) return;
    await this.#limited("the adapter to close", new Promise<void>((resolve) => this.#onClosed.push(resolve)));
  }

  /** Fails with everything that is wrong with what the adapter said. */
  verify(options: { readonly mayBreakOff?: boolean } = {}): void {
    const errors = this.transcript
      .filter(({ from }) => from === "adapter")
      .flatMap(({ message }) => schemaErrors(message))
      .concat(ruleErrors(this.transcript, options));
    if (errors.length > 0) throw new Error(`${errors.join("\n")}\n${this.#soFar()}`);
  }

  #receive(message: Message): void {
    this.transcript.push({ from: "adapter", message });
    const index = this.#waiting.findIndex(({ fits }) => fits(message));
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting === undefined) this.#unseen.push(message);
    else waiting.done(message);
  }

  #wait(what: string, fits: (message: Message) => boolean): Promise<Message> {
    const index = this.#unseen.findIndex(fits);
    const [found] = index < 0 ? [] : this.#unseen.splice(index, 1);
    if (found !== undefined) return Promise.resolve(found);
    return this.#limited(what, new Promise((done) => this.#waiting.push({ fits, done })));
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
    return this.transcript.map(({ from, message }) => `${from}: ${JSON.stringify(message)}`).join("\n");
  }
}

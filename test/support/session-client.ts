import { MessageReader, writeMessage } from "../../adapter/protocol/framing.ts";
import type { Said } from "./dap-rules.ts";
import { type Message, Transcript } from "./transcript.ts";

/**
 * A client for tests, over any two streams: sends whatever it is told, well formed or not, and keeps
 * the transcript.
 */
export class SessionClient {
  readonly heard = new Transcript();
  readonly #to: NodeJS.WritableStream;
  #seq = 0;

  constructor(from: NodeJS.ReadableStream, to: NodeJS.WritableStream) {
    this.#to = to;
    const reader = new MessageReader();
    from.on("data", (chunk: Buffer) => {
      for (const framed of reader.read(chunk)) {
        if (framed.kind !== "message") throw new Error(framed.problem);
        this.heard.received(framed.message as Message);
      }
    });
    from.on("end", () => this.heard.ended());
    from.on("close", () => this.heard.ended());
    from.on("error", () => this.heard.ended());
    to.on("error", () => {});
  }

  get transcript(): Said[] {
    return this.heard.all;
  }

  /** Sends a request and waits for its answer, whatever it is. */
  async request(command: string, args?: object): Promise<Message> {
    return this.answerTo(this.post(command, args));
  }

  /** Sends a request and answers its body; fails the test if the request fails. */
  async ask(command: string, args?: object): Promise<Message> {
    const answer = await this.request(command, args);
    if (answer.success !== true) throw new Error(`${command} failed: ${answer.message}`);
    return answer.body ?? {};
  }

  /** Sends a request without waiting. Answers its number. */
  post(command: string, args?: object): number {
    const seq = ++this.#seq;
    this.send({ seq, type: "request", command, ...(args === undefined ? {} : { arguments: args }) });
    return seq;
  }

  /** Waits for the answer to a request posted before. */
  answerTo(seq: number): Promise<Message> {
    return this.heard.wait(
      `the answer to request ${seq}`,
      (one) => one.type === "response" && one.request_seq === seq,
    );
  }

  /** Sends a message as it is. */
  send(message: Message): void {
    this.heard.sent(message);
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

  event(name: string, fits?: (body: Message) => boolean): Promise<Message> {
    return this.heard.event(name, fits);
  }

  /** The next reverse request. */
  reverseRequest(command: string): Promise<Message> {
    return this.heard.wait(
      `a request ${command}`,
      (one) => one.type === "request" && one.command === command,
    );
  }

  events(name: string): Message[] {
    return this.heard.events(name);
  }

  said(): string[] {
    return this.heard.said();
  }

  output(category: string): string {
    return this.heard.output(category);
  }

  end(): Promise<void> {
    return this.heard.end();
  }

  verify(options: { readonly mayBreakOff?: boolean } = {}): void {
    this.heard.verify(options);
  }
}

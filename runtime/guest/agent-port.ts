import type { MessagePort } from "node:worker_threads";
import type { Answer, GuestEvent } from "../suspend/messages.ts";

/** What the guest thread tells its own agent, besides messages to forward. */
export type AgentNote =
  /** A pause was asked for and the guest runs: if no site stops it soon, stop it in an interrupt. */
  | "pause-pending"
  /** The guest's stdin is the process's own. */
  | "read-terminal"
  /** That was the last message: flush and let the process end. */
  | "end";

/** A message for the agent: text to forward with a body, or a note. */
export type AgentMail = readonly [header: string, body: Uint8Array | undefined] | AgentNote;

/** The guest thread's mouth: all that leaves it goes through here, in order. */
export class AgentPort {
  readonly #port: MessagePort;
  /** Sends by `log` what has been held back, since all that is said leaves in order. */
  beforeOthers: () => void = () => {};

  constructor(port: MessagePort) {
    this.#port = port;
  }

  answer(answer: Answer, body?: Uint8Array): void {
    this.beforeOthers();
    this.#forward(JSON.stringify(answer), body);
  }

  /** `body` is given away: the caller must own its buffer and not use it again. */
  event(event: GuestEvent, body?: Uint8Array): void {
    this.beforeOthers();
    this.#forward(JSON.stringify(event), body);
  }

  /** Records of logpoints. Given away as an event's body is. */
  log(records: Uint8Array): void {
    this.#forward(JSON.stringify({ e: "output", stream: "log" } satisfies GuestEvent), records);
  }

  note(note: AgentNote): void {
    this.#port.postMessage(note satisfies AgentMail);
  }

  #forward(header: string, body: Uint8Array | undefined): void {
    const transfer = body !== undefined && body.buffer instanceof ArrayBuffer ? [body.buffer] : [];
    this.#port.postMessage([header, body] satisfies AgentMail, transfer);
  }
}

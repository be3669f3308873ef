import { Word } from "../suspend/control.ts";

/** Bytes of records held back before they leave in any case. */
const mostHeldBytes = 1 << 15;

/**
 * Holds records of logpoints back while others are still on their way, so that a storm of them travels in a few messages.
 *
 * Nothing stays: records leave when the way is free at the next one, before anything else is said, or when the agent
 * asks for them because the guest logs no more.
 */
export class LogBuffer {
  readonly #words: Int32Array;
  readonly #send: (records: Uint8Array<ArrayBuffer>) => void;
  readonly #bytes = new Uint8Array(mostHeldBytes);
  #held = 0;

  /** `send` gives records to the agent. */
  constructor(words: Int32Array, send: (records: Uint8Array<ArrayBuffer>) => void) {
    this.#words = words;
    this.#send = send;
  }

  add(record: Uint8Array<ArrayBuffer>): void {
    if (this.#held + record.length > mostHeldBytes) this.flush();
    if (record.length > mostHeldBytes) {
      this.#leave(record);
      return;
    }
    this.#bytes.set(record, this.#held);
    this.#held += record.length;
    // Said before it is looked: the agent looks after it has taken something, so one of the two sees the other.
    Atomics.store(this.#words, Word.logHeld, 1);
    if (Atomics.load(this.#words, Word.outputSent) === Atomics.load(this.#words, Word.outputTaken))
      this.flush();
  }

  flush(): void {
    if (this.#held === 0) return;
    const records = this.#bytes.slice(0, this.#held);
    this.#held = 0;
    Atomics.store(this.#words, Word.logHeld, 0);
    this.#leave(records);
  }

  #leave(records: Uint8Array<ArrayBuffer>): void {
    Atomics.add(this.#words, Word.outputSent, records.length);
    this.#send(records);
  }
}

import type { Awaitable } from "../../base/awaitable.ts";

/** Answers to questions of one kind, each asked once and kept until it is forgotten. Failures are not kept. */
export class KeptAnswers<K, T> {
  /** While a question is under way its promise, then the answer. */
  readonly #answers = new Map<K, Awaitable<T>>();

  /** The answer for `key`, which `ask` gives where it is not known. */
  of(key: K, ask: () => Awaitable<T>): Awaitable<T> {
    const known = this.#answers.get(key);
    if (known !== undefined || this.#answers.has(key)) return known as Awaitable<T>;
    const asked = ask();
    this.#answers.set(key, asked);
    if (asked instanceof Promise) {
      asked.then(
        (answer) => this.#answers.get(key) === asked && this.#answers.set(key, answer),
        () => this.#answers.get(key) === asked && this.#answers.delete(key),
      );
    }
    return asked;
  }

  forget(key: K): void {
    this.#answers.delete(key);
  }

  clear(): void {
    this.#answers.clear();
  }
}

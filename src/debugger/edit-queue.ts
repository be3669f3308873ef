/** Edits that must not overlap, done one after the other in the order asked. */
export class EditQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `edit` when those before it are done, however they ended. */
  add<T>(edit: () => Promise<T>): Promise<T> {
    const done = this.#last.then(edit);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Resolves when every edit asked for so far is done. */
  async settled(): Promise<void> {
    await this.#last;
  }
}

/** Numbers by position that are mostly small: two bytes each, until one of them needs four. 0 where none has been set. */
export class NarrowColumn {
  #values: Uint16Array | Uint32Array;

  /** `expected`: about how many there will be. */
  constructor(expected: number) {
    this.#values = new Uint16Array(Math.max(expected, 16));
  }

  get(at: number): number {
    return this.#values[at] ?? 0;
  }

  set(at: number, value: number): void {
    if (value > 0xffff && this.#values instanceof Uint16Array) this.#values = Uint32Array.from(this.#values);
    if (at >= this.#values.length) this.#grow(at);
    this.#values[at] = value;
  }

  #grow(at: number): void {
    const length = Math.max(at + 1, this.#values.length * 2);
    const larger = this.#values instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
    larger.set(this.#values);
    this.#values = larger;
  }
}

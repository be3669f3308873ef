/** Unsigned 32-bit numbers, appended one by one: a column whose length is not known beforehand. */
export class Column {
  #values: Uint32Array<ArrayBuffer>;
  #length = 0;

  /** `capacity`: numbers to begin with. */
  constructor(capacity = 256) {
    this.#values = new Uint32Array(Math.max(capacity, 16));
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** The number at an index below `length`. */
  at(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** Forgets all from index `length` on. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** The numbers in memory of their own. */
  toArray(): Uint32Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}

/** Thrown within this folder for a name that is malformed, or would take too much. */
export class NotMangled extends Error {}

const deepest = 200;
/** Characters that all parts of one name may have together: what is short can stand for a lot. */
const mostMade = 1 << 18;
const mostSteps = 1 << 16;
/** Ways tried in vain: where each may be tried within others, there are many. */
const mostFailures = 1000;

/** Reads a mangled name from left to right, within limits. Every method throws `NotMangled` where it cannot. */
export class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #made = 0;
  #steps = 0;
  #failures = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get position(): number {
    return this.#at;
  }
  set position(at: number) {
    this.#at = at;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character, or the one so much further on; empty at the end. */
  peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? "";
  }

  next(): string {
    const character = this.peek();
    if (character === "") throw new NotMangled();
    this.#at++;
    return character;
  }

  /** Moves behind `text` if it comes next. */
  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new NotMangled();
  }

  /** What a sticky pattern matches next. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new NotMangled();
    this.#at += found.length;
    return found;
  }

  text(length: number): string {
    if (this.#at + length > this.#text.length) throw new NotMangled();
    this.#at += length;
    return this.#text.slice(this.#at - length, this.#at);
  }

  /** The character at a place, wherever the reader is; empty outside of the text. */
  textAt(position: number): string {
    return this.#text[position] ?? "";
  }

  /** Reads at an earlier place and comes back. */
  elsewhere<T>(position: number, read: () => T): T {
    const here = this.#at;
    if (position >= here) throw new NotMangled();
    this.#at = position;
    const result = this.nested(read);
    this.#at = here;
    return result;
  }

  /** What can be read here; `undefined`, with nothing read, where that cannot. */
  attempt<T>(read: () => T): T | undefined {
    const [at, depth] = [this.#at, this.#depth];
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NotMangled) || ++this.#failures > mostFailures) throw error;
      [this.#at, this.#depth] = [at, depth];
      return undefined;
    }
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > deepest || ++this.#steps > mostSteps) throw new NotMangled();
    const result = read();
    this.#depth--;
    return result;
  }

  /** Counts what has been put together. */
  made(text: string): string {
    this.#made += text.length;
    if (this.#made > mostMade) throw new NotMangled();
    return text;
  }
}

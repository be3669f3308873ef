import { joinBytes } from "../../src/base/join-bytes.ts";
import type { EncodedTableEntry, Question, StopSnapshot } from "../suspend/messages.ts";
import { guestFrames, type Stack } from "./call-stack.ts";
import type { LoadedGuest } from "./guest-loader.ts";
import type { GuestStore } from "./guest-store.ts";

/** Reads the stack where it is called, at most `limit` call sites of it. */
export type StackReader = (limit?: number) => Stack;

/** Call sites of a stack that is short enough to be sent along with every stop. */
const shortStack = 48;
/** What debuggers read memory in. */
const pageBytes = 4096;
/** Pages from the C stack pointer on that go with every stop. */
const stackPages = 2;
/** Pages and table entries remembered; questions about more pages at once are nobody's habit. */
const mostPages = 8;
const mostEntries = 16;

/**
 * What goes along with every stop, because it is going to be asked for: the stack, some globals, the memory that the innermost
 * frames' variables are in, and whatever was asked for at stops before: who steps looks at the same things again.
 */
export class StopSnapshots {
  readonly #guest: LoadedGuest;
  readonly #store: GuestStore;
  /** Those asked for last stand last. */
  readonly #pages = new Set<bigint>();
  readonly #entries = new Map<string, { readonly name: string; readonly index: number }>();

  constructor(guest: LoadedGuest, store: GuestStore) {
    this.#guest = guest;
    this.#store = store;
  }

  /** Remembers what a question looks at. */
  asked(question: Question): void {
    if (question.q === "read-table") {
      const { name, index } = question;
      remember(this.#entries, `${index} ${name}`, mostEntries);
      this.#entries.set(`${index} ${name}`, { name, index });
    } else if (question.q === "read-memory" && question.name === this.#guest.memory) {
      const first = BigInt(question.address) / BigInt(pageBytes);
      const end = (BigInt(question.address) + BigInt(question.length + pageBytes - 1)) / BigInt(pageBytes);
      if (end - first > mostPages) return;
      for (let page = first; page < end; page++) {
        remember(this.#pages, page, mostPages);
        this.#pages.add(page);
      }
    }
  }

  /** `body`: the bytes of `StopSnapshot.memory`, one after the other. */
  take(stack: StackReader): { readonly snapshot: StopSnapshot; readonly body: Uint8Array | undefined } {
    const { snapshot: names, functionCount } = this.#guest;
    const values = names.map((name) => this.#store.global(name));
    const read = stack(shortStack);
    const frames = read.sites.length < shortStack ? guestFrames(read, functionCount) : undefined;
    const tables = this.#tables();
    const { memory, body } = this.#memory();
    return {
      snapshot: {
        values,
        ...(frames ? { frames } : {}),
        ...(tables.length > 0 ? { tables } : {}),
        ...(memory.length > 0 ? { memory } : {}),
      },
      body: memory.length > 0 ? body : undefined,
    };
  }

  #tables(): readonly EncodedTableEntry[] {
    return Array.from(this.#entries.values(), ({ name, index }) => ({
      name,
      index,
      function: this.#store.tableFunction(name, index),
    }));
  }

  #memory(): { readonly memory: NonNullable<StopSnapshot["memory"]>; readonly body: Uint8Array } {
    const { memory: name } = this.#guest;
    if (name === undefined) return { memory: [], body: new Uint8Array(0) };
    const ranges = rangesOf(this.#wantedPages()).map(({ first, count }) => {
      const address = first * BigInt(pageBytes);
      return { address, bytes: this.#store.readMemory(name, address, count * pageBytes) };
    });
    const filled = ranges.filter(({ bytes }) => bytes.length > 0);
    return {
      memory: filled.map(({ address, bytes }) => ({ address: String(address), length: bytes.length })),
      body:
        filled.length === 1 ? (filled[0]?.bytes as Uint8Array) : joinBytes(filled.map(({ bytes }) => bytes)),
    };
  }

  #wantedPages(): readonly bigint[] {
    const pages = new Set(this.#pages);
    const stackPointer = this.#guest.stackPointer();
    for (let page = 0; stackPointer !== undefined && page < stackPages; page++)
      pages.add(stackPointer / BigInt(pageBytes) + BigInt(page));
    return [...pages].sort((a, b) => Number(a - b));
  }
}

/** Makes room for `key` behind all others. */
function remember<K>(known: Set<K> | Map<K, unknown>, key: K, most: number): void {
  known.delete(key);
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
}

function rangesOf(pages: readonly bigint[]): readonly { readonly first: bigint; readonly count: number }[] {
  const ranges: { first: bigint; count: number }[] = [];
  for (const page of pages) {
    const last = ranges.at(-1);
    if (last && last.first + BigInt(last.count) === page) last.count++;
    else ranges.push({ first: page, count: 1 });
  }
  return ranges;
}

import type { MemoryChange } from "../../src/debugger/debugger-types.ts";
import { fromReference, toMemoryReference } from "../convert/reference.ts";

/** References kept: more than a client has windows open. */
const mostKept = 64;

/** How the client has named the parts of memory that it looks at, which is how it wants to hear of changes there. */
export class MemoryReferences {
  readonly #known = new Set<string>();

  /** Notes that the client has asked for memory by this name. */
  add(reference: string): void {
    this.#known.delete(reference);
    this.#known.add(reference);
    const [oldest] = this.#known;
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
  }

  /** A change told by each name the client may know the place by. `offset` counts from the reference. */
  *tell({ memory, address, length }: MemoryChange): Generator<{
    readonly memoryReference: string;
    readonly offset: number;
    readonly count: number;
  }> {
    const own = toMemoryReference(memory, address);
    for (const memoryReference of new Set([...this.#known, ...(own === undefined ? [] : [own])])) {
      const place = fromReference(memoryReference);
      if (place?.kind !== "memory" || place.memory !== memory) continue;
      yield { memoryReference, offset: Number(address - place.address), count: length };
    }
  }
}

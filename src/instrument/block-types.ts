import type { ValueType } from "../wasm/value-type.ts";

/** What a block takes off the operand stack and what it leaves there instead, bottom first. */
export interface BlockSignature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** The function types that are appended for blocks of ours, each once. */
export class BlockTypes {
  readonly #signatures: BlockSignature[] = [];
  readonly #known = new Map<string, number>();

  /** By position, which `add` answers. */
  get signatures(): readonly BlockSignature[] {
    return this.#signatures;
  }

  add(signature: BlockSignature): number {
    const key = `${signature.params.join()}>${signature.results.join()}`;
    let position = this.#known.get(key);
    if (position === undefined) {
      position = this.#signatures.push(signature) - 1;
      this.#known.set(key, position);
    }
    return position;
  }
}

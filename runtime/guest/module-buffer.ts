/**
 * A module whose code comes before the rest of it, in pieces: the rest is put around it where it lies, for a large module should
 * not be in memory twice. Room that is not written to is no memory in use.
 */
export class ModuleBuffer {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** Adds code. With the first piece comes about how much the whole module takes, and what comes before the code. */
  add(piece: Uint8Array, room: { readonly beforeCode: number; readonly wholeBytes: number }): void {
    if (this.#end === 0) {
      this.#bytes = new Uint8Array(Math.max(room.wholeBytes, room.beforeCode + piece.length));
      this.#start = room.beforeCode;
      this.#end = this.#start;
    }
    this.#makeRoom(0, piece.length);
    this.#bytes.set(piece, this.#end);
    this.#end += piece.length;
  }

  /** The module; `beforeCode` bytes of `rest` come before the code that was added. Nothing can be added to it any more. */
  around(rest: Uint8Array, beforeCode: number): Uint8Array {
    if (this.#end === 0) return rest;
    const before = rest.subarray(0, beforeCode);
    const after = rest.subarray(beforeCode);
    this.#makeRoom(before.length, after.length);
    const start = this.#start - before.length;
    this.#bytes.set(before, start);
    this.#bytes.set(after, this.#end);
    const module = this.#bytes.subarray(start, this.#end + after.length);
    this.#bytes = new Uint8Array(0);
    this.#end = 0;
    return module;
  }

  #makeRoom(before: number, after: number): void {
    if (this.#start >= before && this.#end + after <= this.#bytes.length) return;
    const code = this.#bytes.subarray(this.#start, this.#end);
    const start = Math.max(this.#start, before);
    const larger = new Uint8Array((start + code.length + after) * 2);
    larger.set(code, start);
    this.#bytes = larger;
    this.#start = start;
    this.#end = start + code.length;
  }
}

import { unitLengthAt } from "./lengths.ts";
import type { SectionSource } from "./sections.ts";

/** As much of a unit as holds its header and, mostly, its root DIE; where it does not, the core asks for the unit. */
const prefixBytes = 1024;
/** So much is read at once while units are looked for: small ones lie together. */
const windowBytes = 1 << 16;

/**
 * Copies the beginnings of all units of a .debug_info to their places in `target`, and answers how many bytes of each those
 * are. `undefined` when its units do not follow one another to its end: then the section is malformed, and whoever reads all of it
 * says how.
 */
export function giveUnits(target: Uint8Array, source: SectionSource): number | undefined {
  let window = new Uint8Array(0);
  let windowStart = 0;
  for (let at = 0; at < source.length; ) {
    const wanted = Math.min(prefixBytes, source.length - at);
    if (at < windowStart || at + wanted > windowStart + window.length) {
      const size = Math.min(windowBytes, source.length - at);
      if (window.length !== size) window = new Uint8Array(size);
      windowStart = at;
      source.readInto(window, at);
    }
    const head = window.subarray(at - windowStart, at - windowStart + wanted);
    const length = unitLengthAt(head);
    if (length < headerBytes || length > source.length - at) return undefined;
    target.set(head.subarray(0, Math.min(wanted, length)), at);
    at += length;
  }
  return prefixBytes;
}

/** No unit is shorter: its length, version and abbreviations. */
const headerBytes = 8;

import type { DwarfErrorFacts } from "./columns.ts";

/**
 * Thrown for malformed DWARF, and for nothing else.
 *
 * The message holds all three facts: `.debug_info at 0x1c: Hit the end of input before it was expected`.
 * `offset` is the byte at which reading failed where that is known, else the start of what was being read:
 * a DIE, a list, a unit's header, a line program.
 */
export class DwarfError extends Error implements DwarfErrorFacts {
  readonly section: string;
  readonly offset: number;
  readonly reason: string;

  constructor({ section, offset, reason }: DwarfErrorFacts) {
    super(`${section} at 0x${offset.toString(16)}: ${reason}`);
    this.name = "DwarfError";
    this.section = section;
    this.offset = offset;
    this.reason = reason;
  }
}

import { type CodeOffset, type ModuleOffset, toCodeOffset, toModuleOffset } from "../base/brand.ts";
import { MalformedError } from "../base/errors.ts";
import type { ModuleRange } from "../base/range.ts";

/**
 * Bytes from the start of the module for a code address found in DWARF.
 *
 * DWARF counts from the first byte of the code section's payload (its function count), engines and source
 * maps from the start of the file. Confusing the two still lands inside some function, which is why each
 * has its own type.
 *
 * @param code The code section as the section directory gives it. The address just behind its last byte is
 * allowed: line programs end their last sequence there.
 * @throws {MalformedError} `address-past-code` if `address` lies beyond the section.
 * Source: DWARF for WebAssembly, "Code Addresses".
 */
export function moduleOffsetOf(code: ModuleRange, address: CodeOffset): ModuleOffset {
  if (address < 0 || address > code.end - code.start) {
    throw new MalformedError(
      "address-past-code",
      "code",
      code.end,
      `code address 0x${address.toString(16)} lies beyond the code section`,
    );
  }
  return toModuleOffset(code.start + address);
}

/** The code address, as DWARF counts, of a place in the code section given in bytes from the start of the module. */
export function codeOffsetOf(code: ModuleRange, offset: ModuleOffset): CodeOffset {
  return toCodeOffset(offset - code.start);
}

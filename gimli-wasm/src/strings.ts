import { StringSection } from "./columns.ts";
import { DwarfError } from "./error.ts";

/** Name of the section that a `StringSection` value stands for; undefined for 0 and for values that are none. */
export function stringSectionName(section: number): string | undefined {
  switch (section) {
    case StringSection.debugStr:
      return ".debug_str";
    case StringSection.debugLineStr:
      return ".debug_line_str";
    case StringSection.debugInfo:
      return ".debug_info";
    case StringSection.debugTypes:
      return ".debug_types";
    case StringSection.debugLine:
      return ".debug_line";
    default:
      return undefined;
  }
}

const decoder = new TextDecoder();

/**
 * The NUL-terminated string at an offset of a section. Bytes that are not UTF-8 become U+FFFD.
 *
 * @throws {DwarfError} if the offset lies outside the section or no NUL follows.
 */
export function readString(section: string, bytes: Uint8Array | undefined, offset: number): string {
  if (bytes === undefined || offset >= bytes.length)
    throw new DwarfError({ section, offset, reason: "a string starts outside the section" });
  const end = bytes.indexOf(0, offset);
  if (end < 0) throw new DwarfError({ section, offset, reason: "a string does not end" });
  return shortAscii(bytes, offset, end) ?? decoder.decode(bytes.subarray(offset, end));
}

/** Names are mostly short ASCII, for which a decoder's call costs more than the work. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > 24) return undefined;
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

import { StringSection } from "./columns.ts";
import { DwarfError } from "./error.ts";
import { type Sections, sectionName } from "./sections.ts";

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
export function readString(section: string, sections: Sections, offset: number, file: number): string {
  const length = sections.find(section)?.length ?? 0;
  const failed = (reason: string) => new DwarfError({ section: sectionName(section, file), offset, reason });
  if (offset >= length) throw failed("a string starts outside the section");
  // Few strings are longer than the first look; each further one is eight times as long.
  for (let look = firstLook; ; look *= 8) {
    const bytes = sections.bytes(section, offset, look);
    const end = bytes.indexOf(0);
    if (end >= 0) return shortAscii(bytes, end) ?? decoder.decode(bytes.subarray(0, end));
    if (bytes.length < look) throw failed("a string does not end");
  }
}

/** In bytes. */
const firstLook = 256;

/** Names are mostly short ASCII, for which a decoder's call costs more than the work. */
function shortAscii(bytes: Uint8Array, end: number): string | undefined {
  if (end > 24) return undefined;
  let text = "";
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** So much of a section is looked through at once. */
const searchedBytes = 1 << 20;

/** Every offset of a section at which the NUL-terminated string is `text`: also where a longer one ends so, as linkers merge them. */
export function* findString(
  sections: Sections,
  section: string,
  text: string,
): Generator<number, void, undefined> {
  const wanted = new TextEncoder().encode(text);
  const length = sections.find(section)?.length ?? 0;
  // Pieces overlap by the text, so that it is found where one begins.
  for (let start = 0; start < length; start += searchedBytes) {
    const from = Math.max(0, start - wanted.length);
    const piece = sections.piece(section, from, start + searchedBytes - from);
    for (let end = piece.indexOf(0, start - from); end >= 0; end = piece.indexOf(0, end + 1)) {
      const at = end - wanted.length;
      if (at >= 0 && wanted.every((byte, index) => piece[at + index] === byte)) yield from + at;
    }
  }
}

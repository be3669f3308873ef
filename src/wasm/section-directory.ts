import { type ModuleOffset, toModuleOffset } from "../base/brand.ts";
import { ByteCursor } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { readU32 } from "../base/leb128.ts";
import { readName } from "./name-string.ts";

/** Section ids of the binary format. */
export const SECTION_IDS = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  "data-count": 12,
  tag: 13,
} as const;

export type SectionKind = keyof typeof SECTION_IDS;
/** A section with an id of its own: at most one of each in a module. */
export type StandardSectionKind = Exclude<SectionKind, "custom">;

/** The order the standard sections come in, which is not the order of their ids. */
export const SECTION_ORDER: readonly StandardSectionKind[] = [
  "type",
  "import",
  "function",
  "table",
  "memory",
  "tag",
  "global",
  "export",
  "start",
  "element",
  "data-count",
  "code",
  "data",
];

/** Where one section lies in the file. Nothing of its contents has been read. */
export interface Section {
  readonly kind: SectionKind;
  /** The kind, or a custom section's own name. */
  readonly name: string;
  /** Of the id byte. */
  readonly headerStart: ModuleOffset;
  /** Of the first byte after the size; of a custom section, after its name. For `code` the origin of `CodeOffset`. */
  readonly start: ModuleOffset;
  /** Exclusive; the next section's `headerStart`. */
  readonly end: ModuleOffset;
}

/** Contents of a section that are read when they are wanted; as gimli-wasm takes them. */
export interface SectionContents {
  /** In bytes. */
  readonly length: number;
  readInto(target: Uint8Array, offset: number): void;
}

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const VERSION = 1;
/** The magic number and the version, before the first section. */
export const HEADER_SIZE_BYTES = 8;
const kindOfId = new Map<number, SectionKind>();
for (const kind of Object.keys(SECTION_IDS) as SectionKind[]) kindOfId.set(SECTION_IDS[kind], kind);

/**
 * The sections of a module in file order, from their headers alone: the cost is per section, not per byte.
 *
 * @throws {MalformedError} `not-wasm`, `is-component`, `unsupported-version` for the first eight bytes;
 * `bad-section-id`, `bad-section-order` (also for a second one of its kind) and `bad-section-size` (it
 * reaches beyond the file) at the section's header; `bad-utf8` and `unexpected-end` for a custom section's
 * name; `unexpected-end` and LEB128 codes for a header cut off.
 * Source: core specification, binary format, "Modules".
 */
export function readSectionDirectory(bytes: Uint8Array): readonly Section[] {
  checkHeader(bytes);
  const cursor = new ByteCursor(bytes, "module", HEADER_SIZE_BYTES);
  const sections: Section[] = [];
  let place = -1;
  while (!cursor.atEnd) {
    const section = readSectionHeader(cursor);
    if (section.kind !== "custom") {
      const next = SECTION_ORDER.indexOf(section.kind);
      if (next <= place) {
        const detail =
          next === place ? `a second ${section.kind} section` : `the ${section.kind} section comes too late`;
        throw cursor.malformed("bad-section-order", section.headerStart, detail);
      }
      place = next;
    }
    sections.push(section);
    cursor.position = section.end;
  }
  return sections;
}

/** A cursor over a section's contents: after the size, and after the name of a custom section. */
export function cursorOver(bytes: Uint8Array, section: Section): ByteCursor {
  return new ByteCursor(bytes, section.name, section.start, section.end);
}

function checkHeader(bytes: Uint8Array): void {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new MalformedError(
      "not-wasm",
      "module",
      0,
      "not a WebAssembly module: it does not begin with \\0asm",
    );
  }
  if (bytes.length < HEADER_SIZE_BYTES) {
    throw new MalformedError("unexpected-end", "module", 4, "the file ends before the version");
  }
  const cursor = new ByteCursor(bytes, "module", 4);
  const version = cursor.u16();
  const layer = cursor.u16();
  if (version === VERSION && layer === 0) return;
  if (layer === 1) throw cursor.malformed("is-component", 4, "this is a component, not a core module");
  throw cursor.malformed("unsupported-version", 4, `version ${version + layer * 0x1_0000} is not known`);
}

function readSectionHeader(cursor: ByteCursor): Section {
  const headerStart = cursor.position;
  const id = cursor.u8();
  const kind = kindOfId.get(id);
  if (!kind) throw cursor.malformed("bad-section-id", headerStart, `there is no section with id ${id}`);
  const size = readU32(cursor);
  if (size > cursor.remaining) {
    throw cursor.malformed(
      "bad-section-size",
      headerStart,
      `the ${kind} section claims ${size} bytes where ${cursor.remaining} are left`,
    );
  }
  const contents = new ByteCursor(cursor.bytes, kind, cursor.position, cursor.position + size);
  const name = kind === "custom" ? readName(contents) : kind;
  return {
    kind,
    name,
    headerStart: toModuleOffset(headerStart),
    start: toModuleOffset(contents.position),
    end: toModuleOffset(contents.end),
  };
}

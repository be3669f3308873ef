import { ByteWriter } from "../base/bytes.ts";
import { joinBytes } from "../base/join-bytes.ts";
import { readU32, writeU32 } from "../base/leb128.ts";
import type { WasmModule } from "./module.ts";
import { writeName } from "./name-string.ts";
import {
  cursorOver,
  HEADER_SIZE_BYTES,
  SECTION_IDS,
  SECTION_ORDER,
  type Section,
  type StandardSectionKind,
} from "./section-directory.ts";

/** A section to write: bytes of the original, or a payload made anew. */
export type OutputSection =
  | { readonly kind: "original"; readonly section: Section }
  | { readonly kind: "standard"; readonly section: StandardSectionKind; readonly payload: Uint8Array }
  | ({ readonly kind: "custom" } & OutputCustomSection);

export interface OutputCustomSection {
  readonly name: string;
  /** What follows the name. */
  readonly contents: Uint8Array;
}

/** What is to differ from a module as it was read. Whatever is not named here stays, byte for byte. */
export interface ModuleEdits {
  /** New payloads, for sections the module has and for ones it lacks; `undefined` takes a section out. */
  readonly standard?: ReadonlyMap<StandardSectionKind, Uint8Array | undefined>;
  /** Custom sections to add, each just before the place of a standard section. */
  readonly custom?: readonly (OutputCustomSection & { readonly before: StandardSectionKind })[];
  /** Names of custom sections to leave out. */
  readonly withoutCustom?: ReadonlySet<string>;
}

/** Sections whose payload is a count and that many entries. */
export type VectorSectionKind = Exclude<StandardSectionKind, "start" | "data-count">;

/**
 * The bytes of a module with edits applied.
 *
 * A section the module lacks goes just before the next standard section it has, or behind its last one:
 * custom sections at the very front and at the very end (`dylink.0`, `name`) keep those places.
 */
export function writeEditedModule(module: WasmModule, edits: ModuleEdits): Uint8Array<ArrayBuffer> {
  return writeModule(module.bytes, applyEdits(module, edits));
}

/** A module as pieces of memory that follow one another: large sections are views of where they lie, and not copied. */
export type ModuleParts = readonly Uint8Array[];

/**
 * The bytes of a module made of `sections`, in the order given, behind the eight bytes all modules begin with.
 *
 * @param source The file that original sections are ranges of.
 */
export function writeModule(source: Uint8Array, sections: readonly OutputSection[]): Uint8Array<ArrayBuffer> {
  return joinBytes(moduleParts(source, sections));
}

/** The same in parts: views of `source` and of payloads, which must not change as long as they are used. */
export function moduleParts(source: Uint8Array, sections: readonly OutputSection[]): ModuleParts {
  const header = new ByteWriter(HEADER_SIZE_BYTES);
  header.u32(0x6d73_6100);
  header.u32(1);
  return [header.view(), ...sections.flatMap((section) => sectionParts(section, source))];
}

/** The sections of a module with edits applied, for `writeModule`. */
export function applyEdits(module: WasmModule, edits: ModuleEdits): readonly OutputSection[] {
  const { standard, custom = [], withoutCustom } = edits;
  const output: OutputSection[] = [];
  for (const section of module.sections) {
    if (section.kind === "custom") {
      if (!withoutCustom?.has(section.name)) output.push({ kind: "original", section });
    } else if (standard?.has(section.kind)) {
      const payload = standard.get(section.kind);
      if (payload) output.push({ kind: "standard", section: section.kind, payload });
    } else {
      output.push({ kind: "original", section });
    }
  }
  for (const [section, payload] of standard ?? []) {
    if (!payload || module.section(section)) continue;
    output.splice(placeFor(output, section), 0, { kind: "standard", section, payload });
  }
  for (const { before, name, contents } of custom) {
    output.splice(placeFor(output, before), 0, { kind: "custom", name, contents });
  }
  return output;
}

/**
 * A section's payload with entries added behind its own, which are copied and not decoded; for a section
 * the module lacks, a payload of the new entries alone.
 *
 * @param entries `added` entries in their binary form, one after another.
 * @throws {MalformedError} LEB128 codes for the section's own count.
 */
export function appendEntries(
  module: WasmModule,
  kind: VectorSectionKind,
  added: number,
  entries: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const section = module.section(kind);
  const cursor = section && cursorOver(module.bytes, section);
  const count = cursor ? readU32(cursor) : 0;
  const writer = new ByteWriter(5 + (cursor?.remaining ?? 0) + entries.length);
  writeU32(writer, count + added);
  if (cursor) writer.copy(module.bytes, cursor.position, cursor.end);
  writer.copy(entries);
  return writer.view();
}

/** Where in `output` a standard section belongs: before the first that must not come earlier, behind the last that must. */
function placeFor(output: readonly OutputSection[], kind: StandardSectionKind): number {
  const place = SECTION_ORDER.indexOf(kind);
  let behindLast = output.length;
  for (let index = output.length - 1; index >= 0; index--) {
    if (orderOf(output[index]) !== undefined) {
      behindLast = index + 1;
      break;
    }
  }
  const next = output.findIndex((section) => (orderOf(section) ?? -1) >= place);
  return next < 0 ? behindLast : next;
}

function orderOf(section: OutputSection | undefined): number | undefined {
  if (section?.kind === "standard") return SECTION_ORDER.indexOf(section.section);
  if (section?.kind === "original" && section.section.kind !== "custom") {
    return SECTION_ORDER.indexOf(section.section.kind);
  }
  return undefined;
}

/** What stands in front of the payload of a standard section of that size. */
export function sectionHeader(section: StandardSectionKind, size: number): Uint8Array {
  const header = new ByteWriter();
  header.u8(SECTION_IDS[section]);
  writeU32(header, size);
  return header.view();
}

function sectionParts(section: OutputSection, source: Uint8Array): Uint8Array[] {
  if (section.kind === "original") {
    return [source.subarray(section.section.headerStart, section.section.end)];
  }
  const name = new ByteWriter();
  if (section.kind === "custom") writeName(name, section.name);
  const contents = section.kind === "custom" ? section.contents : section.payload;
  const header = new ByteWriter();
  header.u8(section.kind === "custom" ? SECTION_IDS.custom : SECTION_IDS[section.section]);
  writeU32(header, name.length + contents.length);
  header.append(name);
  return [header.view(), contents];
}

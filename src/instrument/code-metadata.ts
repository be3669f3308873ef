import { ByteWriter } from "../base/bytes.ts";
import { MalformedError } from "../base/errors.ts";
import { readU32, writeU32 } from "../base/leb128.ts";
import type { WasmModule } from "../wasm/module.ts";
import { cursorOver, type Section } from "../wasm/section-directory.ts";
import { BRANCH_HINT_SECTION } from "../wasm/sections/branch-hints.ts";
import { readCount } from "../wasm/vector.ts";
import { type Insertions, NO_BRANCH } from "./insertions.ts";
import { MOST_U32_BYTES, putU32 } from "./probe.ts";

/** What custom sections about places in code have in common: functions, each with offsets and some bytes for each. */
interface FunctionMetadata {
  readonly function: number;
  /** In bytes from the start of the body, rising. */
  readonly entries: readonly MetadataEntry[];
}
interface MetadataEntry {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const PREFIX = "metadata.code.";
const UNLIKELY = Uint8Array.of(0);

/** Whether a custom section speaks of places in code by their offset, so that it is to be replaced. */
export const isCodeMetadata = (section: Section): boolean =>
  section.kind === "custom" && section.name.startsWith(PREFIX);

/**
 * The module's code metadata with its offsets moved, and branch hints that say no probe fires and no store is watched.
 *
 * Sections that are malformed are left out: they are hints.
 * Source: core specification, appendix "Custom Sections and Annotations"; the tool-conventions' code metadata framework.
 */
export function rewriteCodeMetadata(
  module: WasmModule,
  importedFunctions: number,
  insertions: Insertions,
): { readonly name: string; readonly contents: Uint8Array }[] {
  const rewritten: { name: string; contents: Uint8Array }[] = [];
  let hints: readonly FunctionMetadata[] = [];
  for (const section of module.sections.filter(isCodeMetadata)) {
    const functions = readMetadata(module, section)?.map((metadata) =>
      moved(metadata, module, importedFunctions, insertions),
    );
    if (!functions) continue;
    if (section.name === BRANCH_HINT_SECTION) hints = functions;
    else rewritten.push({ name: section.name, contents: writeMetadata(functions) });
  }
  if (insertions.count > 0 || hints.length > 0) {
    rewritten.push({ name: BRANCH_HINT_SECTION, contents: writeHints(hints, insertions) });
  }
  return rewritten;
}

function readMetadata(module: WasmModule, section: Section): readonly FunctionMetadata[] | undefined {
  try {
    const cursor = cursorOver(module.bytes, section);
    const functions: FunctionMetadata[] = [];
    for (let left = readCount(cursor, 2); left > 0; left--) {
      const func = readU32(cursor);
      const entries: MetadataEntry[] = [];
      for (let more = readCount(cursor, 2); more > 0; more--) {
        const offset = readU32(cursor);
        entries.push({ offset, bytes: cursor.take(readU32(cursor)) });
      }
      functions.push({ function: func, entries });
    }
    return functions;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

/** The same entries at the places the instructions have moved to. */
function moved(
  metadata: FunctionMetadata,
  module: WasmModule,
  importedFunctions: number,
  insertions: Insertions,
): FunctionMetadata {
  const start = module.code.bodyStarts[metadata.function - importedFunctions];
  if (start === undefined) return metadata;
  const { offset, insertedAt, insertedUpTo } = insertions;
  const { from, to } = insertions.rowsOf(metadata.function);
  let row = from;
  let inserted = 0;
  const entries = metadata.entries.map((entry) => {
    const at = start + entry.offset;
    for (; row < to && (offset[row] as number) < at; row++) inserted = insertedUpTo[row] as number;
    let here = inserted;
    for (let same = row; same < to && offset[same] === at; same++) here = insertedAt[same] as number;
    return { ...entry, offset: entry.offset + here };
  });
  return { function: metadata.function, entries };
}

/** Branch hints of the module and of the insertions together, functions and offsets rising, as engines demand. */
function writeHints(own: readonly FunctionMetadata[], insertions: Insertions): Uint8Array {
  if (own.length === 0) return writeOurHints(insertions);
  const hints = new Map<number, MetadataEntry[]>();
  for (const { function: func, entries } of own) hints.set(func, [...entries]);
  for (const { function: func, from, to } of insertions.byFunction()) {
    const entries = hints.get(func) ?? [];
    for (let row = from; row < to; row++) {
      const offset = insertions.branchOf(row);
      if (offset !== NO_BRANCH) entries.push({ offset, bytes: UNLIKELY });
    }
    if (entries.length > 0) hints.set(func, entries);
  }
  const functions = [...hints].sort(([a], [b]) => a - b);
  return writeMetadata(
    functions.map(([func, entries]) => ({
      function: func,
      entries: entries.sort((a, b) => a.offset - b.offset),
    })),
  );
}

/** Branch hints of the insertions alone. There are as many as sites, so they are written without detours. */
function writeOurHints(insertions: Insertions): Uint8Array {
  const bytes = new Uint8Array(mostBytesOfHints(insertions));
  let at = MOST_U32_BYTES;
  let functionCount = 0;
  for (const { function: func, from, to } of insertions.byFunction()) {
    let hinted = 0;
    for (let row = from; row < to; row++) if (insertions.branchOf(row) !== NO_BRANCH) hinted++;
    if (hinted === 0) continue;
    functionCount++;
    at = putU32(bytes, at, func);
    at = putU32(bytes, at, hinted);
    for (let row = from; row < to; row++) {
      const branch = insertions.branchOf(row);
      if (branch === NO_BRANCH) continue;
      at = putU32(bytes, at, branch);
      bytes[at++] = UNLIKELY.length;
      bytes[at++] = UNLIKELY[0] as number;
    }
  }
  // How many functions there are comes first and is known last.
  const start = MOST_U32_BYTES - putU32(new Uint8Array(MOST_U32_BYTES), 0, functionCount);
  putU32(bytes, start, functionCount);
  return bytes.subarray(start, at);
}

/** Room for hints, of which most are in front of byte 2¹⁴ of their function. */
function mostBytesOfHints(insertions: Insertions): number {
  let size = MOST_U32_BYTES;
  for (const { from, to } of insertions.byFunction()) {
    size += MOST_U32_BYTES * 2;
    for (let row = from; row < to; row++) {
      size += 2 + (insertions.branchOf(row) < 1 << 14 ? 2 : MOST_U32_BYTES);
    }
  }
  return size;
}

function writeMetadata(functions: readonly FunctionMetadata[]): Uint8Array {
  const writer = new ByteWriter();
  writeU32(writer, functions.length);
  for (const { function: func, entries } of functions) {
    writeU32(writer, func);
    writeU32(writer, entries.length);
    for (const { offset, bytes } of entries) writeEntry(writer, offset, bytes);
  }
  return writer.view();
}

function writeEntry(writer: ByteWriter, offset: number, bytes: Uint8Array): void {
  writeU32(writer, offset);
  writeU32(writer, bytes.length);
  writer.copy(bytes);
}

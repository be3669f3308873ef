import { type MappingItem, SourceMapConsumer } from "source-map";
import { MalformedError } from "../base/errors.ts";
import { inOrderOf, rowsInOrder } from "../base/rows-in-order.ts";
import { badMap, type MapPart, parseMapDocument } from "./map-document.ts";
import type { MapSource, SourceMap } from "./source-map.ts";
import { isAssemblyScriptLibrary, sourcePath } from "./source-paths.ts";

/** Columns of segments, one part of a map after the other. */
interface Columns {
  readonly offset: number[];
  readonly source: number[];
  readonly line: number[];
  readonly column: number[];
  readonly name: number[];
}

/**
 * Reads a source map of a module. `mapPath` is where it was read from, absolute; absent for one from a data URL.
 *
 * Segments of other lines than the first are left out: a module has none. What `source-map` finds wrong with the mappings
 * costs the whole map, because every segment is written as the difference from the one before.
 *
 * @throws {MalformedError} `source-map`.
 * Source: ECMA-426.
 */
export async function readSourceMap(text: string, mapPath?: string): Promise<SourceMap> {
  const columns: Columns = { offset: [], source: [], line: [], column: [], name: [] };
  const sources: MapSource[] = [];
  const names: string[] = [];
  for (const part of parseMapDocument(text)) {
    await readSegments(part, { source: sources.length, name: names.length }, columns);
    sources.push(...sourcesOf(part, mapPath));
    names.push(...part.names);
  }
  return inOrder({
    sources,
    names,
    offset: Uint32Array.from(columns.offset),
    source: Int32Array.from(columns.source),
    line: Uint32Array.from(columns.line),
    column: Uint32Array.from(columns.column),
    name: Int32Array.from(columns.name),
  });
}

/**
 * The package makes URLs of sources and looks names up for every segment. It is given numbers in their place: they come
 * back as they are, and two sources of one name stay two.
 */
async function readSegments(
  part: MapPart,
  first: { readonly source: number; readonly name: number },
  columns: Columns,
): Promise<void> {
  const sources = part.sources.map((_, index) => String(index));
  const names = part.names.map((_, index) => String(index));
  const lastOffset = 2 ** 32 - 1 - part.firstOffset;
  const take = (item: MappingItem): void => {
    if (item.generatedLine !== 1 || item.generatedColumn > lastOffset) return;
    // The package's types do not know of segments without a source.
    const source = item.source as string | null | undefined;
    const isPlaced = source !== null && source !== undefined && item.originalLine !== null;
    columns.offset.push(part.firstOffset + item.generatedColumn);
    columns.source.push(isPlaced ? first.source + Number(source) : -1);
    columns.line.push(isPlaced ? (item.originalLine as number) - 1 : 0);
    columns.column.push(isPlaced ? (item.originalColumn ?? 0) : 0);
    columns.name.push(isPlaced && item.name !== null ? first.name + Number(item.name) : -1);
  };
  try {
    const map = { version: 3, file: "", sources, names, mappings: part.mappings };
    await SourceMapConsumer.with(map as never, null, (consumer) => consumer.eachMapping(take));
  } catch (error) {
    if (error instanceof MalformedError) throw error;
    badMap(error instanceof Error ? error.message : String(error));
  }
}

function sourcesOf(part: MapPart, mapPath: string | undefined): MapSource[] {
  const { sourceRoot, sources, contents, ignored } = part;
  const isAssemblyScript = sources.some((source) => source !== undefined && isAssemblyScriptLibrary(source));
  return sources.map((source, index) => ({
    path:
      source === undefined
        ? "(unnamed source)"
        : sourcePath(source, { sourceRoot, mapPath, isAssemblyScript }),
    text: contents[index],
    isLibrary: ignored.has(index) || (source !== undefined && isAssemblyScriptLibrary(source)),
  }));
}

/** Sections need not be sorted, nor keep to themselves. */
function inOrder(map: SourceMap): SourceMap {
  const order = rowsInOrder(map.offset);
  if (order === undefined) return map;
  return {
    ...map,
    offset: inOrderOf(map.offset, order),
    source: inOrderOf(map.source, order),
    line: inOrderOf(map.line, order),
    column: inOrderOf(map.column, order),
    name: inOrderOf(map.name, order),
  };
}

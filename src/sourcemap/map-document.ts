import { MalformedError } from "../base/errors.ts";

/** A source map as its JSON says it, checked; of one with sections, each section is one. */
export interface MapPart {
  /** Added to the offsets of its segments. */
  readonly firstOffset: number;
  readonly sourceRoot: string;
  readonly sources: readonly (string | undefined)[];
  readonly contents: readonly (string | undefined)[];
  /** Indexes of sources that belong to libraries. */
  readonly ignored: ReadonlySet<number>;
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Sections within sections are not allowed, and one level deeper than seen anywhere is enough. */
const deepestSections = 4;

/**
 * Takes the text of a source map apart. Mappings are not looked into.
 *
 * @throws {MalformedError} `source-map`.
 * Source: ECMA-426, "Source map format".
 */
export function parseMapDocument(text: string): readonly MapPart[] {
  const parts: MapPart[] = [];
  collect(parseJson(text), 0, 0, parts);
  return parts;
}

/** @throws {MalformedError} always. */
export function badMap(detail: string): never {
  throw new MalformedError("source-map", "source map", 0, detail);
}

function parseJson(text: string): unknown {
  // What keeps browsers from running a map as a script may stand in front of it.
  const json = text.startsWith(")]}'") ? text.slice(text.indexOf("\n") + 1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    return badMap(`no JSON: ${(error as Error).message}`);
  }
}

function collect(document: unknown, firstOffset: number, depth: number, parts: MapPart[]): void {
  const map = asObject(document, "the map");
  // Old tools write the number as text.
  if (Number(map.version) !== 3)
    badMap(`its version is ${shown(map.version)}, and 3 is the only one there is`);
  if (map.sections === undefined) {
    parts.push(readPart(map, firstOffset));
    return;
  }
  if (depth >= deepestSections) badMap("sections within sections");
  for (const section of asList(map.sections, "sections")) {
    const { offset, map: inner } = asObject(section, "a section");
    const { line, column } = asObject(offset, "a section's offset");
    if (inner === undefined) badMap("a section whose map is elsewhere");
    // A module is one line: what lies on others is about something else.
    if (asCount(line, "a section's line") > 0) continue;
    collect(inner, firstOffset + asCount(column, "a section's column"), depth + 1, parts);
  }
}

function readPart(map: Readonly<Record<string, unknown>>, firstOffset: number): MapPart {
  const { mappings, sourceRoot, sources, names, sourcesContent, ignoreList, x_google_ignoreList } = map;
  if (typeof mappings !== "string") badMap(`its mappings are ${shown(mappings)}, not text`);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const ignored = optionalList(ignoreList ?? x_google_ignoreList, "ignoreList");
  return {
    firstOffset,
    sourceRoot: text(sourceRoot) ?? "",
    sources: asList(sources, "sources").map(text),
    contents: optionalList(sourcesContent, "sourcesContent").map(text),
    ignored: new Set(ignored.filter((index) => typeof index === "number")),
    names: optionalList(names, "names").map(String),
    mappings: mappings as string,
  };
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return badMap(`${what} is ${shown(value)}, not an object`);
  }
  return value as Readonly<Record<string, unknown>>;
}

const asList = (value: unknown, what: string): readonly unknown[] =>
  Array.isArray(value) ? value : badMap(`${what} is ${shown(value)}, not a list`);

const optionalList = (value: unknown, what: string): readonly unknown[] =>
  value === undefined || value === null ? [] : asList(value, what);

function asCount(value: unknown, what: string): number {
  const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isCount ? value : badMap(`${what} is ${shown(value)}`);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

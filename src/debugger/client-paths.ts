import {
  commonSuffixLength,
  folderOf,
  formatPath,
  isAbsolutePath,
  joinPath,
  normalizePath,
  type PathParts,
  partsBelow,
  splitPath,
} from "../base/path-text.ts";

/** `sourceFileMap` of a launch configuration: prefix in the debug info → prefix on the client's side. */
export type SourceFileMap = Readonly<Record<string, string>>;

/**
 * Where a source of the debug info may lie on the client's side, best first: as `sourceFileMap` says, then as it is,
 * then, for a relative path, below the module's folder and each of that one's parents. Nothing is looked up:
 * the caller takes the first that exists.
 */
export function clientPathCandidates(
  path: string,
  modulePath: string,
  sourceFileMap: SourceFileMap,
): readonly string[] {
  const mapped = mappedPath(path, sourceFileMap);
  const candidates = mapped === undefined ? [] : below(mapped, modulePath);
  return [...new Set([...candidates, ...below(path, modulePath)])];
}

/** The entry, as in a launch configuration, that has a source of the debug info mean the client's file: `{ "/build": "/home/me/app" }`. */
export function sourceFileMapEntry(source: string, clientPath: string): string {
  const [from, to] = [splitPath(source), splitPath(clientPath)];
  const common = commonSuffixLength(from, to);
  const before = (path: PathParts): string =>
    formatPath({ ...path, parts: path.parts.slice(0, path.parts.length - common) });
  return `{ ${JSON.stringify(before(from))}: ${JSON.stringify(before(to))} }`;
}

/** `path` with its prefix replaced as `sourceFileMap` says, the longest one that fits; `undefined` when none does. */
export function mappedPath(path: string, sourceFileMap: SourceFileMap): string | undefined {
  const parts = splitPath(path);
  let best:
    | { readonly length: number; readonly client: string; readonly rest: readonly string[] }
    | undefined;
  for (const [prefix, client] of Object.entries(sourceFileMap)) {
    const prefixParts = splitPath(prefix);
    const rest = partsBelow(prefixParts, parts);
    const length = prefixParts.parts.length;
    if (rest && (best === undefined || length > best.length)) best = { length, client, rest };
  }
  if (!best) return undefined;
  return best.rest.length === 0 ? normalizePath(best.client) : joinPath(best.client, best.rest.join("/"));
}

/** An absolute path as it is; a relative one in the module's folder and upwards. */
function below(path: string, modulePath: string): string[] {
  if (isAbsolutePath(path)) return [normalizePath(path)];
  const folders: string[] = [];
  for (let folder = folderOf(modulePath); !folders.includes(folder); folder = folderOf(folder)) {
    folders.push(folder);
    if (!isAbsolutePath(folder)) break;
  }
  return folders.map((folder) => joinPath(folder, path));
}

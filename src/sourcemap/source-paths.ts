import { folderOf, isAbsolutePath, joinPath, normalizePath } from "../base/path-text.ts";

/** Sources of AssemblyScript's own library, which lie in no folder of the program's. */
export const isAssemblyScriptLibrary = (source: string): boolean => source.startsWith("~lib/");

/**
 * The path of a source: its URL in the map, seen from `sourceRoot` and that from the map's own folder, where the map is a
 * file. URLs of other kinds than files stay as they are.
 *
 * AssemblyScript's compiler writes the module's name as the root, for browsers to show it in a folder of its own, while
 * its sources are named as seen from where it was called. So its root counts for nothing, and the path stays relative.
 */
export function sourcePath(source: string, { sourceRoot, mapPath, isAssemblyScript }: SourceRoots): string {
  if (isAssemblyScriptLibrary(source)) return source;
  if (isAssemblyScript && /^\.\/[^/]+$/.test(sourceRoot)) return normalizePath(source);
  const url = isUrl(source) || isAbsolutePath(source) ? source : underRoot(sourceRoot, source);
  const path = isFileUrl(url) ? pathOfFileUrl(url) : url;
  if (isUrl(path)) return path;
  return mapPath === undefined ? normalizePath(path) : joinPath(folderOf(mapPath), path);
}

/** What the sources of a map are seen from. */
export interface SourceRoots {
  readonly sourceRoot: string;
  /** Absolute path of the map; `undefined` for one that is in the module itself. */
  readonly mapPath: string | undefined;
  readonly isAssemblyScript: boolean;
}

/** Two letters at least: one is a drive. */
const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(text);

const isFileUrl = (text: string): boolean => /^file:\/\//i.test(text);

function underRoot(root: string, source: string): string {
  if (root === "") return source;
  return root.endsWith("/") || root.endsWith("\\") ? `${root}${source}` : `${root}/${source}`;
}

/** `file:///C:/x` is `C:/x`, `file:///x` is `/x`, `file://server/x` is `//server/x`. */
function pathOfFileUrl(url: string): string {
  const rest = decoded(url.slice("file://".length));
  if (/^\/[A-Za-z]:(\/|$)/.test(rest)) return rest.slice(1);
  return rest.startsWith("/") ? rest : `\\\\${rest.replaceAll("/", "\\")}`;
}

/** A URL may hold a percent sign that means nothing but itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

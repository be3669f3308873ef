import { dirname, join } from "node:path";
import { isAbsolutePath, splitPath } from "../../src/base/path-text.ts";

/** An entry of `sourceFileMap` that would lead to a source. */
export interface SourceMapping {
  readonly from: string;
  readonly to: string;
}

/** How far up from the module's folder sources are looked for. */
const mostParents = 4;

/**
 * The entry of `sourceFileMap` that leads from a source's path in the debug info to a file of this machine that ends alike, in
 * the module's folder, those around it or `cwd`: the one that has most of the path in common.
 */
export function findMapping(
  path: string,
  { modulePath, cwd }: { readonly modulePath: string; readonly cwd: string },
  isFile: (path: string) => boolean,
): SourceMapping | undefined {
  if (!isAbsolutePath(path)) return undefined;
  const { parts } = splitPath(path);
  const folders = [cwd];
  for (let folder = dirname(modulePath), count = 0; count <= mostParents; folder = dirname(folder), count++)
    folders.push(folder);
  // At least the file's own folder is mapped, never a root.
  for (let kept = 1; kept < parts.length; kept++) {
    const rest = parts.slice(kept).join("/");
    const to = folders.find((folder) => isFile(join(folder, rest)));
    if (to === undefined) continue;
    const from = path.slice(0, path.length - rest.length).replace(/[\\/]+$/, "");
    return from === to ? undefined : { from, to };
  }
  return undefined;
}

/** The entry as one writes it on a command line. */
export const mappingOption = ({ from, to }: SourceMapping): string => `--map ${quoted(`${from}=${to}`)}`;

const quoted = (word: string): string =>
  /^[\w./:\\=@+-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The entry as one writes it. */
export const mappingText = ({ from, to }: SourceMapping): string =>
  `"sourceFileMap": { ${JSON.stringify(from)}: ${JSON.stringify(to)} }`;

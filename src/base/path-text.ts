/**
 * Paths as text, of both families of systems at once: a module built on Windows is debugged on Linux and the other
 * way round, so which rules hold is told by the path and not by the machine.
 */

/** `win32` for drive letters, UNC names and relative paths that are written with backslashes only; else `posix`. */
export type PathStyle = "posix" | "win32";

/** A path taken apart, with `.`, `..` and repeated separators resolved. */
export interface PathParts {
  readonly style: PathStyle;
  /** `/`, a drive such as `C:`, a share such as `//server/share`; empty for a relative path. */
  readonly root: string;
  /** Without separators. Only a relative path can begin with `..`. */
  readonly parts: readonly string[];
}

/** Whose rules a path follows: with a drive, a share or backslashes alone it is of Windows. */
export function pathStyle(path: string): PathStyle {
  if (/^[A-Za-z]:([\\/]|$)/.test(path) || path.startsWith("\\\\")) return "win32";
  return path.includes("\\") && !path.includes("/") ? "win32" : "posix";
}

/** Whether a path says where it begins, by the rules of either style. */
export const isAbsolutePath = (path: string): boolean => splitPath(path).root !== "";

/** A path taken apart, `.` and `..` resolved as far as that goes without a disk. */
export function splitPath(path: string): PathParts {
  const style = pathStyle(path);
  const text = style === "win32" ? path.replaceAll("\\", "/") : path;
  const root = style === "win32" ? windowsRoot(text) : text.startsWith("/") ? "/" : "";
  const parts: string[] = [];
  for (const part of text.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push(part);
  }
  return { style, root, parts };
}

/** The path of `parts`, with `separator` between its names: by default that of its style. */
export function formatPath({ style, root, parts }: PathParts, separator?: "/" | "\\"): string {
  const between = separator ?? (style === "win32" ? "\\" : "/");
  const start = root.replaceAll("/", between);
  const names = parts.join(between);
  if (root === "") return names === "" ? "." : names;
  return root === "/"
    ? `${start}${names}`
    : names === ""
      ? `${start}${between}`
      : `${start}${between}${names}`;
}

/** `path` with `.` and `..` resolved. Its separators stay of the kind that it uses first. */
export function normalizePath(path: string): string {
  const first = /[\\/]/.exec(path)?.[0];
  const parts = splitPath(path);
  return formatPath(parts, parts.style === "win32" && first === "/" ? "/" : undefined);
}

/** `path` as seen from `folder`: itself when it is absolute. The folder says which separators the answer has. */
export function joinPath(folder: string, path: string): string {
  if (folder === "" || isAbsolutePath(path)) return normalizePath(path);
  const backslash = pathStyle(folder) === "win32" && !/^[^\\]*\//.test(folder);
  const names = pathStyle(path) === "win32" ? path.replaceAll("\\", "/") : path;
  return normalizePath(`${folder}${backslash ? "\\" : "/"}${names}`);
}

/** The folder of `path`; `.` for a bare name. */
export function folderOf(path: string): string {
  return normalizePath(`${path}/..`);
}

/** The last name of `path`, or nothing for a root. */
export const baseName = (path: string): string => splitPath(path).parts.at(-1) ?? "";

/** Equal for paths that mean the same file: Windows does not tell upper from lower case. */
export function pathKey(path: string): string {
  const parts = splitPath(path);
  const text = formatPath(parts, "/");
  return parts.style === "win32" ? text.toLowerCase() : text;
}

/** How many names two paths have in common, counted from the last; case counts unless one of them is of Windows. */
export function commonSuffixLength(a: PathParts, b: PathParts): number {
  const ignoreCase = a.style === "win32" || b.style === "win32";
  const most = Math.min(a.parts.length, b.parts.length);
  let length = 0;
  while (length < most && sameName(a.parts.at(-1 - length), b.parts.at(-1 - length), ignoreCase)) length++;
  return length;
}

/**
 * The names of `path` below `prefix`, or `undefined` when it is not there. A name matches as a whole: `/build` is not
 * a prefix of `/builder/x`. The prefix `.` holds every relative path.
 */
export function partsBelow(prefix: PathParts, path: PathParts): readonly string[] | undefined {
  const ignoreCase = prefix.style === "win32" || path.style === "win32";
  if (!sameName(prefix.root, path.root, ignoreCase)) return undefined;
  for (const [index, name] of prefix.parts.entries()) {
    if (!sameName(name, path.parts[index], ignoreCase)) return undefined;
  }
  return path.parts.slice(prefix.parts.length);
}

function sameName(a: string | undefined, b: string | undefined, ignoreCase: boolean): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase());
}

/** `C:`, `//server/share` or nothing. `text` has forward slashes only. */
function windowsRoot(text: string): string {
  return (
    /^[A-Za-z]:(?=\/|$)/.exec(text)?.[0] ??
    /^\/\/[^/]+\/[^/]+/.exec(text)?.[0] ??
    (text.startsWith("/") ? "/" : "")
  );
}

import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fromRoot } from "./paths.ts";

/** One import of one file. */
export interface SourceImport {
  /** Path from the package's root, with forward slashes. */
  readonly file: string;
  /** What stands in the import. */
  readonly specifier: string;
  /** Path from the package's root when it is a file of ours. */
  readonly path?: string;
  /** "type": nothing of it is left when the program runs. */
  readonly kind: "value" | "type";
}

const skipped: ReadonlySet<string> = new Set(["node_modules", "dist", "build", "target", ".git"]);

/** Files below a folder whose names end so, as paths from the package's root with forward slashes; built ones left out. */
export function sourceFiles(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(fromRoot(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

const statement = /^[ \t]*(?:import|export)\s+(type\s+)?([^;"']*?)\s*from\s*["']([^"']+)["']/gm;
const bare = /^[ \t]*import\s*["']([^"']+)["']/gm;
const dynamic = /\bimport\(\s*["']([^"']+)["']/g;

/** Every import, re-export and `import()` in a file's text. */
export function importsOf(file: string, text: string): readonly SourceImport[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found: [specifier: string, kind: "value" | "type"][] = [];
  for (const [, type, names = "", specifier = ""] of code.matchAll(statement)) {
    found.push([specifier, type || hasOnlyTypes(names) ? "type" : "value"]);
  }
  for (const [, specifier = ""] of code.matchAll(bare)) found.push([specifier, "value"]);
  for (const [, specifier = ""] of code.matchAll(dynamic)) found.push([specifier, "value"]);
  return found.map(([specifier, kind]) => ({
    file,
    specifier,
    kind,
    ...(specifier.startsWith(".") && { path: posix.join(posix.dirname(file), specifier) }),
  }));
}

/** `{ type A, type B }` */
function hasOnlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  return inner.split(",").every((name) => /^\s*(type\s|$)/.test(name)) && inner.trim() !== "";
}

/** All imports of the TypeScript files below a folder. */
export function importsBelow(folder: string): readonly SourceImport[] {
  return sourceFiles(folder, /\.ts$/).flatMap((file) =>
    importsOf(file, readFileSync(fromRoot(file), "utf8")),
  );
}

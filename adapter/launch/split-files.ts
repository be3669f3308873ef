import { basename, dirname, join, resolve } from "node:path";
import { joinPath } from "../../src/base/path-text.ts";
import { clientPathCandidates, type SourceFileMap } from "../../src/debugger/client-paths.ts";
import type { FindSplit, SplitFile, SplitRequest } from "../../src/dwarf/split-units.ts";
import { readModuleFile } from "./module-file.ts";
import { ifReadable, isFile, isFolder } from "./readable.ts";

/** Where the files of split units are looked for. */
export interface SplitSearch {
  /** Of the module, and of the file that has its debug info, if that is another. */
  readonly modules: readonly string[];
  /** Files and folders. */
  readonly symbols: readonly string[];
  readonly sourceFileMap: SourceFileMap;
}

/**
 * Looks for the other halves of split units: packages (`.dwp`) named in `symbols` or beside the module, then the unit's own
 * file in `symbols`, where the compiler put it (as `sourceFileMap` says), and beside the module.
 *
 * Each file is opened once. One that is no WebAssembly file is passed over.
 */
export function splitFinder({ modules, symbols, sourceFileMap }: SplitSearch): FindSplit {
  const folders = [...symbols.filter(isFolder), ...modules.map((path) => dirname(path))];
  const files = symbols.filter((path) => !isFolder(path));
  const opened = new Map<string, SplitFile | undefined>();
  const open = (path: string): SplitFile | undefined => {
    if (!opened.has(path)) opened.set(path, openSplit(path));
    return opened.get(path);
  };
  const packages = [
    ...files.filter((path) => path.endsWith(".dwp")),
    ...folders.flatMap((folder) => packageNames(modules).map((name) => join(folder, name))),
  ];
  return function* find({ name, compilationDir }: SplitRequest) {
    const file = name.replaceAll("\\", "/");
    const compiled = clientPathCandidates(joinPath(compilationDir, name), modules[0] ?? "", sourceFileMap);
    const candidates = [
      ...packages,
      ...files.filter((path) => basename(path) === basename(file)),
      ...compiled,
      ...folders.flatMap((folder) => [resolve(folder, file), join(folder, basename(file))]),
    ];
    for (const path of new Set(candidates.map((each) => resolve(each)))) {
      const found = isFile(path) ? open(path) : undefined;
      if (found) yield found;
    }
  };
}

function packageNames(modules: readonly string[]): readonly string[] {
  return modules.flatMap((path) => {
    const name = basename(path);
    return [`${name}.dwp`, `${name.replace(/\.wasm$/, "")}.dwp`];
  });
}

function openSplit(path: string): SplitFile | undefined {
  const module = ifReadable(() => readModuleFile(path));
  return module && { path, load: (name) => module.sectionContents(name) };
}

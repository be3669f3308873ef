import { baseName, commonSuffixLength, pathKey, splitPath } from "../base/path-text.ts";
import type { SourceFile } from "../debuginfo/debug-info.ts";
import { clientPathCandidates, mappedPath, type SourceFileMap } from "./client-paths.ts";

/** Which sources of the debug info a client's path means. */
export type SourceMatch =
  /** All spellings of one file: usually one. */
  | { readonly kind: "found"; readonly sources: readonly SourceFile[] }
  /** Several files fit equally well. */
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] }
  | { readonly kind: "none" };

/**
 * Finds the sources that a client's paths mean.
 *
 * A path that is one of the debug info's, as it is or after `sourceFileMap`, means that one. Else the file with the
 * same name that has most names of its folders in common, counted from the end, if there is exactly one such:
 * sources are built in one place and debugged in another. Windows paths are compared without regard to case.
 */
export class SourceMatcher {
  readonly #modulePath: string;
  readonly #map: SourceFileMap;
  readonly #byKey = new Map<string, SourceFile[]>();
  readonly #byName = new Map<string, SourceFile[]>();

  constructor(sources: readonly SourceFile[], modulePath: string, sourceFileMap: SourceFileMap) {
    this.#modulePath = modulePath;
    this.#map = sourceFileMap;
    for (const source of sources) {
      add(this.#byKey, pathKey(source.path), source);
      const mapped = mappedPath(source.path, sourceFileMap);
      if (mapped !== undefined) add(this.#byKey, pathKey(mapped), source);
      add(this.#byName, nameKey(source.path), source);
    }
  }

  match(path: string): SourceMatch {
    const exact = this.#byKey.get(pathKey(path));
    if (exact) return { kind: "found", sources: exact };
    const best = this.#closest(path);
    const distinct = [...new Set(best.map((source) => pathKey(source.path)))];
    if (distinct.length === 0) return { kind: "none" };
    if (distinct.length === 1) return { kind: "found", sources: best };
    const key = pathKey(path);
    const there = best.filter((source) =>
      this.#candidates(source).some((candidate) => pathKey(candidate) === key),
    );
    if (there.length === 1) return { kind: "found", sources: there };
    return { kind: "ambiguous", candidates: best.map((source) => source.path) };
  }

  /** Those sources with the name of `path` that have most in common with it. */
  #closest(path: string): readonly SourceFile[] {
    const parts = splitPath(path);
    let best: SourceFile[] = [];
    let length = 1;
    for (const source of this.#byName.get(nameKey(path)) ?? []) {
      const common = Math.max(
        ...[source.path, mappedPath(source.path, this.#map) ?? source.path].map((candidate) =>
          commonSuffixLength(splitPath(candidate), parts),
        ),
      );
      if (common < length) continue;
      if (common > length) best = [];
      length = common;
      best.push(source);
    }
    return best;
  }

  #candidates(source: SourceFile): readonly string[] {
    return clientPathCandidates(source.path, this.#modulePath, this.#map);
  }
}

/** Names are looked up without regard to case and compared with the care that their paths ask for. */
const nameKey = (path: string): string => baseName(path).toLowerCase();

function add(map: Map<string, SourceFile[]>, key: string, source: SourceFile): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [source]);
  else if (known.at(-1) !== source) known.push(source);
}

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { clientPathCandidates, type SourceFileMap } from "../../src/debugger/client-paths.ts";
import type { DebugInfo, SourceFile } from "../../src/debuginfo/debug-info.ts";
import { nameOf } from "../convert/path.ts";
import type { SourcePlace } from "../convert/source.ts";
import { findMapping, mappingText, type SourceMapping } from "./source-mapping.ts";

/** What sources are looked for by. */
export interface SourceSurroundings {
  readonly modulePath: string;
  readonly sourceFileMap: SourceFileMap;
}

interface Known extends SourcePlace {
  readonly looked: readonly string[];
}

/**
 * Where the text of each source is: in a file of this machine, in the debug info, or nowhere.
 *
 * Numbers handed to the client last for its session and mean the same path throughout; what was found
 * on disk is looked up anew for each program, because a rebuild may have moved it.
 */
export class Sources {
  readonly #numbers = new Map<string, number>();
  readonly #files = new Map<number, SourceFile>();
  #places = new Map<SourceFile, Known>();
  #surroundings: SourceSurroundings = { modulePath: "", sourceFileMap: {} };
  #onChanged: (path: string) => void = () => {};
  #onMisplaced: (sentence: string) => void = () => {};
  readonly #mappings = new Map<string, SourceMapping | undefined>();
  #toldMapping = false;
  readonly #mappingText: (mapping: SourceMapping) => string;

  /** `writeMapping` is how the client's user says where sources lie: in a launch configuration, unless said otherwise. */
  constructor(writeMapping: (mapping: SourceMapping) => string = mappingText) {
    this.#mappingText = writeMapping;
  }

  /**
   * Begins with another program. `onChanged` is told each file that differs from what was compiled, once; `onMisplaced`, once,
   * what to write into the configuration when a source is not where the debug info says but seems to be here.
   */
  use(
    surroundings: SourceSurroundings,
    onChanged: (path: string) => void,
    onMisplaced: (sentence: string) => void = () => {},
  ): void {
    this.#surroundings = surroundings;
    this.#onChanged = onChanged;
    this.#onMisplaced = onMisplaced;
    this.#mappings.clear();
    this.#toldMapping = false;
    this.#places = new Map();
    this.#files.clear();
  }

  /** Where the client finds a source. */
  place(file: SourceFile): SourcePlace {
    return this.#known(file);
  }

  /**
   * Notes the client's own file for a source that was not found, as when a breakpoint is set in it: stops are
   * shown there from now on.
   */
  recognise(file: SourceFile, path: string): void {
    const { reference, looked } = this.#known(file);
    if (reference === undefined || !isFile(path)) return;
    if (file.md5 !== undefined && differs(path, file.md5)) this.#onChanged(path);
    this.#places.set(file, { path, hasText: true, looked });
  }

  /** The source a client's number means; `undefined` for a number never given or of a program before. */
  byReference(reference: number): SourceFile | undefined {
    return this.#files.get(reference);
  }

  /** The source shown to the client under `path`. Only files of the same name are looked at: there may be thousands. */
  byPath(debugInfo: DebugInfo, path: string): SourceFile | undefined {
    const name = nameOf(path);
    return debugInfo.sources().find((file) => nameOf(file.path) === name && this.#known(file).path === path);
  }

  /** Which paths were tried for a source. */
  looked(file: SourceFile): readonly string[] {
    return this.#known(file).looked;
  }

  #known(file: SourceFile): Known {
    const known = this.#places.get(file);
    if (known !== undefined) return known;
    const found = this.#find(file);
    this.#places.set(file, found);
    return found;
  }

  #find(file: SourceFile): Known {
    if (file.isListing) return { ...this.#lend(file), hasText: true, isListing: true, looked: [] };
    const { modulePath, sourceFileMap } = this.#surroundings;
    const looked = clientPathCandidates(file.path, modulePath, sourceFileMap);
    const path = looked.find(isFile);
    if (path !== undefined) {
      if (file.md5 !== undefined && differs(path, file.md5)) this.#onChanged(path);
      return { path, hasText: true, looked, md5: file.md5 };
    }
    const hasText = file.text?.() !== undefined;
    if (!hasText) this.#tellMapping(file);
    return { ...this.#lend(file), hasText, looked, md5: file.md5 };
  }

  /** The entry of `sourceFileMap` that would lead to a source that was not found; `undefined` where none is known. */
  mapping({ path }: SourceFile): SourceMapping | undefined {
    if (!this.#mappings.has(path) && this.#mappings.size < mostSearches) {
      const { modulePath } = this.#surroundings;
      this.#mappings.set(path, findMapping(path, { modulePath, cwd: process.cwd() }, isFile));
    }
    return this.#mappings.get(path);
  }

  #tellMapping(file: SourceFile): void {
    if (this.#toldMapping) return;
    const mapping = this.mapping(file);
    if (!mapping) return;
    this.#toldMapping = true;
    this.#onMisplaced(
      `The debug info has ${file.path}, which is not there. For the file here: ${this.#mappingText(mapping)}`,
    );
  }

  /** A number for a source that the client cannot open. */
  #lend(file: SourceFile): { readonly path: string; readonly reference: number } {
    const { path } = file;
    const reference = this.#numbers.get(path) ?? this.#numbers.size + 1;
    this.#numbers.set(path, reference);
    this.#files.set(reference, file);
    return { path, reference };
  }
}

/** Sources that are looked for elsewhere: each takes some dozens of looks. */
const mostSearches = 64;

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // Such as below a file, where listings seem to be.
    return false;
  }
}

/** Whether a file's contents are not those the debug info was made from. Where that cannot be found out, they are not. */
function differs(path: string, md5: string): boolean {
  try {
    return createHash("md5").update(readFileSync(path)).digest("hex") !== md5.toLowerCase();
  } catch {
    return false;
  }
}

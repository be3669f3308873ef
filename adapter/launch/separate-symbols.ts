import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MalformedError } from "../../src/base/errors.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { type OutputSection, writeModule } from "../../src/wasm/module-writer.ts";
import { BUILD_ID_SECTION, readBuildId } from "../../src/wasm/sections/build-id.ts";
import {
  EXTERNAL_DEBUG_INFO_SECTION,
  readExternalDebugInfo,
} from "../../src/wasm/sections/external-debug-info.ts";
import { NAME_SECTION } from "../../src/wasm/sections/name.ts";

/** A module with the debug info that was found for it. */
export interface FoundSymbols {
  /** The module itself, or one with the same code and the debug sections of the other file behind it. */
  readonly module: WasmModule;
  /** The other file. */
  readonly path?: string;
  /** Sentences about files that looked right and were not used. */
  readonly problems: readonly string[];
}

/**
 * Looks for the DWARF of a module that has none: in the files and folders of `symbols`, then where the module itself
 * says it is. A file with another build id or other code is not used.
 */
export function withSymbols(path: string, module: WasmModule, symbols: readonly string[]): FoundSymbols {
  const problems: string[] = [];
  if (hasLines(module)) return { module, problems };
  for (const candidate of candidatesFor(path, module, symbols)) {
    const found = attempt(() => readModule(new Uint8Array(readFileSync(candidate))));
    if (!found) problems.push(`${candidate} is no WebAssembly module: no debug info was read from it.`);
    if (!found || !hasLines(found)) continue;
    const unlike = differenceOf(module, found);
    if (unlike === undefined) return { module: merged(module, found), path: candidate, problems };
    problems.push(`${candidate} is not the debug info of ${basename(path)}: ${unlike}.`);
  }
  return { module, problems };
}

/** The id that builds of one source and setting have in common, as hexadecimal digits. */
export function buildIdOf(module: WasmModule): string | undefined {
  const id = attempt(() => {
    const cursor = module.customCursor(BUILD_ID_SECTION);
    return cursor && readBuildId(cursor);
  });
  return id && Buffer.from(id).toString("hex");
}

const hasLines = (module: WasmModule): boolean => module.customSections(".debug_line").length > 0;

function candidatesFor(path: string, module: WasmModule, symbols: readonly string[]): readonly string[] {
  const name = basename(path);
  const stem = name.replace(/\.wasm$/, "");
  const names = [`${stem}.debug.wasm`, `${name}.debug.wasm`, `${name}.debug`, `${stem}.dwarf.wasm`, name];
  const inSymbols = symbols.flatMap((one) =>
    isFolder(one) ? names.map((each) => join(one, each)) : /\.(map|dwp|dwo)$/.test(one) ? [] : [one],
  );
  const external = attempt(() => {
    const cursor = module.customCursor(EXTERNAL_DEBUG_INFO_SECTION);
    return cursor && readExternalDebugInfo(cursor);
  });
  const named = external !== undefined && !/^[a-z]+:\/\//.test(external) ? [external] : [];
  const all = [...inSymbols, ...named.map((one) => resolve(dirname(path), one))];
  return all.filter(
    (one, index) => isFile(one) && resolve(one) !== resolve(path) && all.indexOf(one) === index,
  );
}

/** Why another file's debug info is not about this module; `undefined` when it is. */
function differenceOf(module: WasmModule, other: WasmModule): string | undefined {
  const [own, its] = [buildIdOf(module), buildIdOf(other)];
  if (own !== undefined && its !== undefined) {
    return own === its ? undefined : `its build ID is ${its}, the module's ${own}`;
  }
  const [code, otherCode] = [codeOf(module), codeOf(other)];
  // A file may have debug sections only.
  if (otherCode === undefined || otherCode.length === 0) return undefined;
  return code && Buffer.compare(code, otherCode) === 0 ? undefined : "its code is another";
}

function codeOf(module: WasmModule): Uint8Array | undefined {
  const section = module.section("code");
  return section && module.bytes.subarray(section.start, section.end);
}

/** The module with the other's debug sections behind all it has, so that no offset changes. */
function merged(module: WasmModule, other: WasmModule): WasmModule {
  const added: OutputSection[] = [];
  for (const section of other.sections) {
    const wanted =
      section.kind === "custom" && (section.name.startsWith(".debug_") || section.name === NAME_SECTION);
    if (!wanted || module.customSections(section.name).length > 0) continue;
    const contents = other.bytes.subarray(section.start, section.end);
    added.push({ kind: "custom", name: section.name, contents });
  }
  const own = module.sections.map((section): OutputSection => ({ kind: "original", section }));
  return readModule(writeModule(module.bytes, [...own, ...added]));
}

/** `undefined` where what is read is malformed. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

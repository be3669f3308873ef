import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { WasmModule } from "../../src/wasm/module.ts";
import { BUILD_ID_SECTION, readBuildId } from "../../src/wasm/sections/build-id.ts";
import {
  EXTERNAL_DEBUG_INFO_SECTION,
  readExternalDebugInfo,
} from "../../src/wasm/sections/external-debug-info.ts";
import { readModuleFile } from "./module-file.ts";
import { ifReadable, isFile, isFolder } from "./readable.ts";

/** A module with the debug info that was found for it. */
export interface FoundSymbols {
  /** The module itself, or the same with the debug info of the other file. */
  readonly module: WasmModule;
  /** The other file. */
  readonly path?: string;
  /** Sentences about files that looked right and were not used. */
  readonly problems: readonly string[];
  /** Why the file that the module itself names is not used: a sentence that says what to do. */
  readonly elsewhere?: string;
}

/**
 * Looks for the DWARF of a module that has none: in the files and folders of `symbols`, then where the module itself
 * says it is. A file with another build id or other code is not used.
 */
export function withSymbols(path: string, module: WasmModule, symbols: readonly string[]): FoundSymbols {
  const problems: string[] = [];
  if (hasLines(module)) return { module, problems };
  const named = externalOf(path, module);
  for (const candidate of candidatesFor(path, symbols, named?.path)) {
    const found = ifReadable(() => readModuleFile(candidate));
    if (!found) problems.push(`${candidate} is no WebAssembly module: no debug info was read from it.`);
    else if (!hasLines(found) && symbols.includes(candidate))
      problems.push(`${candidate} has no DWARF: no debug info was read from it.`);
    if (!found || !hasLines(found)) continue;
    const unlike = differenceOf(module, found);
    if (unlike === undefined) return { module: module.withDebugInfoOf(found), path: candidate, problems };
    problems.push(
      `${candidate} is not the debug info of ${basename(path)} and is not used: ${unlike}. Keep the two of one build together.`,
    );
  }
  if (!named) return { module, problems };
  const elsewhere = `${named.problem ?? `The debug info of ${basename(path)} is to be in ${named.path}, which ${isFile(named.path ?? "") ? "cannot be used" : "is not there"}: put the file of the same build there, or name it in \`symbols\`.`}`;
  return { module, problems, elsewhere };
}

/** The id that builds of one source and setting have in common, as hexadecimal digits. */
export function buildIdOf(module: WasmModule): string | undefined {
  const id = ifReadable(() => {
    const cursor = module.customCursor(BUILD_ID_SECTION);
    return cursor && readBuildId(cursor);
  });
  return id && Buffer.from(id).toString("hex");
}

const hasLines = (module: WasmModule): boolean => module.hasCustom(".debug_line");

/** Where a module says that its debug info is: a path, or why there is none. */
function externalOf(
  path: string,
  module: WasmModule,
): { readonly path?: string; readonly problem?: string } | undefined {
  const external = ifReadable(() => {
    const cursor = module.customCursor(EXTERNAL_DEBUG_INFO_SECTION);
    return cursor && readExternalDebugInfo(cursor);
  });
  if (external === undefined || external === "") return undefined;
  const at = `The debug info of ${basename(path)} is at ${external}`;
  if (/^file:/i.test(external)) {
    try {
      return { path: fileURLToPath(external) };
    } catch {
      return { problem: `${at}, which is no file of this machine: name the file in \`symbols\`.` };
    }
  }
  // A drive letter is no scheme.
  if (/^[a-z][a-z0-9+.-]+:/i.test(external)) {
    return {
      problem: `${at}, and nothing is fetched from the network: download it and name the file in \`symbols\`.`,
    };
  }
  return { path: resolve(dirname(path), external) };
}

function candidatesFor(
  path: string,
  symbols: readonly string[],
  named: string | undefined,
): readonly string[] {
  const name = basename(path);
  const stem = name.replace(/\.wasm$/, "");
  const names = [`${stem}.debug.wasm`, `${name}.debug.wasm`, `${name}.debug`, `${stem}.dwarf.wasm`, name];
  const inSymbols = symbols.flatMap((one) =>
    isFolder(one) ? names.map((each) => join(one, each)) : /\.(map|dwp|dwo)$/.test(one) ? [] : [one],
  );
  const all = new Set([...inSymbols, ...(named === undefined ? [] : [named])]);
  return [...all].filter((one) => isFile(one) && resolve(one) !== resolve(path));
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

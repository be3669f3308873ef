import { readdirSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { Coredump } from "../../src/coredump/coredump.ts";
import type { ModuleNote } from "../../src/coredump/coredump-notes.ts";
import { offsetBases } from "../../src/coredump/dialects.ts";
import { fitOf } from "../../src/coredump/place-frames.ts";
import type { LoadedModule } from "./loaded-module.ts";
import { isFile, isFolder, isUnreadable } from "./readable.ts";
import { buildIdOf } from "./separate-symbols.ts";

/** The modules of a coredump, by index, as far as they were found. */
export interface FoundModules {
  readonly modules: readonly (LoadedModule | undefined)[];
  /** Sentences about what was looked for and about what does not fit. */
  readonly problems: readonly string[];
}

/** Where modules are looked for, and how they are loaded. */
export interface ModuleSearch {
  readonly coreFile: string;
  /** The program the user named; empty for none. */
  readonly program: string;
  /** Files and folders that may hold modules as well as debug info. */
  readonly symbols: readonly string[];
  readonly cwd: string;
  readonly load: (path: string) => Promise<LoadedModule>;
}

/** Modules beside a nameless coredump that are tried, and the largest that is. */
const mostNeighbours = 50;
const largestNeighbour = 200 << 20;

/**
 * Finds a dump's modules: the program the user named; else files of the names in the dump, where it lies and in the
 * folders of `symbols`, with the hash or build ID that the dump gives; else, for a single module, the one file beside
 * the dump that all frames fit.
 */
export async function findModules(dump: Coredump, search: ModuleSearch): Promise<FoundModules> {
  const names = dump.modules.length > 0 ? dump.modules : [""];
  const problems: string[] = [];
  const modules: (LoadedModule | undefined)[] = names.map(() => undefined);
  const given = search.program === "" ? undefined : await search.load(search.program);
  if (given) modules[indexOfGiven(dump, given, names)] = given;
  for (const [index, name] of names.entries()) {
    const note = dump.notes?.modules.find(({ module }) => module === index);
    modules[index] ??= await byName(dump, name, note, search);
    if (!modules[index] && names.length === 1) {
      modules[index] = await byFit(dump, search);
      const { path } = modules[index] ?? {};
      if (path !== undefined) problems.push(`${path} is taken for the program: all frames fit its code.`);
    }
    const found = modules[index];
    if (found) problems.push(...differences(dump, index, found, note));
    else if (names.length === 1) problems.push(notFound(dump, name, search));
  }
  for (const module of modules) problems.push(...(module?.separate.problems ?? []));
  return { modules, problems };
}

/** Which of several modules a program is. */
function indexOfGiven(dump: Coredump, given: LoadedModule, names: readonly string[]): number {
  if (names.length === 1) return 0;
  const noted = dump.notes?.modules.find((note) => isSame(given, note));
  if (noted) return noted.module;
  const named = names.findIndex((name) => name !== "" && basename(given.path) === basename(name));
  if (named >= 0) return named;
  const fits = names.findIndex((_, index) => fitsModule(dump, index, given));
  return fits >= 0 ? fits : (dump.instances[dump.threads[0]?.frames[0]?.instance ?? 0]?.module ?? 0);
}

async function byName(
  dump: Coredump,
  name: string,
  note: ModuleNote | undefined,
  search: ModuleSearch,
): Promise<LoadedModule | undefined> {
  for (const path of placesOf(dump, name, search)) {
    const module = await attempt(() => search.load(path));
    if (module && (!note || isSame(module, note) !== false)) return module;
  }
  return undefined;
}

/** Files that a module of that name may be. */
function placesOf(dump: Coredump, name: string, search: ModuleSearch): readonly string[] {
  const names = [name, ...(dump.modules.length < 2 ? [dump.executable] : [])].filter(
    (one) => one !== "" && !one.startsWith("<"),
  );
  const folders = [dirname(search.coreFile), ...search.symbols.filter(isFolder), search.cwd];
  const files = search.symbols.filter((one) => names.some((each) => basename(one) === basename(each)));
  const paths = names.flatMap((one) => [
    ...(isAbsolute(one) ? [one] : folders.map((folder) => resolve(folder, one))),
    ...folders.flatMap((folder) => [join(folder, basename(one)), join(folder, `${basename(one)}.wasm`)]),
  ]);
  const all = [...files, ...paths];
  return all.filter((path, index) => all.indexOf(path) === index && isFile(path) && path !== search.coreFile);
}

/** The module beside the dump that every frame fits, when there is one such. */
async function byFit(dump: Coredump, search: ModuleSearch): Promise<LoadedModule | undefined> {
  const folders = [dirname(search.coreFile), ...search.symbols.filter(isFolder)];
  const paths = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".wasm"))
      .map((name) => join(folder, name)),
  );
  const small = paths.filter(
    (path) => path !== search.coreFile && isFile(path) && statSync(path).size <= largestNeighbour,
  );
  const fitting: LoadedModule[] = [];
  for (const path of small.slice(0, mostNeighbours)) {
    const module = await attempt(() => search.load(path));
    if (module && fitsModule(dump, 0, module)) fitting.push(module);
  }
  const [first, ...others] = fitting;
  // Builds that differ in their debug info only are as good as one, and that with the most to tell is taken.
  if (!first || others.some((other) => !hasSameCode(first, other))) return undefined;
  return fitting.find(({ debugInfo }) => debugInfo.status.kind === "dwarf") ?? first;
}

function hasSameCode(a: LoadedModule, b: LoadedModule): boolean {
  const bytesOf = ({ code: { module } }: LoadedModule): Uint8Array =>
    module.bytes.subarray(module.code.start, module.code.end);
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

/** Whether all frames of a module's instances stand at instructions that suit them, however offsets are counted. */
function fitsModule(dump: Coredump, module: number, { code }: LoadedModule): boolean {
  const stacks = dump.threads.map(({ frames }) =>
    frames.map((frame) => ({
      frame,
      code: (dump.instances[frame.instance]?.module ?? 0) === module ? code : undefined,
    })),
  );
  return offsetBases.some((base) => {
    const fits = stacks.map((stack) => fitOf(stack, base));
    return fits.some(({ tried }) => tried > 1) && fits.every(({ good, tried }) => good === tried);
  });
}

/** Whether a module is the one a note is about; `undefined` where nothing tells. */
function isSame(module: LoadedModule, { sha256, buildId }: ModuleNote): boolean | undefined {
  const id = buildIdOf(module.module);
  if (buildId && id !== undefined) return Buffer.from(buildId).toString("hex") === id;
  return sha256 && Buffer.from(sha256).toString("hex") === module.sha256;
}

function differences(
  dump: Coredump,
  index: number,
  module: LoadedModule,
  note: ModuleNote | undefined,
): readonly string[] {
  const name = basename(module.path);
  if (note && isSame(module, note) === false && !fitsModule(dump, index, module)) {
    return [`${name} is not the module that the coredump was written of: what is shown may be wrong.`];
  }
  const unfit = dump.threads.some(({ frames }) =>
    frames.some(
      (frame) =>
        (dump.instances[frame.instance]?.module ?? 0) === index &&
        frame.function >= module.code.functionCount,
    ),
  );
  return unfit
    ? [`${name} does not have all the functions of the coredump's frames: it is another module.`]
    : [];
}

function notFound(dump: Coredump, name: string, { coreFile, symbols }: ModuleSearch): string {
  const named = [name, dump.executable].find((one) => one !== "");
  const what = named === undefined ? "The program of the coredump" : `The coredump's program ${named}`;
  const where = [dirname(coreFile), ...symbols].join(", ");
  return `${what} was not found in ${where}: name the .wasm file as \`program\` to see sources and variables.`;
}

/** `undefined` where a file is no module or cannot be read. */
async function attempt<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Markers, readMarkers } from "./markers.ts";
import { fromRoot } from "./paths.ts";

/** One committed guest module, as one of its builds. */
export interface Fixture {
  /** The guest's name: its folder in `test/fixtures`; `bench` and `example-c` for those outside it. */
  readonly name: string;
  /** The build's name, such as `dwarf5.O0`: what follows the guest's name in the file's. */
  readonly build: string;
  /** Absolute path of the module. */
  readonly path: string;
  /** The module's bytes, read from the file at first use and kept. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absolute path of the folder that `compilationDir` stands for: put the two in a `sourceFileMap`. */
  readonly sourceFolder: string;
  /** The DWARF's `DW_AT_comp_dir`: a made-up absolute path, so that no machine's own is in a module. */
  readonly compilationDir: string;
  /** Sources and headers, as paths within `sourceFolder` with forward slashes. */
  readonly sources: readonly string[];
  /** Ways to run it, each of which ends; what they print and how they end is the same for all builds. */
  readonly runs: readonly Run[];
  /** Absolute path of a source of this guest; by default its only or main one. */
  source(file?: string): string;
  /** The markers in a source of this guest; by default its only or main one. */
  markers(file?: string): Markers;
}

/** One way to run a guest to its end, and what is then to be seen. */
export interface Run {
  /** Says what is special about it, unique within the guest. */
  readonly name: string;
  /** Arguments after the program's own name, which is the guest's. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Guest path to a new empty folder of the host: the runner makes one for each. */
  readonly preopens?: readonly string[];
  /** Exports called in order after `_initialize`, if there is one. Absent: `_start` is called. */
  readonly calls?: readonly Call[];
  /** Exit status of a command; 0 if absent. A run with `trap` has none. */
  readonly exit?: number;
  /** All that goes to standard output and standard error, where it matters. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** How it dies: the kind of trap, not an engine's words for it. */
  readonly trap?: TrapKind;
  /** The builds it is for; all of them if absent. */
  readonly builds?: readonly string[];
}

/** A call of an export: a number for each parameter, decimal text for an `i64`. */
export interface Call {
  readonly invoke: string;
  readonly args: readonly (number | string)[];
  readonly result?: number | string;
}

/** What ended a guest, whatever the engine's words. */
export type TrapKind =
  | "unreachable"
  | "memory-out-of-bounds"
  | "divide-by-zero"
  | "integer-overflow"
  | "invalid-conversion"
  | "indirect-call-mismatch"
  | "table-out-of-bounds"
  | "stack-overflow"
  /** An exception of the guest's that nothing in it caught. */
  | "exception";

/** What `npm run fixtures` recorded about a folder of guests. */
export interface Manifest {
  readonly tools: Readonly<Record<string, string>>;
  readonly compilationDir: string;
  /** SHA-256 of `recipe.json`, in hexadecimal as all hashes here. */
  readonly recipe: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly builds: Readonly<Record<string, ManifestBuild>>;
}

/** One file that tools made. */
export interface ManifestFile {
  /** Its path within the folder. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** One module in a manifest. */
export interface ManifestBuild extends ManifestFile {
  /** The tools' command lines, with `$WORK` for a folder of objects and such names for tools' own folders. */
  readonly commands: readonly string[];
  /** What of an engine it needs that Node 20 does not have. */
  readonly needs?: "memory64" | "exnref";
  /** What was made with the module and belongs to it: split debug info, source maps. */
  readonly beside?: readonly ManifestFile[];
}

/** What a source or a header is called, and what says how it is compiled. */
export const sourceFile: RegExp = /\.(c|h|y|inc|cpp|hpp|rs|toml|lock|ts|wat|s|d|zig)$/;

/** What a guest's main source may be written in. */
const languages = ["c", "cpp", "rs", "ts", "wat", "d", "zig"];

/** Every folder of committed guests: name to absolute path. */
export function guestFolders(): ReadonlyMap<string, string> {
  const names = readdirSync(fromRoot("test/fixtures")).sort();
  const folders: [string, string][] = names.map((name) => [name, fromRoot("test/fixtures", name)]);
  folders.push(["bench", fromRoot("test/bench/guests")]);
  for (const name of readdirSync(fromRoot("examples")).sort())
    folders.push([`example-${name}`, fromRoot("examples", name)]);
  return new Map(folders.filter(([, folder]) => existsSync(join(folder, "manifest.json"))));
}

/** Reads the manifest of a folder that `guestFolders` named. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
}

/**
 * One build of one guest: `fixture("steps", "dwarf5.O0")`.
 *
 * Throws an `Error` that lists what there is for a name or build there is not.
 */
export function fixture(name: string, build: string): Fixture {
  const folder = guestFolders().get(name);
  if (folder === undefined)
    throw new Error(`no guest ${name}; there are: ${[...guestFolders().keys()].join(", ")}`);
  const manifest = readManifest(folder);
  const entry = manifest.builds[build];
  if (!entry)
    throw new Error(`no build ${build} of ${name}; there are: ${Object.keys(manifest.builds).join(", ")}`);
  return makeFixture({ name, build, folder, manifest, entry, runs: readRuns(folder) });
}

/**
 * Every committed module that runs on Node 20, guests in the order of their names: what a property must hold for.
 */
export function allFixtures(): readonly Fixture[] {
  return [...guestFolders()].flatMap(([name, folder]) => {
    const manifest = readManifest(folder);
    const runs = readRuns(folder);
    return Object.entries(manifest.builds)
      .filter(([, entry]) => entry.needs === undefined)
      .map(([build, entry]) => makeFixture({ name, build, folder, manifest, entry, runs }));
  });
}

function readRuns(folder: string): readonly Run[] {
  const path = join(folder, "runs.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as readonly Run[]) : [];
}

interface FixtureParts {
  readonly name: string;
  readonly build: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly entry: ManifestBuild;
  readonly runs: readonly Run[];
}

function makeFixture({ name, build, folder, manifest, entry, runs }: FixtureParts): Fixture {
  const sources = Object.keys(manifest.sources);
  const path = join(folder, entry.file);
  const mainSource = [name, build.split(".")[0], "main"]
    .flatMap((stem) => languages.map((language) => `${stem}.${language}`))
    .find((file) => sources.includes(file));
  const source = (file = mainSource): string => {
    if (file === undefined || !sources.includes(file)) {
      throw new Error(`no source ${file} of ${name}; there are: ${sources.join(", ")}`);
    }
    return join(folder, file);
  };
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  return {
    name,
    build,
    path,
    get bytes() {
      bytes ??= new Uint8Array(readFileSync(path));
      return bytes;
    },
    sourceFolder: folder,
    compilationDir: manifest.compilationDir,
    sources,
    runs: runs.filter((run) => run.builds === undefined || run.builds.includes(build)),
    source,
    markers: (file) => readMarkers(source(file)),
  };
}

import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Dwarf, Gimli } from "gimli-wasm";
import { fromRoot } from "../support/paths.ts";

const folder = fromRoot("test/gimli-wasm/fixtures");

/** The core, compiled once for all tests. */
export const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));

/** A module that the tests read. */
export interface Module {
  readonly name: string;
  /** Its custom sections, by name. */
  readonly sections: ReadonlyMap<string, Uint8Array>;
  /** What llvm-dwarfdump says of it. */
  readonly dump: string;
  readonly dwarf: Dwarf;
}

/** Names of all linked modules. */
export const moduleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".wasm"))
  .map((file) => file.slice(0, -".wasm".length))
  .sort();

const modules = new Map<string, Module>();

/** One module, opened once for all tests. */
export function moduleNamed(name: string): Module {
  let module = modules.get(name);
  if (!module) {
    const sections = readSections(`${name}.wasm`);
    const dwarf = gimli.open((section) => sections.get(section));
    module = { name, sections, dump: readDump(`${name}.wasm`), dwarf };
    modules.set(name, module);
  }
  return module;
}

/** The dump of a file of the fixtures. */
export function readDump(file: string): string {
  return gunzipSync(readFileSync(`${folder}/${file}.dump.gz`)).toString();
}

/** Custom sections of a file of the fixtures, by name. */
export function readSections(file: string): Map<string, Uint8Array> {
  const bytes = new Uint8Array(readFileSync(`${folder}/${file}`));
  const sections = new Map<string, Uint8Array>();
  let at = 8;
  const leb128 = (): number => {
    for (let value = 0, shift = 1; ; shift *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const end = leb128() + at;
    if (id === 0) {
      const start = leb128() + at;
      const name = new TextDecoder().decode(bytes.subarray(at, start));
      sections.set(name, bytes.subarray(start, end));
    }
    at = end;
  }
  return sections;
}

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fromRoot } from "../support/paths.ts";
import { gimli } from "./modules.ts";

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** What `npm run build:gimli` records. */
interface Built {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly sources: Readonly<Record<string, string>>;
}

/** What `fixtures/build.mjs` records. */
interface Manifest {
  readonly sources: Readonly<Record<string, string>>;
  readonly builds: Readonly<Record<string, { readonly files: Readonly<Record<string, string>> }>>;
}

/** Hash of a text file, whatever its line ends. */
const hashText = (path: string): string => sha256(readFileSync(path, "utf8").replaceAll("\r\n", "\n"));

describe("gimli.wasm", () => {
  const built = JSON.parse(readFileSync(fromRoot("gimli-wasm/gimli.wasm.json"), "utf8")) as Built;

  it("was built from the sources beside it (else run: npm run build:gimli)", () => {
    const rust = readdirSync(fromRoot("gimli-wasm/rust/src")).map((file) => `rust/src/${file}`);
    const files = ["build.mjs", "rust/Cargo.toml", ...rust].sort();
    const hashes = files.map((file) => [file, hashText(fromRoot("gimli-wasm", file))]);
    assert.deepEqual(built.sources, Object.fromEntries(hashes));
  });

  it("is the file that was built", () => {
    const wasm = readFileSync(fromRoot("gimli-wasm/gimli.wasm"));
    assert.deepEqual(
      { sizeBytes: wasm.length, sha256: sha256(wasm) },
      {
        sizeBytes: built.sizeBytes,
        sha256: built.sha256,
      },
    );
  });

  it("imports nothing, and names no folder of the machine that built it", () => {
    const wasm = readFileSync(fromRoot("gimli-wasm/gimli.wasm"));
    assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(wasm)), []);
    assert.doesNotMatch(wasm.toString("latin1"), /\/(home|root|tmp|usr|Users)\/|rustlib|\.cargo/);
  });

  it("stays small", () => {
    assert.ok(built.sizeBytes <= 205_000);
  });

  it("answers for a module without debug info", () => {
    const dwarf = gimli.open(() => undefined);
    assert.equal(dwarf.units().offset.length, 0);
    assert.equal(dwarf.linePrograms().length, 0);
    assert.equal(dwarf.unitAt(0), -1);
    dwarf.close();
  });
});

describe("the modules that gimli-wasm is tested on", () => {
  const folder = fromRoot("test/gimli-wasm/fixtures");
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as Manifest;

  it("were built from the sources beside them (else run: node test/gimli-wasm/fixtures/build.mjs)", () => {
    for (const [file, hash] of Object.entries(manifest.sources)) {
      assert.equal(hashText(`${folder}/${file}`), hash, file);
    }
  });

  it("are those that were built", () => {
    const files = Object.values(manifest.builds).flatMap((build) => Object.entries(build.files));
    for (const [file, hash] of files) assert.equal(sha256(readFileSync(`${folder}/${file}`)), hash, file);
    const built = readdirSync(folder).filter((file) => /\.(wasm|dwo|gz)$/.test(file));
    assert.deepEqual(files.map(([file]) => file).sort(), built.sort());
  });
});

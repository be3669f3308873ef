// Builds gimli.wasm from the Rust crate beside it: `npm run build:gimli`.
//
// Takes the first Rust on PATH that can compile for wasm32-unknown-unknown: one with that target installed
// (`rustup target add wasm32-unknown-unknown`), or one with the standard library's sources (Debian's
// rustc-web, cargo-web and rust-web-src, or `rustup component add rust-src`). CARGO names one cargo instead.
// `gimli.wasm.json` records what went in and what came out; a test holds both to the files.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = "wasm32-unknown-unknown";
const oldest = [1, 88];
const exe = process.platform === "win32" ? ".exe" : "";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The hash of every file that gimli.wasm is made from, by its path in the package. Line ends do not count. */
export function hashSources(folder = here) {
  const rust = readdirSync(join(folder, "rust/src")).filter((file) => file.endsWith(".rs"));
  const files = ["build.mjs", "rust/Cargo.toml", ...rust.map((file) => `rust/src/${file}`)].sort();
  const text = (file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n");
  return Object.fromEntries(files.map((file) => [file, sha256(text(file))]));
}

/** What `tool` prints, or undefined if it fails or is not there. */
function output(tool, args, options) {
  try {
    return execFileSync(tool, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      ...options,
    }).trim();
  } catch {
    return undefined;
  }
}

const foldersOnPath = () => [...new Set((process.env.PATH ?? "").split(delimiter))].filter(Boolean);

/** Looks at one cargo and the rustc beside it: how it can build for the target, if it can. */
function examine(cargo) {
  const beside = join(dirname(cargo), `rustc${exe}`);
  const rustc = process.env.RUSTC || (existsSync(beside) ? beside : `rustc${exe}`);
  const version = output(rustc, ["--version"]);
  const sysroot = output(rustc, ["--print", "sysroot"]);
  if (version === undefined || sysroot === undefined) return undefined;
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) return undefined;
  const library = join(sysroot, "lib/rustlib", target, "lib");
  const hasTarget =
    existsSync(library) && readdirSync(library).some((file) => /^libcore-.*\.rlib$/.test(file));
  const hasSources = existsSync(join(sysroot, "lib/rustlib/src/rust/library/core/Cargo.toml"));
  if (!hasTarget && !hasSources) return undefined;
  return { cargo, rustc, version, sysroot, hasTarget };
}

function findRust() {
  const cargos = process.env.CARGO
    ? [process.env.CARGO]
    : foldersOnPath().map((folder) => join(folder, `cargo${exe}`));
  for (const cargo of cargos) {
    const rust = existsSync(cargo) ? examine(cargo) : undefined;
    if (rust) return rust;
  }
  throw new Error(
    `building gimli.wasm needs Rust ${oldest.join(".")} or newer that can compile for ${target}: ` +
      `run \`rustup target add ${target}\`, or on Debian \`apt-get install rustc-web cargo-web rust-web-src lld\`.`,
  );
}

/** Rust's own linker where it is part of the installation, else any wasm-ld on PATH. */
function findLinker({ sysroot }) {
  const tools = join(sysroot, "lib/rustlib");
  const hasOwn = readdirSync(tools).some((host) => existsSync(join(tools, host, "bin", `rust-lld${exe}`)));
  if (hasOwn) return undefined;
  const newestFirst = (one, other) => other.localeCompare(one, "en", { numeric: true });
  for (const folder of foldersOnPath().filter((folder) => existsSync(folder))) {
    const linkers = readdirSync(folder).filter((file) => /^wasm-ld(-\d+)?(\.exe)?$/.test(file));
    const [linker] = linkers.sort(newestFirst);
    if (linker) return join(folder, linker);
  }
  throw new Error("building gimli.wasm needs the linker wasm-ld: install LLVM's lld.");
}

function build() {
  const rust = findRust();
  const linker = findLinker(rust);
  const folder = mkdtempSync(join(tmpdir(), "gimli-wasm-"));
  try {
    const args = ["build", "--release", "--lib", "--target", target, "--target-dir", folder];
    // Without the target's own library it is compiled too; only a nightly would do that unasked.
    if (!rust.hasTarget) args.push("-Z", "build-std=core,alloc");
    const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS, ...env } = process.env;
    execFileSync(rust.cargo, args, {
      cwd: join(here, "rust"),
      stdio: "inherit",
      env: {
        ...env,
        RUSTC: rust.rustc,
        RUSTC_BOOTSTRAP: "1",
        ...(linker ? { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker } : {}),
      },
    });
    const wasm = readFileSync(join(folder, target, "release/gimli_wasm.wasm"));
    writeFileSync(join(here, "gimli.wasm"), wasm);
    const facts = {
      compiler: rust.version,
      sizeBytes: wasm.length,
      sha256: sha256(wasm),
      sources: hashSources(),
    };
    writeFileSync(join(here, "gimli.wasm.json"), `${JSON.stringify(facts, undefined, 2)}\n`);
    process.stdout.write(`gimli.wasm: ${wasm.length} bytes, by ${rust.version}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(here, "rust/Cargo.lock"), { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    build();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

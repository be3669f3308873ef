// Builds the committed guests from their recipes: `npm run fixtures [-- name…]`.
//
// A folder with a `recipe.json` is a set of guests: test/fixtures/<name>, test/bench/guests and the
// examples. Every build compiles each source to an object, links the objects and applies the recipe's
// last steps; the modules land beside their sources and `manifest.json` records the tools, the exact
// commands and the SHA-256 of what went in and came out. Needs clang-22, lld-22, wasi-libc and
// libclang-rt-22-dev-wasm32; one guest also needs binaryen's wasm-opt.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const clang = process.env.CLANG ?? "clang-22";
const wasmOpt = process.env.WASM_OPT ?? "wasm-opt";

/** Without `--no-wasm-opt` clang runs whatever wasm-opt is on PATH, and Debian's empties the line tables. */
const always = ["--no-wasm-opt"];
const targets = {
  wasi: ["--target=wasm32-wasi", "-Wno-deprecated"],
  freestanding: ["--target=wasm32-unknown-unknown", "-ffreestanding", "-nostdlib"],
};

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const say = (text) => process.stdout.write(`${text}\n`);

/** Folders that hold a recipe, by the name one asks for them with. */
function findRecipes() {
  const folders = new Map([
    ["bench", join(root, "test/bench/guests")],
    ["example-c", join(root, "examples/c")],
  ]);
  for (const name of readdirSync(join(root, "test/fixtures")))
    folders.set(name, join(root, "test/fixtures", name));
  return new Map([...folders].filter(([, folder]) => existsSync(join(folder, "recipe.json"))));
}

/** Runs a tool in a guest's folder; its complaints go to the terminal. */
function run(folder, command) {
  const [tool, ...args] = command;
  execFileSync(tool, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
}

const firstLine = (tool, ...args) => execFileSync(tool, args, { encoding: "utf8" }).split("\n")[0].trim();

function packageVersion(name) {
  try {
    return execFileSync("dpkg-query", ["--show", name], { encoding: "utf8" }).trim().split("\t")[1];
  } catch {
    return "unknown";
  }
}

/** The commands of one build, with `$WORK` for the folder of objects, so that they read the same everywhere. */
function commandsOf(recipe, build, compilationDir, output) {
  if (build.command) return [build.command];
  const target = targets[build.target ?? recipe.target ?? "wasi"];
  const sources = build.sources ?? recipe.sources;
  const objects = sources.map((source) => `$WORK/${source.replaceAll("/", "-").replace(/\.c$/, ".o")}`);
  const compile = [
    ...target,
    "-Wall",
    "-Wextra",
    `-fdebug-compilation-dir=${compilationDir}`,
    ...(recipe.compile ?? []),
    ...(build.compile ?? []),
  ];
  const link = [...target, ...always, ...(recipe.link ?? []), ...(build.link ?? [])];
  return [
    ...sources.map((source, index) => [clang, ...compile, "-c", source, "-o", objects[index]]),
    [clang, ...link, ...objects, "-o", output],
  ];
}

/** What a recipe may do to a linked module, each step taking its bytes and giving new ones. */
const lastSteps = {
  /** Adds a start section naming an exported function: clang has no way to ask for one. */
  "start-section": (bytes, { function: name }) => addStartSection(bytes, name),
  /** Runs an optimiser that keeps `.debug_*` but empties the line tables, as clang does when one is on PATH. */
  "wasm-opt": (bytes, { flags }, work) => {
    writeFileSync(join(work, "in.wasm"), bytes);
    run(work, [wasmOpt, ...flags, "in.wasm", "-o", "out.wasm"]);
    return readFileSync(join(work, "out.wasm"));
  },
  /** Drops every custom section of a name. */
  "remove-section": (bytes, { name }) => removeCustomSection(bytes, name),
};

function buildOne(folder, recipe, build, file) {
  const work = mkdtempSync(join(tmpdir(), "wasm-dap-fixtures-"));
  try {
    const compilationDir = recipe.compilationDir ?? `/build/${basename(folder)}`;
    const commands = commandsOf(recipe, build, compilationDir, file);
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    for (const command of commands)
      run(
        folder,
        command.map((part) => part.replace("$WORK", work)),
      );
    let bytes = readFileSync(join(folder, file));
    for (const step of build.steps ?? []) bytes = lastSteps[step.step](bytes, step, work);
    writeFileSync(join(folder, file), bytes);
    say(`  ${relative(root, join(folder, file))}  ${bytes.length} bytes`);
    return {
      file,
      commands: commands.map((command) => command.join(" ")),
      ...(build.steps ? { steps: build.steps } : {}),
      sizeBytes: bytes.length,
      sha256: sha256(bytes),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The hash of every source and header in a guest's folder, by its path there. */
function hashSources(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /\.(c|h|y|inc)$/.test(file))
    .sort();
  return Object.fromEntries(files.map((file) => [file, sha256(readFileSync(join(folder, file)))]));
}

function buildFolder(folder) {
  const recipeBytes = readFileSync(join(folder, "recipe.json"));
  const recipe = JSON.parse(recipeBytes);
  const builds = {};
  for (const [key, build] of Object.entries(recipe.builds)) {
    const file = build.file ?? `${basename(folder)}.${key}.wasm`;
    builds[key] = buildOne(folder, recipe, build, file);
  }
  const usesWasmOpt = Object.values(recipe.builds).some((build) =>
    build.steps?.some((s) => s.step === "wasm-opt"),
  );
  const manifest = {
    tools: {
      compiler: firstLine(clang, "--version"),
      linker: firstLine(clang.replace("clang", "wasm-ld"), "--version"),
      "wasi-libc": packageVersion("wasi-libc"),
      "compiler-rt": packageVersion("libclang-rt-22-dev-wasm32"),
      ...(usesWasmOpt ? { "wasm-opt": firstLine(wasmOpt, "--version") } : {}),
    },
    compilationDir: recipe.compilationDir ?? `/build/${basename(folder)}`,
    recipe: sha256(recipeBytes),
    sources: hashSources(folder),
    builds,
  };
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** An unsigned LEB128 number and the offset after it. */
function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function leb(value) {
  const out = [];
  do {
    const rest = Math.floor(value / 128);
    out.push((value & 0x7f) | (rest > 0 ? 0x80 : 0));
    value = rest;
  } while (value > 0);
  return out;
}

/** The start section's id, and those of the sections that follow it: element, data count, code, data. */
const start = 8;
const afterStart = [9, 12, 10, 11];

/** The sections of a module: where each begins, where its payload does, and where it ends. */
function* sectionsOf(bytes) {
  for (let at = 8; at < bytes.length; ) {
    const [size, payload] = readLeb(bytes, at + 1);
    yield { id: bytes[at], at, payload, end: payload + size };
    at = payload + size;
  }
}

/** DWARF counts from the code section's payload, so a section put in before it moves no address. */
function addStartSection(bytes, exported) {
  const sections = [...sectionsOf(bytes)];
  const exports = sections.find(({ id }) => id === 7);
  const index = exports && findExport(bytes, exports.payload, exported);
  if (index === undefined) throw new Error(`no exported function is called ${exported}`);
  const insertAt = sections.find(({ id }) => afterStart.includes(id))?.at ?? bytes.length;
  const payload = leb(index);
  const section = Buffer.from([start, ...leb(payload.length), ...payload]);
  return Buffer.concat([bytes.subarray(0, insertAt), section, bytes.subarray(insertAt)]);
}

function removeCustomSection(bytes, unwanted) {
  const keeps = ({ id, payload }) => {
    if (id !== 0) return true;
    const [length, text] = readLeb(bytes, payload);
    return Buffer.from(bytes.subarray(text, text + length)).toString() !== unwanted;
  };
  const kept = [...sectionsOf(bytes)].filter(keeps).map(({ at, end }) => bytes.subarray(at, end));
  return Buffer.concat([bytes.subarray(0, 8), ...kept]);
}

function findExport(bytes, payload, wanted) {
  let [count, at] = readLeb(bytes, payload);
  for (; count > 0; count--) {
    const [length, text] = readLeb(bytes, at);
    const kind = bytes[text + length];
    const [index, next] = readLeb(bytes, text + length + 1);
    if (kind === 0 && Buffer.from(bytes.subarray(text, text + length)).toString() === wanted) return index;
    at = next;
  }
  return undefined;
}

const recipes = findRecipes();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !recipes.has(name));
if (unknown.length > 0) {
  say(`No recipe is called ${unknown.join(", ")}. There are: ${[...recipes.keys()].join(", ")}.`);
  process.exit(1);
}
for (const [name, folder] of recipes) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(name);
  buildFolder(folder);
}

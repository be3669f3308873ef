// Builds the committed guests from their recipes: `npm run fixtures [-- name…]`.
//
// A folder with a `recipe.json` is a set of guests: test/fixtures/<name>, test/bench/guests and the
// examples. Every build compiles its sources, links them and applies the recipe's last steps; the modules
// land beside their sources and `manifest.json` records the tools, the exact commands and the SHA-256 of
// what went in and came out. test/fixtures/README.md says which tools are needed.
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
import {
  addStartSection,
  addTextSection,
  removeCustomSection,
  renameFolders,
} from "./fixtures/module-edits.mjs";
import { rewriteSourceMap } from "./fixtures/source-maps.mjs";
import { commandsOf, expand, firstLine, toolsOf } from "./fixtures/toolchains.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wasmOpt = process.env.WASM_OPT ?? "wasm-opt";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const say = (text) => process.stdout.write(`${text}\n`);

/** Folders that hold a recipe, by the name one asks for them with. */
function findRecipes() {
  const folders = new Map([["bench", join(root, "test/bench/guests")]]);
  for (const name of readdirSync(join(root, "examples")))
    folders.set(`example-${name}`, join(root, "examples", name));
  for (const name of readdirSync(join(root, "test/fixtures")))
    folders.set(name, join(root, "test/fixtures", name));
  return new Map([...folders].filter(([, folder]) => existsSync(join(folder, "recipe.json"))));
}

/** Runs a tool in a guest's folder; its complaints go to the terminal. */
function run(folder, command) {
  const [tool, ...args] = command;
  execFileSync(tool, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
}

/** What a recipe may do to a linked module, each step taking its bytes and giving new ones. */
const lastSteps = {
  "start-section": (bytes, { function: name }) => addStartSection(bytes, name),
  /** Runs an optimiser that keeps `.debug_*` but empties the line tables, as clang does when one is on PATH. */
  "wasm-opt": (bytes, { flags }, { work }) => {
    writeFileSync(join(work, "in.wasm"), bytes);
    run(work, [wasmOpt, ...flags, "in.wasm", "-o", "out.wasm"]);
    return readFileSync(join(work, "out.wasm"));
  },
  "remove-section": (bytes, { name }) => removeCustomSection(bytes, name),
  "rename-folders": renameFolders,
  "add-text-section": (bytes, { name, text }) => addTextSection(bytes, name, text),
  "source-map": rewriteSourceMap,
  /** Keeps the module as it is now in a file of its own, beside the one that is made of it. */
  save: (bytes, { file }, { folder }) => {
    writeFileSync(join(folder, file), bytes);
    return bytes;
  },
};

function buildOne(folder, recipe, build, file) {
  const work = mkdtempSync(join(tmpdir(), "wasm-dap-fixtures-"));
  try {
    const commands = commandsOf(recipe, build, compilationDirOf(folder, recipe), file);
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    for (const command of commands) run(folder, expand(command, { WORK: work, FOLDER: folder }));
    let bytes = readFileSync(join(folder, file));
    for (const step of build.steps ?? []) bytes = lastSteps[step.step](bytes, step, { work, folder });
    writeFileSync(join(folder, file), bytes);
    say(`  ${relative(root, join(folder, file))}  ${bytes.length} bytes`);
    return {
      file,
      commands: commands.map((command) => command.join(" ")),
      ...(build.steps ? { steps: build.steps } : {}),
      ...(build.needs ? { needs: build.needs } : {}),
      ...fingerprint(bytes),
      ...(build.beside
        ? {
            beside: build.beside.map((name) => ({
              file: name,
              ...fingerprint(readFileSync(join(folder, name))),
            })),
          }
        : {}),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const fingerprint = (bytes) => ({ sizeBytes: bytes.length, sha256: sha256(bytes) });
const compilationDirOf = (folder, recipe) => recipe.compilationDir ?? `/build/${basename(folder)}`;

/** What is compiled, and what says how. */
const sourceFile = /\.(c|h|y|inc|cpp|hpp|rs|toml|lock|ts|wat|s|d|zig)$/;

/** The hash of every source and header in a guest's folder, by its path there. */
function hashSources(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => sourceFile.test(file))
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
  const all = Object.values(recipe.builds);
  const usesWasmOpt = all.some((build) => build.steps?.some((step) => step.step === "wasm-opt"));
  const compilationDir = compilationDirOf(folder, recipe);
  const commands = all.flatMap((build) => commandsOf(recipe, build, compilationDir, ""));
  const manifest = {
    tools: { ...toolsOf(commands), ...(usesWasmOpt ? { "wasm-opt": firstLine(wasmOpt, "--version") } : {}) },
    compilationDir,
    recipe: sha256(recipeBytes),
    sources: hashSources(folder),
    builds,
  };
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
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

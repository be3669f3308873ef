// Builds large guests, programs that others wrote with DWARF 5, into build/large: `node test/large/build.mjs [NAME]…`, by
// default all of `building/programs.mjs`.
//
// Their sources are Debian's. Installs the compiler through apt when there is none. Leaves a module that was made by the
// same recipe as it is. Prints the modules' paths.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, installCompiler } from "./building/compiler.mjs";
import { fetchAll, sha256 } from "./building/debian.mjs";
import { folderOf, output, programs, wasmFlags } from "./building/programs.mjs";
import { runModule } from "./building/run-module.mjs";

const here = dirname(fileURLToPath(import.meta.url));
/** As many compilers at once as the machines that this is built on have processors. */
const workers = 2;

const recipe = ["programs", "sqlite-amalgamation", "compiler"].map((name) => `building/${name}.mjs`);
const moduleOf = ({ name }, build) => join(output, `${name}.${build}.wasm`);
const recordOf = ({ name }, build) => join(output, `${name}.${build}.json`);
const inputsOf = ({ guests }) =>
  [...recipe, ...guests.map((file) => `guests/${file}`)].map((file) =>
    sha256(readFileSync(join(here, file))),
  );

function isFresh(program, build) {
  const [module, record] = [moduleOf(program, build), recordOf(program, build)];
  if (!existsSync(module) || !existsSync(record)) return false;
  const { inputs, sha256: made } = JSON.parse(readFileSync(record, "utf8"));
  return inputs.join() === inputsOf(program).join() && made === sha256(readFileSync(module));
}

/** Has the sources of programs in their folders, those of the drivers too. */
async function haveSources(chosen) {
  const missing = chosen.filter(({ name, isPrepared }) => !isPrepared(folderOf(name)));
  if (missing.length > 0) fetchAll(missing.map(({ archive }) => archive));
  for (const { name, prepare } of missing) await prepare?.(folderOf(name));
  for (const { name, guests } of chosen) {
    for (const file of guests) copyFileSync(join(here, "guests", file), join(folderOf(name), file));
  }
}

async function build(program, level) {
  const { name, compiler, files, flags, linkFlags } = program;
  const folder = folderOf(name);
  const module = moduleOf(program, level);
  const debugFlags = ["-gdwarf-5", `-${level}`, "-w", `-fdebug-compilation-dir=/build/${name}`];
  const args = [...wasmFlags, ...debugFlags, ...flags, ...files(folder), ...linkFlags, "-o", module];
  await compile(folder, compiler, args);
  // So that a broken build is found here and not in somebody's test.
  await runModule(module, [name]);
  const record = {
    compilationDir: `/build/${name}`,
    inputs: inputsOf(program),
    sha256: sha256(readFileSync(module)),
  };
  writeFileSync(recordOf(program, level), `${JSON.stringify(record, null, 2)}\n`);
}

const names = process.argv.slice(2);
const chosen = programs.filter(({ name }) => names.length === 0 || names.includes(name));
const all = chosen.flatMap((program) => program.builds.map((level) => ({ program, level })));
const stale = all.filter(({ program, level }) => !isFresh(program, level));
mkdirSync(output, { recursive: true });
if (stale.length > 0) {
  installCompiler();
  await haveSources([...new Set(stale.map(({ program }) => program))]);
  const work = async () => {
    for (let next = stale.shift(); next; next = stale.shift()) await build(next.program, next.level);
  };
  await Promise.all(Array.from({ length: workers }, work));
}
for (const { program, level } of all) process.stdout.write(`${moduleOf(program, level)}\n`);

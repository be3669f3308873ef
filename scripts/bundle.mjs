// Bundles the program into dist/bundle, where it needs no node_modules: part of `npm run build`.
//
// wasm-dap.js is the adapter and the command line; debuggee/ holds the debuggee's two threads. Beside them
// lie the Wasm modules that they read and the licenses of the packages that were bundled. The extension for VS Code is
// bundled into its own folder.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "dist/bundle");
const entryPoints = {
  "wasm-dap": "dist/adapter/cli/main.js",
};
/** In CommonJS: Node starts it sooner, and a debuggee is started at every launch, its two threads one after the other. */
const debuggee = {
  "debuggee/main": "dist/runtime/guest/main.js",
  "debuggee/agent": "dist/runtime/guest/agent.js",
};
/** Read at run time from beside the code: the package whose code reads it, and where it is. */
const wasmModules = [
  { reader: "gimli-wasm/", path: "gimli-wasm/gimli.wasm" },
  { reader: "node_modules/source-map/", path: "node_modules/source-map/lib/mappings.wasm" },
];

// What packages in CommonJS expect to find and an ES module has not.
const commonJs = `import { createRequire as __createRequire } from "node:module";
import { dirname as __dirnameOf } from "node:path";
import { fileURLToPath as __pathOf } from "node:url";
const require = __createRequire(import.meta.url);
const __filename = __pathOf(import.meta.url);
const __dirname = __dirnameOf(__filename);`;

const common = {
  absWorkingDir: root,
  outdir: output,
  bundle: true,
  platform: "node",
  target: "node20",
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
  // Nobody reads it, and everybody downloads it. Names stay: stack traces are read.
  minifyWhitespace: true,
  minifySyntax: true,
};
const built = await Promise.all([
  build({
    ...{ ...common, entryPoints, format: "esm", banner: { js: `${commonJs}\nlet __isLoaded = false;` } },
    // Two fifths of the package were names of variables; functions and classes are called in stack traces as they were.
    minifyIdentifiers: true,
    keepNames: true,
    footer: { js: "__isLoaded=true;" },
  }).then(namingAtLoad),
  build({
    ...common,
    entryPoints: debuggee,
    format: "cjs",
    banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "__url" },
  }),
]);
const outputFiles = built.flatMap((result) => result.outputFiles);
const inputs = built.flatMap((result) => Object.keys(result.metafile.inputs));

// Not before everything is bundled, so that an error costs nobody the last good one.
rmSync(output, { recursive: true, force: true });
mkdirSync(join(output, "debuggee"), { recursive: true });
for (const { path, contents } of outputFiles) writeFileSync(path, contents);
writeFileSync(join(output, "debuggee/package.json"), '{ "type": "commonjs" }\n');
for (const { reader, path } of wasmModules) {
  if (!inputs.some((input) => input.startsWith(reader))) continue;
  writeFileSync(join(output, basename(path)), readFileSync(join(root, path)));
}
writeFileSync(join(output, "LICENSES.txt"), licenses());

await build({
  absWorkingDir: root,
  entryPoints: ["extension/src/extension.ts"],
  outfile: "extension/dist/extension.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  logLevel: "warning",
});

/**
 * Lets names be given to functions only while the bundle is loaded: giving one to each closure of each request, which is what
 * esbuild makes of `keepNames`, takes longer than some of what those do.
 */
function namingAtLoad(result) {
  const helper = /([$\w]+)=\(([$\w]+),([$\w]+)\)=>([$\w]+\(\2,"name",\{value:\3,configurable:!0\}\))/;
  for (const file of result.outputFiles) {
    const named = file.text.replace(helper, "$1=($2,$3)=>__isLoaded?$2:$4");
    if (named === file.text) throw new Error(`${file.path} has no helper that gives names to functions.`);
    file.contents = Buffer.from(named);
  }
  return result;
}

/** The license of every package that a bundled file is from, and of gimli, which is in gimli.wasm. */
function licenses() {
  const found = inputs.map((input) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  const names = [...new Set(found.filter((name) => name !== undefined))].sort();
  const gimli = readFileSync(join(root, "gimli-wasm/LICENSE-GIMLI"), "utf8").trim();
  return [...names.map((name) => [name, licenseOf(name)]), ["gimli", gimli]]
    .map(([name, license]) => `${name}\n\n${license}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(name) {
  const folder = join(root, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled and has no license file`);
  return readFileSync(join(folder, file), "utf8").trim();
}

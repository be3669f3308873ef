// `npm run test:vscode [-- PATTERN]`: the packaged extension in a real VS Code (code-server) in headless Chromium.
//
// What it needs is installed into build/vscode, once: some 700 MB and two minutes. Linux only. Chromium is the system's,
// or the one that WASM_DAP_CHROMIUM names. Screenshots are in build/vscode/shots.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { places } from "../test/vscode/tools.mjs";
import { runNpm } from "./npm.mjs";
import { root } from "./set-up.mjs";

const versions = { node: "24", "code-server": "4.139.1", "playwright-core": "1.65.1" };
const chromiumNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

class CannotTest extends Error {}

try {
  const chromium = findChromium();
  installNode();
  installCodeServer();
  installExtension();
  rmSync(places.shots, { recursive: true, force: true });
  process.exitCode = runTests(chromium);
} catch (error) {
  if (!(error instanceof CannotTest)) throw error;
  process.stderr.write(`The tests in VS Code cannot run: ${error.message}\n`);
  process.exitCode = 1;
}

function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => chromiumNames.map((name) => join(folder, name)));
  const found = process.env.WASM_DAP_CHROMIUM ?? candidates.find((path) => existsSync(path));
  if (found !== undefined && existsSync(found)) return found;
  throw new CannotTest(
    "there is no Chromium. Install one (Debian: apt-get install chromium) or name it in WASM_DAP_CHROMIUM.",
  );
}

/** Code-server runs on the Node.js that it is made for, and on no other. */
function installNode() {
  const { node } = versions;
  install("node24", { dependencies: { node }, allowScripts: { node: true } }, places.node, {});
}

function installCodeServer() {
  const { node: _, ...dependencies } = versions;
  const headers = dirname(dirname(places.node));
  const env = { PATH: [dirname(places.node), process.env.PATH].join(delimiter), npm_config_nodedir: headers };
  const allowScripts = { "code-server": true, argon2: true };
  install("code-server", { dependencies, allowScripts }, places.codeServer, env, places.node);
}

/** Installs packages into a folder of their own unless `product` is there already. */
function install(name, manifest, product, env, node = process.execPath) {
  if (existsSync(product)) return;
  process.stdout.write(`Installing ${Object.keys(manifest.dependencies).join(" and ")}\n`);
  const folder = join(places.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, ...manifest }));
  const options = {
    node,
    cwd: folder,
    env: { ...withoutNpm(process.env), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  };
  const status = runNpm(["install", "--no-audit", "--no-fund", "--foreground-scripts"], options);
  if (status === 0 && existsSync(product)) return;
  throw new CannotTest(
    `npm could not install ${name} into ${folder} (status ${status}). It needs a registry, make, g++, python3 and libkrb5-dev; run \`npm install --foreground-scripts\` there to see why.`,
  );
}

/** What `npm run` tells its scripts is about itself, its Node.js too, and would be believed by an npm that is run in them. */
function withoutNpm(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
}

function installExtension() {
  if (runNpm(["run", "--silent", "package"], { cwd: root }) !== 0) {
    throw new CannotTest("the extension could not be packaged: see above.");
  }
  const folder = join(root, "extension");
  const vsix = readdirSync(folder).find((name) => name.endsWith(".vsix"));
  rmSync(places.extensions, { recursive: true, force: true });
  const flags = ["--extensions-dir", places.extensions, "--user-data-dir", join(places.folder, "data")];
  const args = [places.codeServer, ...flags, "--install-extension", join(folder, vsix)];
  const env = { ...process.env, HOME: places.folder };
  const { status, stderr } = spawnSync(places.node, args, { env, encoding: "utf8" });
  if (status !== 0) throw new CannotTest(`code-server did not take ${vsix}: ${stderr}`);
}

function runTests(chromium) {
  const folder = join(root, "test/vscode");
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".test.mjs"))
    .sort();
  const mocha = join(root, "node_modules/mocha/bin/mocha.js");
  const pattern = process.argv.slice(2).flatMap((word) => ["--grep", word]);
  const args = [mocha, "--timeout", "90000", ...pattern, ...files.map((name) => join(folder, name))];
  const env = { ...process.env, WASM_DAP_CHROMIUM: chromium };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
}

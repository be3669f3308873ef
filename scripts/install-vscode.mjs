// Installs what the tests in VS Code work with: `installTools()` answers the browser's path.
//
// Everything comes from npm's registry and is kept in a folder of the user's cache, each under its version, so that every
// clone has it at once: some 900 MB and a minute or two the first time.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { places, versions } from "../test/vscode/tools.mjs";
import { runNpm } from "./npm.mjs";

/** Why the tests cannot run here, in a sentence that says what to do. */
export class CannotTest extends Error {}

/** These take a minute to compile, and the first wants Kerberos' headers. A workbench without proxies never loads them. */
const notBuilt = ["kerberos", "@vscode/sqlite3"];
const chromiumNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
let installLimitMs = 10 * 60_000;
/** Of what a failed installation printed, the end is shown. */
const mostLines = 40;

/** Installs all that is not there yet, if nothing of it takes longer than `limitMs`. Answers the Chromium to test in. */
export function installTools(limitMs) {
  installLimitMs = Math.min(installLimitMs, limitMs);
  if (process.platform !== "linux") throw new CannotTest("they are made for Linux.");
  installNode();
  installCodeServer();
  return findChromium() ?? installChromium();
}

/** Code-server runs on the Node.js that it is made for, and on no other. */
function installNode() {
  install("node", places.node, (folder) => npmInstall(folder, { node: versions.node }, { node: true }));
}

/** With the browser's driver beside it. Its own modules are installed by a script of its, after a look at what for. */
function installCodeServer() {
  const dependencies = {
    "code-server": versions["code-server"],
    "playwright-core": versions["playwright-core"],
  };
  install("code-server", places.codeServer, (folder) => {
    npmInstall(folder, dependencies, { argon2: true, "code-server": false }, onNode24());
    const codeServer = join(folder, "node_modules/code-server");
    const manifest = join(codeServer, "lib/vscode/package.json");
    const content = JSON.parse(readFileSync(manifest, "utf8"));
    for (const name of notBuilt) forbidScripts(content.allowScripts, name);
    writeFileSync(manifest, JSON.stringify(content, undefined, 2));
    const { env } = onNode24();
    // It asks which npm it is run by, to run that, and on which Node.js.
    const npm = { npm_config_user_agent: `npm/11 node/v${versions.node} linux ${process.arch}` };
    const options = { cwd: codeServer, env: { ...env, ...npm }, timeout: installLimitMs };
    logged("sh postinstall.sh", (stdio) => {
      const { status, error } = spawnSync("sh", ["postinstall.sh"], { ...options, stdio });
      if (error) throw error;
      return status;
    });
  });
}

function forbidScripts(allowScripts, name) {
  for (const key of Object.keys(allowScripts)) if (key.startsWith(`${name}@`)) allowScripts[key] = false;
}

/** The Chromium that the environment names, or the system's. */
function findChromium() {
  const named = process.env.WASM_DAP_CHROMIUM;
  if (named !== undefined && !existsSync(named)) {
    throw new CannotTest(`WASM_DAP_CHROMIUM names ${named}, which is not there.`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => chromiumNames.map((name) => join(folder, name)));
  return named ?? candidates.find((path) => existsSync(path));
}

/** A Chromium without windows, which a package ships compressed. */
function installChromium() {
  const advice = "Install one (Debian: apt-get install chromium) or name it in WASM_DAP_CHROMIUM.";
  if (process.arch !== "x64")
    throw new CannotTest(`there is no Chromium, and npm has none for ${process.arch}. ${advice}`);
  install("chromium", places.chromium, (folder) => {
    npmInstall(folder, { "@sparticuz/chromium": versions.chromium }, {});
    const shipped = join(folder, "node_modules/@sparticuz/chromium/bin/chromium.br");
    writeFileSync(join(folder, basename(places.chromium)), brotliDecompressSync(readFileSync(shipped)), {
      mode: 0o755,
    });
    rmSync(join(folder, "node_modules"), { recursive: true });
  });
  const { status, stderr } = spawnSync(places.chromium, ["--version", "--no-sandbox"], { encoding: "utf8" });
  if (status === 0) return places.chromium;
  throw new CannotTest(
    `there is no Chromium, and the one from npm does not run (${stderr.trim()}). ${advice}`,
  );
}

/**
 * Makes the folder that `product` is to lie in, unless it is there. It is made beside its place and moved there whole:
 * one who breaks off leaves no half of it, and of two at the same time the first wins.
 */
function install(name, product, make) {
  if (existsSync(product)) return;
  process.stdout.write(`Installing ${name} ${versions[name]} into ${places.cache}\n`);
  mkdirSync(places.cache, { recursive: true });
  const folder = join(places.cache, relative(places.cache, product).split("/")[0]);
  const draft = mkdtempSync(join(places.cache, ".making-"));
  try {
    make(draft);
    if (!existsSync(join(draft, relative(folder, product)))) {
      throw new CannotTest(`${name} was installed, but without ${relative(folder, product)}.`);
    }
    if (existsSync(product)) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function npmInstall(folder, dependencies, allowScripts, on = {}) {
  const manifest = { private: true, dependencies, allowScripts };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const args = ["install", "--no-audit", "--no-fund", "--foreground-scripts"];
  logged(`npm ${args.join(" ")}`, (stdio) =>
    runNpm(args, { env: withoutNpm(process.env), ...on, cwd: folder, stdio, timeout: installLimitMs }),
  );
}

/** Gives what a command prints to the user only if it fails. */
function logged(command, run) {
  const log = join(mkdtempSync(join(tmpdir(), "wasm-dap-install-")), "log");
  const output = openSync(log, "w");
  try {
    if (run(["ignore", output, output]) === 0) return;
    process.stdout.write(`${readFileSync(log, "utf8").trim().split("\n").slice(-mostLines).join("\n")}\n`);
    throw new CannotTest(`"${command}" failed (see above). It needs npm's registry, make, g++ and python3.`);
  } catch (error) {
    if (error.code !== "ETIMEDOUT") throw error;
    throw new CannotTest(`"${command}" did not end within ${Math.round(installLimitMs / 1000)} s.`);
  } finally {
    closeSync(output);
    rmSync(dirname(log), { recursive: true });
  }
}

/** For npm, and for what is started by it, as an npm on code-server's own Node.js: its headers are beside it. */
function onNode24() {
  const env = {
    ...withoutNpm(process.env),
    PATH: [dirname(places.node), process.env.PATH].join(delimiter),
    npm_config_nodedir: dirname(dirname(places.node)),
  };
  return { node: places.node, env };
}

/**
 * What `npm run` tells its scripts is about itself, its Node.js too, and would be believed by an npm that is run in them;
 * where packages come from is as true there.
 */
function withoutNpm(env) {
  const isKept = /^npm_config_(registry|userconfig|globalconfig|cache|cafile|.*proxy)$/i;
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => isKept.test(name) || !/^npm_/i.test(name)),
  );
}

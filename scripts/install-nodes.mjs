// Installs the other Node that tests run on, once: `node scripts/install-nodes.mjs` prints the path of its binary.
//
// It comes from the package registry as `node-<platform>-<arch>@24` and lands in build/nodes/24. When the Node at
// work is a 24 itself, that is the one, and nothing is installed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNpm } from "./npm.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const major = "24";
const folder = join(root, "build", "nodes", major);
const platform = process.platform === "win32" ? "win" : process.platform;
const packageName = `node-${platform}-${process.arch}`;
const binary = join(folder, "node_modules", packageName, "bin", platform === "win" ? "node.exe" : "node");

/** Absolute path of a Node 24, installed if need be. */
export function installNode24() {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (works()) return binary;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const command = [
    "install",
    `${packageName}@${major}`,
    "--prefix",
    folder,
    "--no-audit",
    "--no-fund",
    "--no-workspaces",
  ];
  const status = runNpm(command, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0)
    throw new Error(`npm could not install ${packageName}@${major}, which tests run guests on.`);
  if (!works()) throw new Error(`${packageName}@${major} was installed, but ${binary} does not run.`);
  return binary;
}

function works() {
  if (!existsSync(binary)) return false;
  try {
    return execFileSync(binary, ["--version"], { encoding: "utf8" }).startsWith(`v${major}.`);
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${installNode24()}\n`);

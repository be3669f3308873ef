// Makes a clone ready to run: dependencies and build. Imported by the other scripts.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runNpm } from "./npm.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs the dependencies unless they are what package-lock.json says. Answers whether they are now. */
export function installDependencies() {
  if (isInstalled()) return true;
  process.stdout.write("Installing dependencies (npm ci)\n");
  return runNpm(["ci", "--no-audit", "--no-fund"], { cwd: root }) === 0;
}

/** Compiles and bundles. Answers whether that went well; what is wrong has been printed. */
export function build() {
  return runNpm(["run", "--silent", "build"], { cwd: root }) === 0;
}

/**
 * Compares npm's record of what is installed with package-lock.json, entry by entry.
 *
 * Not by the files' times: npm writes the two in either order, and a checkout sets both anew.
 */
function isInstalled() {
  const installed = packagesIn(join(root, "node_modules/.package-lock.json"));
  if (installed === undefined) return false;
  const wanted = packagesIn(join(root, "package-lock.json")) ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/")) return true;
    const there = installed[path];
    // Optional packages are left out where they are for another system.
    return there === undefined ? entry.optional === true : there.version === entry.version;
  });
}

function packagesIn(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}

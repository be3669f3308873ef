// `npm run package`: the extension for VS Code as one file to install, extension/wasm-dap-vscode-VERSION.vsix.
//
// The server is copied into the extension while it is packed and taken out again: in a checkout the extension starts
// the one in dist/bundle, and an old copy would get in the way. Prints the path, as the last line.
import { copyFileSync, cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { runNpm } from "./npm.mjs";
import { build, installDependencies, root } from "./set-up.mjs";

/** VS Code's packager. Too heavy for a dependency of everyone; the newest that works with Node 20. */
const packager = "@vscode/vsce@3.9.2";
const largestBytes = 3_000_000;

const folder = join(root, "extension");
const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const output = join(folder, `${name}-${version}.vsix`);

if (!installDependencies() || !build() || !pack()) process.exit(1);
const { size } = statSync(output);
if (size > largestBytes) throw new Error(`${output} has ${size} bytes, more than ${largestBytes}.`);
process.stdout.write(`${output}\n`);

function pack() {
  const server = join(folder, "server");
  const license = join(folder, "LICENSE");
  rmSync(server, { recursive: true, force: true });
  rmSync(output, { force: true });
  try {
    cpSync(join(root, "dist/bundle"), server, { recursive: true });
    copyFileSync(join(root, "LICENSE"), license);
    const flags = ["--no-dependencies", "--allow-missing-repository", "--out", output];
    return (
      runNpm(["exec", "--yes", `--package=${packager}`, "--", "vsce", "package", ...flags], {
        cwd: folder,
      }) === 0
    );
  } finally {
    rmSync(server, { recursive: true, force: true });
    rmSync(license, { force: true });
  }
}

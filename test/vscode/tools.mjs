// What the tests in VS Code work with: installed into build/vscode by `npm run test:vscode`, which see.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../scripts/set-up.mjs";

const folder = join(root, "build/vscode");

/** Where things are, whether they are there or not. `extensions` is what code-server finds the packaged extension in. */
export const places = {
  folder,
  shots: join(folder, "shots"),
  extensions: join(folder, "extensions"),
  node: join(folder, "node24/node_modules/node/node_modules", `node-linux-${process.arch}`, "bin/node"),
  codeServer: join(folder, "code-server/node_modules/code-server/out/node/entry.js"),
};

/** The places, the browser's driver, and the browser, which the environment names in WASM_DAP_CHROMIUM. */
export function tools() {
  const { chromium } = createRequire(join(folder, "code-server/package.json"))("playwright-core");
  const chromiumPath = process.env.WASM_DAP_CHROMIUM;
  if (chromiumPath === undefined) throw new Error("These tests are run by `npm run test:vscode`.");
  return { ...places, chromium, chromiumPath };
}

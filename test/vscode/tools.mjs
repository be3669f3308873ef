// What the tests in VS Code work with: installed by `npm run test:vscode`, which see.
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/set-up.mjs";

/** Of npm's packages. Code-server's says which VS Code is tested; Node.js is the one that it is made for. */
export const versions = {
  node: "24",
  "code-server": "4.139.1",
  "playwright-core": "1.65.1",
  chromium: "147.0.0",
};

const cacheOfUser = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const cache = process.env.WASM_DAP_CACHE || join(cacheOfUser, "wasm-dap");
const folder = join(root, "build/vscode");
const codeServer = join(cache, `code-server-${versions["code-server"]}-${versions["playwright-core"]}`);

/**
 * Where things are, whether they are there or not: what all clones share in `cache`, what is of this one in `folder`.
 * `extensions` is what code-server finds the packaged extension in.
 */
export const places = {
  cache,
  folder,
  shots: join(folder, "shots"),
  extensions: join(folder, "extensions"),
  node: join(
    cache,
    `node-${versions.node}/node_modules/node/node_modules/node-linux-${process.arch}/bin/node`,
  ),
  codeServer: join(codeServer, "node_modules/code-server/out/node/entry.js"),
  chromium: join(cache, `chromium-${versions.chromium}/chromium`),
};

/** The places, the browser's driver, and the browser, which the environment names in WASM_DAP_CHROMIUM. */
export function tools() {
  const { chromium } = createRequire(join(codeServer, "package.json"))("playwright-core");
  const chromiumPath = process.env.WASM_DAP_CHROMIUM;
  if (chromiumPath === undefined) throw new Error("These tests are run by `npm run test:vscode`.");
  return { ...places, chromium, chromiumPath };
}

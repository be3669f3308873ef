import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's root folder, found upwards from here, so that sources and compiled tests agree on it. */
export const root: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "tsconfig.base.json"))) folder = dirname(folder);
  return folder;
})();

/** An absolute path from path segments below the package's root. */
export const fromRoot = (...segments: string[]): string => join(root, ...segments);

import { readFileSync } from "node:fs";

/** The version of this package, from the nearest `package.json` above the running code that is its own. */
export function readVersion(): string {
  for (let folder = new URL("./", import.meta.url); ; folder = new URL("../", folder)) {
    const version = versionIn(folder);
    if (version !== undefined) return version;
    if (folder.pathname === new URL("../", folder).pathname) return "unknown";
  }
}

function versionIn(folder: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
    return name === "wasm-dap" && typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

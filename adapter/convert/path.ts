import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ClientFacts } from "../protocol/client.ts";

/** A path as the client writes paths. One that is none of this machine's is left as it is. */
export const toClientPath = (client: ClientFacts, path: string): string =>
  client.pathFormat === "uri" && isAbsolute(path) ? pathToFileURL(path).href : path;

/** A client's path as a path of this machine. A URI that names no file is left as it is. */
export function fromClientPath(client: ClientFacts, path: string): string {
  if (client.pathFormat !== "uri" || !path.startsWith("file:")) return path;
  try {
    return fileURLToPath(path);
  } catch {
    return path;
  }
}

/** The last component, whichever separators the path uses: debug info may come from another system. */
export const nameOf = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

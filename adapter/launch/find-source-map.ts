import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MalformedError } from "../../src/base/errors.ts";
import type { DebugInfoBeside } from "../../src/debuginfo/open-debug-info.ts";
import { readSourceMap } from "../../src/sourcemap/read-source-map.ts";
import type { WasmModule } from "../../src/wasm/module.ts";
import {
  readSourceMappingUrl,
  SOURCE_MAPPING_URL_SECTION,
} from "../../src/wasm/sections/source-mapping-url.ts";
import { isFile, isFolder } from "./readable.ts";

/** Where a source map is, or why that is nowhere it could be read from. */
type MapPlace =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "nowhere"; readonly why: string };

/**
 * Looks for the source map of a module: in the files and folders of `symbols`, then where the module itself says it is.
 *
 * Nothing is fetched from the network. What is missing or malformed is said in the answer and never fails.
 */
export async function findSourceMap(
  path: string,
  module: WasmModule,
  symbols: readonly string[],
): Promise<DebugInfoBeside> {
  const place = placeInSymbols(path, symbols) ?? placeInModule(path, module);
  if (place === undefined) return {};
  if (place.kind === "nowhere") return { whyNoMap: place.why };
  const mapPath = place.kind === "file" ? place.path : undefined;
  try {
    const text = place.kind === "text" ? place.text : await readFile(place.path, "utf8");
    return { sourceMap: await readSourceMap(text, mapPath) };
  } catch (error) {
    const name = mapPath ?? "in the module";
    if (error instanceof MalformedError) {
      return { whyNoMap: `The source map ${name} is malformed: ${error.detail}. ${rebuild}` };
    }
    if (error instanceof Error && "code" in error) {
      return { whyNoMap: `The source map ${name} cannot be read: ${error.message}.` };
    }
    throw error;
  }
}

const rebuild = "Build the module anew together with its map.";
const nameIt = "name it in `symbols` of the launch configuration";

function placeInSymbols(path: string, symbols: readonly string[]): MapPlace | undefined {
  const name = basename(path);
  const names = [`${name}.map`, `${name.replace(/\.wasm$/, "")}.map`];
  for (const one of symbols) {
    const inFolder = isFolder(one) ? names.map((each) => join(one, each)).find(isFile) : undefined;
    if (inFolder !== undefined) return { kind: "file", path: inFolder };
    if (!one.endsWith(".map") || isFolder(one)) continue;
    if (isFile(one)) return { kind: "file", path: one };
    return { kind: "nowhere", why: `The source map ${one}, named in \`symbols\`, is not there.` };
  }
  return undefined;
}

function placeInModule(path: string, module: WasmModule): MapPlace | undefined {
  const url = urlIn(module);
  if (url === undefined || url === "") return undefined;
  if (/^data:/i.test(url)) return placeInUrl(url);
  if (/^file:/i.test(url)) {
    const file = attempt(() => fileURLToPath(url));
    return file === undefined ? unusable(url) : placeOfFile(url, [file]);
  }
  // One letter is a drive.
  if (/^[a-z][a-z0-9+.-]+:/i.test(url)) return unusable(url);
  const plain = url.replace(/[?#].*$/, "");
  const decoded = attempt(() => decodeURIComponent(plain)) ?? plain;
  return placeOfFile(
    url,
    [url, plain, decoded].map((one) => resolve(dirname(path), one)),
  );
}

function placeOfFile(url: string, paths: readonly string[]): MapPlace {
  const path = paths.find(isFile);
  if (path !== undefined) return { kind: "file", path };
  const looked = paths.at(-1) ?? "";
  const why = `The module's source map ${shorten(url)} is not there: it was looked for at ${looked}. Put it there, or ${nameIt}.`;
  return { kind: "nowhere", why };
}

const unusable = (url: string): MapPlace => ({
  kind: "nowhere",
  why: `The module's source map is at ${shorten(url)}, which is not fetched: save it as a file and ${nameIt}.`,
});

/** Source: RFC 2397. */
function placeInUrl(url: string): MapPlace {
  const [, parameters = "", data] = /^data:([^,]*),(.*)$/is.exec(url) ?? [];
  const bad = {
    kind: "nowhere",
    why: `The source map in the module is no data URL: ${shorten(url)}.`,
  } as const;
  if (data === undefined) return bad;
  const text = attempt(() => decodeURIComponent(data));
  if (!/;base64$/i.test(parameters.trim())) return text === undefined ? bad : { kind: "text", text };
  return { kind: "text", text: Buffer.from(text ?? data, "base64").toString("utf8") };
}

function urlIn(module: WasmModule): string | undefined {
  return attempt(() => {
    const cursor = module.customCursor(SOURCE_MAPPING_URL_SECTION);
    return cursor && readSourceMappingUrl(cursor);
  });
}

/** `undefined` where what is read is malformed. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError || error instanceof URIError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

/** A whole map may be in the URL. */
const shorten = (url: string): string => (url.length > 80 ? `${url.slice(0, 80)}…` : url);

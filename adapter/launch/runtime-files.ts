import { existsSync, readFileSync } from "node:fs";

/**
 * Files that the program is made of, found beside its own code: bundled (`dist/bundle`) all of them lie in one
 * folder; built but not bundled, each lies where its project puts it.
 */
const besideBundle = (name: string): URL => new URL(`./${name}`, import.meta.url);

/** The guest thread's script. */
export function guestScript(): URL {
  const bundled = besideBundle("debuggee/main.js");
  return existsSync(bundled) ? bundled : new URL("../../runtime/guest/main.js", import.meta.url);
}

/** The bytes of gimli's core. */
export function gimliCore(): Uint8Array {
  const bundled = besideBundle("gimli.wasm");
  return readFileSync(existsSync(bundled) ? bundled : new URL(import.meta.resolve("gimli-wasm/gimli.wasm")));
}

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The files of an npm tarball: path within the package to size in bytes. */
export function tarballFiles(path: string): ReadonlyMap<string, number> {
  const bytes = gunzipSync(readFileSync(path));
  const files = new Map<string, number>();
  for (let at = 0; at + 512 <= bytes.length; ) {
    const field = (from: number, length: number): string => {
      const text = bytes.toString("latin1", at + from, at + from + length);
      return text.slice(0, Math.max(0, `${text}\0`.indexOf("\0")));
    };
    const name = field(0, 100);
    if (name === "") break;
    const size = Number.parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    const whole = prefix === "" ? name : `${prefix}/${name}`;
    if (field(156, 1) === "0" || field(156, 1) === "") files.set(whole.replace(/^package\//, ""), size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

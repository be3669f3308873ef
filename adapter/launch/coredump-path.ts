import { basename } from "node:path";

/** What the letters of a coredump's path stand for. */
export interface CoredumpPathFacts {
  /** Number of the program's process. */
  readonly processId: number;
  /** In milliseconds since 1970. */
  readonly time: number;
  /** Path of the module. */
  readonly program: string;
}

/** Where coredumps go when nobody has said where. */
export const usualCoredumpName = "core.%p.wasm";

/**
 * A path with `%p` replaced by the process's number, `%t` by the time in seconds since 1970, `%e` by the module's name
 * without `.wasm` and `%%` by a percent sign. Others stay as they are.
 */
export function expandCoredumpPath(pattern: string, { processId, time, program }: CoredumpPathFacts): string {
  const letters: Readonly<Record<string, string>> = {
    p: String(processId),
    t: String(Math.floor(time / 1000)),
    e: basename(program).replace(/\.wasm$/i, ""),
    "%": "%",
  };
  return pattern.replace(/%([pte%])/g, (whole, letter: string) => letters[letter] ?? whole);
}

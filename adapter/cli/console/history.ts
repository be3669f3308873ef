import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Lines kept, newest last. */
const mostLines = 1000;

/**
 * File for the lines typed; `undefined` where there is to be none.
 *
 * Nobody finds a file that was not asked for: there is one where `XDG_STATE_HOME` says that such things are wanted, or
 * where the user has made the folder `~/.local/state/wasm-dap`.
 */
export function historyFile(env: NodeJS.ProcessEnv, home: string = homedir()): string | undefined {
  const state = env.XDG_STATE_HOME ?? "";
  if (state !== "") return join(state, "wasm-dap", "history");
  const folder = join(home, ".local", "state", "wasm-dap");
  return existsSync(folder) ? join(folder, "history") : undefined;
}

/** The lines of a file, oldest first; none where it cannot be read. */
export function readHistory(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean).slice(-mostLines);
  } catch {
    return [];
  }
}

/** Adds a line. What cannot be written is not worth a word. */
export function addToHistory(file: string | undefined, line: string): void {
  if (file === undefined || line.trim() === "") return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${line}\n`);
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    if (lines.length > 2 * mostLines) writeFileSync(file, `${lines.slice(-mostLines).join("\n")}\n`);
  } catch {
    // A history is a convenience.
  }
}

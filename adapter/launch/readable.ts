import { type Stats, statSync } from "node:fs";
import { MalformedError } from "../../src/base/errors.ts";

/** Whether there is a file. Of a path that the system does not even look up, too long or with a zero in it, there is none. */
export const isFile = (path: string): boolean => statsOf(path)?.isFile() ?? false;

/** Whether there is a folder; as `isFile`. */
export const isFolder = (path: string): boolean => statsOf(path)?.isDirectory() ?? false;

const statsOf = (path: string): Stats | undefined =>
  ifReadable(() => statSync(path, { throwIfNoEntry: false }));

/** What is read; `undefined` where it is malformed or cannot be read. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file is malformed or cannot be read, and not that something is wrong with us. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof MalformedError || (error as NodeJS.ErrnoException).code !== undefined;

import { MalformedError } from "./errors.ts";

/** What `read` answers, or `undefined` where the bytes are malformed: for what is nice to know and costs nothing to lack. */
export function ifWellFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

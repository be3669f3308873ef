import { shortName } from "../demangle/short-name.ts";
import { withoutResult } from "./function-matching.ts";

/**
 * A function's name as it is shown: without the type of its result, the versions of libraries and what their templates fill in by
 * themselves, and where it is long, with `<…>` in place of what was put into templates.
 */
export function briefName(name: string): string {
  return shortName(withoutResult(name));
}

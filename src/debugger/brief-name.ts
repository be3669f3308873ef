import { withoutResult, withoutVersions } from "./function-matching.ts";

/** Characters up to which a name is shown as it is. */
const longestName = 100;
/** Characters up to which arguments of a template are left in a name that is longer. */
const longestArguments = 32;

/**
 * A function's name as it is shown: without the type of its result and the versions of libraries, and where it is long, with `<…>` in
 * place of what was put into templates.
 */
export function briefName(name: string): string {
  const own = withoutVersions(withoutResult(name));
  // There, what looks like a bracket may be none.
  if (own.length <= longestName || /\boperator\s*[<>-]/.test(own)) return own;
  let brief = "";
  let depth = 0;
  let start = 0;
  for (let at = 0; at < own.length; at++) {
    const character = own[at] as string;
    const opens = character === "<" || character === "(";
    if (opens && depth++ === 0) start = at;
    else if (depth === 0) brief += character;
    if ((character === ">" || character === ")") && --depth === 0) {
      const inside = own.slice(start, at + 1);
      brief += inside.length <= longestArguments ? inside : `${own[start]}…${character}`;
    }
    if (depth < 0) return own;
  }
  return depth === 0 ? brief : own;
}

import { withoutVersions } from "../demangle/short-name.ts";

/** Whether a function is one that is meant, by any of its names. */
export type FunctionMatcher = (name: string) => boolean;

/**
 * Reads what a user calls functions: `main`, `shapes::area` or just `area`, with or without parameters and template
 * arguments, `shapes::*`, or a regular expression between slashes. A sentence for one that cannot be read.
 */
export function functionMatcher(
  asked: string,
): { readonly matches: FunctionMatcher } | { readonly problem: string } {
  const text = asked.trim();
  if (text === "") return { problem: "The name of a function is missing." };
  const expression = /^\/(.*)\/(i?)$/s.exec(text);
  if (expression) {
    try {
      const pattern = new RegExp(expression[1] ?? "", expression[2]);
      return { matches: (name) => pattern.test(name) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { problem: `${text} is no regular expression: ${why}.` };
    }
  }
  // A star may be an operator's, or of a receiver of Go's: `(*Reader).Read`.
  if (text.includes("*") && !/operator\s*\*|\(\*\w/.test(text)) {
    const pattern = new RegExp(`^${text.split("*").map(escaped).join(".*")}$`, "s");
    return { matches: (name) => formsOf(name).some((form) => pattern.test(form)) };
  }
  return {
    matches: (name) => formsOf(name).some((form) => form === text || endsWithName(form, text)),
  };
}

/**
 * Whether a name without what it is declared in is the one asked for: `area` of `shapes::area`, `scalars` of AssemblyScript's
 * `assembly/index/scalars`, `Point#sum` and `sum` of its `assembly/index/Point#sum`, `fib` of Go's `main.fib`.
 */
function endsWithName(form: string, text: string): boolean {
  if (!form.endsWith(text)) return false;
  const before = form.slice(0, form.length - text.length);
  return before.endsWith("::") || /[/#.]$/.test(before);
}

/**
 * How a function of this name may be called: as it is, without parameters, and without template arguments; a method of
 * Rust, `<app::Maze as app::Solve>::solve`, by its type and by its trait.
 */
function formsOf(name: string): readonly string[] {
  const bare = withoutParameters(name);
  const full = [bare, withoutResult(bare), ...ownersOf(bare)];
  const forms = [name, ...full, ...full.map(withoutArguments)];
  return [...new Set([...forms, ...forms.map(withoutVersions)])];
}

/** A name without the type in front of it that manglings keep of what is made from templates: `int twice<int>`. */
export function withoutResult(name: string): string {
  if (name.startsWith("<") || /\boperator\b/.test(name)) return name;
  const [qualifiers = ""] = /(?: const| volatile| &&?)*$/.exec(name) ?? [];
  const end = name.length - qualifiers.length;
  let depth = 0;
  let start = 0;
  for (let at = 0; at < end; at++) {
    if ("<(".includes(name[at] as string)) depth++;
    else if (">)".includes(name[at] as string)) depth--;
    else if (depth === 0 && name[at] === " ") start = at + 1;
  }
  return depth === 0 ? name.slice(start) : name;
}

/** The names of a method with its type or trait in front, as paths are written in source. */
function ownersOf(name: string): readonly string[] {
  if (!name.startsWith("<")) return [];
  let depth = 0;
  let trait = -1;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === "<") depth++;
    else if (name[at] === ">" && --depth === 0) {
      const owners = trait < 0 ? [name.slice(1, at)] : [name.slice(1, trait), name.slice(trait + 4, at)];
      return owners.map((owner) => owner + name.slice(at + 1));
    } else if (depth === 1 && trait < 0 && name.startsWith(" as ", at)) trait = at;
  }
  return [];
}

/** A function's name without the types of its parameters, which languages with overloads put behind it. */
export function withoutParameters(name: string): string {
  const end = name
    .replace(/operator\s*\(\)/, "operator##")
    .replaceAll("(anonymous namespace)", "#anonymous namespace#");
  let depth = 0;
  for (let at = 0; at < end.length; at++) {
    if (end[at] === "<") depth++;
    else if (end[at] === ">") depth--;
    else if (end[at] === "(" && depth <= 0 && at > 0) {
      const close = closingOf(end, at);
      // What is declared within a function has that function's parameters in its name; in D, within a template, those of that.
      const isWithin = end[at - 1] === "!" || end[close + 1] === "." || end.startsWith("::", close + 1);
      if (!isWithin) return name.slice(0, at);
      at = close;
    }
  }
  return name;
}

/** Where the parenthesis closes that opens at `open`; the end, where it does not. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return text.length;
}

function withoutArguments(name: string): string {
  if (/!\(/.test(name)) return withoutInstances(name);
  if (/operator\s*[<>-]/.test(name)) return name;
  let depth = 0;
  let plain = "";
  for (const character of name) {
    if (character === "<") depth++;
    else if (character === ">") depth--;
    else if (depth === 0) plain += character;
  }
  return depth === 0 ? plain.replaceAll("::::", "::").replace(/::$/, "") : name;
}

/** `t.largest` for D's `t.largest!(int).largest`, which has a name for the template and one for what is in it. */
function withoutInstances(name: string): string {
  let plain = "";
  for (let at = 0; at < name.length; ) {
    const open = name.indexOf("!(", at);
    if (open < 0) return plain + name.slice(at);
    plain += name.slice(at, open);
    at = closingOf(name, open + 1) + 1;
    const [own = ""] = /[^.]*$/.exec(plain) ?? [];
    if (name.startsWith(`.${own}`, at) && /^(?:[.!(]|$)/.test(name.slice(at + 1 + own.length)))
      at += own.length + 1;
  }
  return plain;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

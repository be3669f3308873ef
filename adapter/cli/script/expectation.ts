/** What a script expects, read from what follows `expect`. */
export type Expectation =
  /** It has stopped, for any reason but a trap; there, if a place is named. */
  | { readonly kind: "stop"; readonly place?: string }
  /** It has trapped, or nobody has caught its exception. `what`: a kind, or words of the message. */
  | { readonly kind: "trap"; readonly what?: Pattern; readonly place?: string }
  | { readonly kind: "exit"; readonly status?: number }
  /** It has printed this since it began. */
  | { readonly kind: "output"; readonly what: Pattern }
  /** Names of functions, innermost first; there may be more frames outside of them. */
  | { readonly kind: "frames"; readonly names: readonly string[] }
  /** The text of a value, as `print` shows it. */
  | { readonly kind: "value"; readonly expression: string; readonly what: Pattern; readonly holds: boolean }
  /** An expression that is true. */
  | { readonly kind: "true"; readonly expression: string };

/** What a text must be like. */
export interface Pattern {
  readonly how: "is" | "contains" | "matches" | "is-string";
  readonly text: string;
}

/** Reads what follows `expect`; a sentence for what is no expectation. */
export function readExpectation(text: string): Expectation | { readonly problem: string } {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  switch (word) {
    case "":
      return { problem: "`expect` needs something to expect, such as `expect stop words.c:28`." };
    case "stop":
      return rest === "" ? { kind: "stop" } : { kind: "stop", place: rest.replace(/^(?:at|in)\s+/, "") };
    case "trap":
      return readTrap(rest);
    case "exit":
      if (rest === "") return { kind: "exit" };
      return /^\d+$/.test(rest)
        ? { kind: "exit", status: Number(rest) }
        : { problem: `\`expect exit\` is followed by a status, a number, but here by \`${rest}\`.` };
    case "output": {
      const what = readPattern(rest, "contains");
      if ("problem" in what) return what;
      return rest === ""
        ? { problem: "`expect output` needs a text, or a /regular expression/." }
        : { kind: "output", what };
    }
    case "frames":
      return rest === ""
        ? { problem: "`expect frames` needs names of functions, innermost first, separated by commas." }
        : { kind: "frames", names: rest.split(/\s*,\s*/) };
    default:
      return readValue(text);
  }
}

function readTrap(rest: string): Expectation | { readonly problem: string } {
  const [, before = rest, place] = /^(.*?)(?:^|\s+)at\s+(\S+)$/s.exec(rest) ?? [];
  const at = place === undefined ? {} : { place };
  if (before.trim() === "") return { kind: "trap", ...at };
  const what = readPattern(before.trim(), "contains");
  return "problem" in what ? what : { kind: "trap", what, ...at };
}

/** `EXPR is TEXT`, `EXPR contains TEXT`, `EXPR matches /…/`, `EXPR == "text"`, or an expression that is true. */
function readValue(text: string): Expectation | { readonly problem: string } {
  const [, left, how, right] = /^(.+?)\s+(is|contains|matches)\s+(.+)$/s.exec(text) ?? [];
  if (left !== undefined && right !== undefined) {
    if (how !== "matches") {
      return {
        kind: "value",
        expression: left,
        what: { how: how as "is" | "contains", text: right },
        holds: true,
      };
    }
    const what = readPattern(right, "matches");
    return "problem" in what ? what : { kind: "value", expression: left, what, holds: true };
  }
  const [, expression, operator, quoted] = /^(.+?)\s*(==|!=)\s*("(?:[^"\\]|\\.)*")$/s.exec(text) ?? [];
  if (expression !== undefined && quoted !== undefined) {
    return { kind: "value", expression, what: { how: "is-string", text: quoted }, holds: operator === "==" };
  }
  return { kind: "true", expression: text };
}

/** `/…/` is a regular expression, `"…"` and everything else a text. */
function readPattern(text: string, how: "contains" | "matches"): Pattern | { readonly problem: string } {
  const [, source, flags] = /^\/(.*)\/([im]*)$/s.exec(text) ?? [];
  if (source === undefined && how === "matches") {
    return {
      problem: `\`matches\` is followed by a regular expression between slashes, but here by \`${text}\`.`,
    };
  }
  if (source !== undefined) {
    try {
      new RegExp(source, flags);
    } catch (error) {
      return {
        problem: `${text} is no regular expression: ${error instanceof Error ? error.message : error}.`,
      };
    }
    return { how: "matches", text };
  }
  return { how, text: unquoted(text) };
}

/** A text without its quotes; `\n` and such are what they are in JSON. */
function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

/** Whether a text is like that. */
export function fits(found: string, { how, text }: Pattern): boolean {
  switch (how) {
    case "is":
      return found === text;
    case "contains":
      return found.includes(text);
    case "matches": {
      const [, source = "", flags] = /^\/(.*)\/([im]*)$/s.exec(text) ?? [];
      return new RegExp(source, flags).test(found);
    }
    case "is-string":
      // Pointers to text are shown with their address before it.
      return found === text || /^0x[0-9a-f]+ (.*)$/s.exec(found)?.[1] === text;
    default: {
      const never: never = how;
      return never;
    }
  }
}

/** A pattern in a sentence. */
export const patternText = ({ how, text }: Pattern): string =>
  how === "contains" ? `something with ${JSON.stringify(text)}` : text;

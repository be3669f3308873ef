/** A fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `sh`, `console`, `jsonc`. */
  readonly language: string;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** What the comments directly above it say, which no reader sees: `not run` → why. */
  readonly marks: ReadonlyMap<string, string>;
}

/** The fenced blocks of a page in Markdown, in order. */
export function blocksOf(page: string): readonly Block[] {
  const text = page.replaceAll("\r\n", "\n");
  return [...text.matchAll(/((?:^<!--(?:(?!-->).)*-->\n)*)^( *)```(\w*)\n(.*?)^\2```$/gms)].map((match) => {
    const [whole, above = "", indent = "", language = "", content = ""] = match;
    const fence = match.index + whole.indexOf("```", above.length);
    const marks = [...above.matchAll(/<!--\s*([\w ]+?)(?::\s*(.*?))?\s*-->/gs)].map(
      ([, name = "", value = ""]) => [name, value] as const,
    );
    return {
      language,
      text: content.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      line: text.slice(0, fence).split("\n").length,
      marks: new Map(marks),
    };
  });
}

/** A command as a page tells it, with what it shows of the output. */
export interface Command {
  readonly text: string;
  readonly status: number;
  /** Lines; `…` alone stands for any. Absent where the page shows none. */
  readonly output?: readonly string[];
}

/** The commands of a block: one a line in `sh`, behind `$ ` and with their output in `console`; none in others. */
export function commandsOf({ language, text }: Block): readonly Command[] {
  const lines = text.trimEnd().split("\n");
  if (language === "sh") return lines.filter((line) => line.trim() !== "").map(readCommand);
  if (language !== "console") return [];
  const commands: { command: Command; output: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("$ ")) commands.push({ command: readCommand(line.slice(2)), output: [] });
    else commands.at(-1)?.output.push(line);
  }
  return commands.map(({ command, output }) => ({ ...command, output }));
}

/** A remark ends a command; `# status 134` says what it ends with. */
function readCommand(line: string): Command {
  const [, status = "0"] = /\s#\s*status (\d+)\s*$/.exec(line) ?? [];
  return { text: line.replace(/\s+#\s.*$/, "").trim(), status: Number(status) };
}

/** The first line that is shown and not printed, in order; `undefined` where all of it is. `…` stands for any lines. */
export function missingLine(shown: readonly string[], printed: readonly string[]): string | undefined {
  const parts = shown.join("\n").split(/^…$\n?/m);
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const lines = part === "" ? [] : part.replace(/\n$/, "").split("\n");
    const isFirst = index === 0;
    const isLast = index === parts.length - 1;
    if (lines.length === 0) continue;
    const starts = isFirst
      ? [0]
      : Array.from({ length: Math.max(0, printed.length - from) }, (_, at) => from + at);
    const at = starts.find(
      (start) =>
        lines.every((line, offset) => printed[start + offset] === line) &&
        (!isLast || start + lines.length === printed.length),
    );
    if (at === undefined) return lines.find((line) => !printed.includes(line)) ?? lines[0];
    from = at + lines.length;
  }
  return parts.length === 1 && printed.length > from ? `(the end, but ${printed[from]})` : undefined;
}

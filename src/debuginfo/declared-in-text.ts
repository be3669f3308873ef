/** Lines between a function's head and its first statement: parameters and comments may stand there. */
const mostLines = 100;

/**
 * The line on which a function's declaration begins, 0-based, by the text of its source: the nearest one at or above
 * its first line of code on which its name is followed by a parenthesis, with nothing but types and modifiers in front.
 * Source maps do not say it.
 */
export function declaredInText(text: string, functionName: string, firstLine: number): number | undefined {
  const [, name] = /([\p{L}_$][\p{L}\p{N}_$]*)(?:<.*>)?(?:@\w+)?$/u.exec(functionName) ?? [];
  if (name === undefined) return undefined;
  const escaped = name.replaceAll("$", "\\$");
  const head = new RegExp(`^([^(]*?)(?<![\\p{L}\\p{N}_$.])${escaped}\\s*(?:<[^()]*>)?\\(`, "u");
  const lines = text.split(/\r?\n/, firstLine + 1);
  for (let line = firstLine; line >= Math.max(0, firstLine - mostLines); line--) {
    const [, before] = head.exec(lines[line] ?? "") ?? [];
    if (before !== undefined && typesAlone.test(before) && !statements.test(before)) return line;
  }
  return undefined;
}

const typesAlone = /^[\p{L}\p{N}_\s@:<>*&,~]*$/u;
/** Words that make a call of what a declaration looks like. */
const statements = /\b(?:return|new|await|throw|yield|case|else|do|in|of|delete|typeof)\b/;

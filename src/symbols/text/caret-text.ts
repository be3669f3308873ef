/**
 * A sentence about a place in a text, with that line of the text and a caret below the place. `column` is 0-based, in UTF-16
 * code units; the text may have several lines.
 */
export function caretText(sentence: string, text: string, column: number): string {
  const at = Math.max(0, Math.min(column, text.length));
  const start = Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
  if (line.trim() === "") return sentence;
  // A tab stays one, so that the caret is where it belongs whatever its width.
  const indent = line.slice(0, at - start).replace(/[^\t]/gu, " ");
  return `${sentence}\n${line}\n${indent}^`;
}

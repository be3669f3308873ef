import * as vscode from "vscode";

/** Names this far above the place of the stop are not shown: nobody looks at them while stepping. */
const mostLines = 60;
/** Strings, characters and comments, which hold no variables; names of members, which are not looked up; or a name. */
const tokens =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|\/\/.*|;;.*|\/\*.*?(?:\*\/|$)|(?:\.|->|::)\s*\w+|[A-Za-z_$][\w$]*/g;

/**
 * Which names of a source to show values beside: those of the function that has stopped, each where it stands last
 * before the stop. What is no variable is left out by VS Code, which looks each name up in the frame.
 */
export class InlineValues implements vscode.InlineValuesProvider {
  provideInlineValues(
    document: vscode.TextDocument,
    viewPort: vscode.Range,
    { stoppedLocation }: vscode.InlineValueContext,
  ): vscode.InlineValue[] {
    const stop = stoppedLocation.end.line;
    const first = Math.max(viewPort.start.line, firstLineOf(document, stop));
    const places = new Map<string, vscode.Range>();
    for (let line = stop; line >= first; line--) {
      for (const { 0: token, index } of document.lineAt(line).text.matchAll(tokens)) {
        const isName = /^[A-Za-z_$]/.test(token);
        if (isName && !places.has(token)) {
          places.set(token, new vscode.Range(line, index, line, index + token.length));
        }
      }
    }
    return [...places].map(([name, range]) => new vscode.InlineValueVariableLookup(range, name));
  }
}

/** The line above that begins at the margin, as the head of a function does in most styles. */
function firstLineOf(document: vscode.TextDocument, line: number): number {
  const lowest = Math.max(0, line - mostLines);
  for (let above = line; above > lowest; above--) {
    if (/^[A-Za-z_#(]/.test(document.lineAt(above).text)) return above;
  }
  return lowest;
}

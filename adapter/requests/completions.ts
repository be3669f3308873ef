import { toCompletionItem } from "../convert/completion.ts";
import { fromClientColumn, fromClientLine } from "../convert/position.ts";
import { integer, optional, string } from "../protocol/arguments.ts";
import { completeCommand } from "../session/console-commands.ts";
import { findFrame } from "../session/evaluation.ts";
import { request } from "../session/request.ts";

/** What may be typed where the cursor is in the console. Of several lines, the one it is in is looked at with those before it. */
export const completions = request("completions", {
  needs: "stopped",
  progress: "Looking up names",
  arguments: { text: string, column: integer, line: optional(integer), frameId: optional(integer) },
  capabilities: { supportsCompletionsRequest: true, completionTriggerCharacters: [".", ">", ":", "$"] },
  async run(session, { text, column, line, frameId }) {
    const { facts } = session;
    const lineStart = startOfLine(text, line === undefined ? 0 : fromClientLine(facts, line));
    const inLine = facts.completesFromColumn0 ? column : fromClientColumn(facts, column);
    const cursor = Math.min(text.length, lineStart + Math.max(0, inLine));
    const command = completeCommand(text.slice(0, cursor));
    const found =
      command ?? (await session.debugger.complete(await findFrame(session, frameId), text, cursor));
    const targets = found.items.map((item, index) =>
      toCompletionItem(facts, item, { index, start: found.start - lineStart, length: cursor - found.start }),
    );
    return { targets };
  },
});

/** Where a line begins, in UTF-16 code units; lines end as editors end them. */
function startOfLine(text: string, line: number): number {
  let start = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    if (line <= 0) break;
    start = match.index + match[0].length;
    line--;
  }
  return start;
}

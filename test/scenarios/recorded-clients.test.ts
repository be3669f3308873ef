import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { executable } from "../support/dap-client.ts";
import { fromRoot } from "../support/paths.ts";
import { SessionClient } from "../support/session-client.ts";

/** A line of a recording: a request as the client sent it, or what it had heard before it sent the next. */
type Recorded =
  | { readonly command: string; readonly arguments?: object }
  | { readonly wait: "answers" | "stopped" | "initialized" | "terminated" };

/** Which requests may fail in these recordings: names that do not exist, and variables asked for too late. */
const mayFail: ReadonlySet<string> = new Set(["evaluate", "variables"]);

/**
 * A recorded session over `examples/c`, with its folder put in.
 *
 * Made of what `"trace"` wrote while the editor was driven: its requests alone, with waits where the editor
 * had heard all answers, or an event, before it went on. Of Zed its project was driven, not its windows.
 */
const recording = (client: string): Recorded[] =>
  readFileSync(fromRoot("test/scenarios/clients", `${client}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line.replaceAll("$" + "{folder}", fromRoot("examples/c"))) as Recorded);

describe("what an editor was recorded to ask", () => {
  for (const client of ["nvim-dap", "dape", "vimspector", "helix", "zed"]) {
    it(`is answered in full, in its order: ${client}`, async () => {
      const child = spawn(process.execPath, [executable], {
        stdio: ["pipe", "pipe", "inherit"],
        cwd: fromRoot("examples/c"),
      });
      try {
        const session = new SessionClient(child.stdout, child.stdin);
        let open: Promise<void>[] = [];
        for (const line of recording(client)) {
          if ("command" in line) {
            const asked = session.request(line.command, line.arguments).then((answer) => {
              if (!mayFail.has(line.command)) assert.ok(answer.success, `${line.command}: ${answer.message}`);
            });
            // One that fails is told when all are waited for, not as a rejection that nobody handles.
            asked.catch(() => {});
            open.push(asked);
          } else if (line.wait === "answers") {
            await Promise.all(open);
            open = [];
          } else await session.event(line.wait);
        }
        await Promise.all(open);
        session.verify();
        assert.match(session.output("stdout"), /20 different/);
      } finally {
        child.kill();
      }
    });
  }
});

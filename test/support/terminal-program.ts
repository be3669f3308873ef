import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { executable } from "./dap-client.ts";
import type { Fixture } from "./fixtures.ts";
import { SessionClient } from "./session-client.ts";

/** A guest that is debugged in a terminal. */
export interface TerminalProgram {
  readonly client: SessionClient;
  /** The adapter's own process. */
  readonly adapter: ChildProcessWithoutNullStreams;
  /** What a terminal would run, with its streams; the guest's process. */
  readonly terminal: ChildProcessWithoutNullStreams;
  /** What it has printed, both streams. */
  printed(): string;
  /** Settles with its exit status when it has ended. */
  ended(): Promise<number | null>;
}

/** Launches a guest in a terminal, which is a plain process here, as far as `configurationDone`. */
export async function launchInTerminal(
  { path, compilationDir, sourceFolder }: Fixture,
  kind: "integrated" | "external",
  more: { readonly cwd?: string; readonly args?: readonly string[] } & Record<string, unknown> = {},
): Promise<TerminalProgram> {
  const cwd = more.cwd ?? tmpdir();
  const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "pipe"] });
  const client = new SessionClient(adapter.stdout, adapter.stdin);
  await client.ask("initialize", { adapterID: "wasm", supportsRunInTerminalRequest: true });
  const launch = client.post("launch", {
    ...{ program: path, console: `${kind}Terminal`, cwd },
    ...{ sourceFileMap: { [compilationDir]: sourceFolder } },
    ...more,
  });
  const { seq, arguments: asked } = await client.reverseRequest("runInTerminal");
  assert.deepEqual([asked.kind, asked.cwd], [kind, cwd]);
  const [command, ...args] = asked.args;
  // What a terminal does, without one.
  const terminal = spawn(command, args, { cwd: asked.cwd, env: { ...process.env, ...asked.env } });
  const printed: Buffer[] = [];
  terminal.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  terminal.stderr.on("data", (chunk: Buffer) => printed.push(chunk));
  const closed = once(terminal, "close");
  client.send({
    ...{ seq: 1000, type: "response", request_seq: seq, command: "runInTerminal", success: true },
    body: { processId: terminal.pid },
  });
  const answer = await client.answerTo(launch);
  assert.equal(answer.success, true, answer.message);
  return {
    client,
    adapter,
    terminal,
    printed: () => Buffer.concat(printed).toString(),
    ended: async () => {
      await closed;
      return terminal.exitCode;
    },
  };
}

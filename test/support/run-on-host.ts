import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWasiHost } from "../../runtime/wasi/wasi-host.ts";
import type { Fixture, Run } from "./fixtures.ts";
import { ExitedWith, FakeConsole } from "./wasi-guest.ts";

/** What a guest did on our WASI host, without any engine: to be compared with `runPlain`. */
export interface HostOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit?: number;
  /** What it threw, other than its exit. */
  readonly error?: unknown;
}

/** Runs a guest in this thread; its input is there from the beginning, its preopened folders are gone when this returns. */
export function runOnHost(fixture: Fixture, run: Run): HostOutcome {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-host-"));
  try {
    const preopens = (run.preopens ?? []).map(
      (guestPath, i) => [guestPath, join(folder, String(i))] as const,
    );
    for (const [, hostFolder] of preopens) mkdirSync(hostFolder);
    const console = new FakeConsole();
    if (run.stdin) console.type(run.stdin);
    console.inputEnded = true;
    const host = createWasiHost(
      {
        args: [fixture.name, ...(run.args ?? [])],
        env: run.env ?? {},
        preopens: Object.fromEntries(preopens),
        terminal: { stdin: false, stdout: false, stderr: false },
      },
      console,
    );
    const instance = new WebAssembly.Instance(new WebAssembly.Module(fixture.bytes), host.imports);
    const { memory, _start: start } = instance.exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("the guest exports no memory");
    host.bind(memory);
    if (typeof start !== "function") throw new Error("the guest is no command");
    return {
      ...endOf(start as () => unknown),
      stdout: printed(console, "stdout"),
      stderr: printed(console, "stderr"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function endOf(start: () => unknown): Pick<HostOutcome, "exit" | "error"> {
  try {
    start();
    return { exit: 0 };
  } catch (error) {
    return error instanceof ExitedWith ? { exit: error.code } : { error };
  }
}

const printed = (console: FakeConsole, stream: "stdout" | "stderr"): string =>
  console.writes
    .filter((write) => write.stream === stream)
    .map(({ text }) => text)
    .join("");

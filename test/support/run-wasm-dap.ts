import { spawnSync } from "node:child_process";
import { executable } from "./dap-client.ts";
import { fromRoot } from "./paths.ts";

/** What a command came to. */
export interface CommandOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the executable to its end, in the project's folder and without anything of the caller's terminal. */
export function runWasmDap(
  args: readonly string[],
  { input = "", env = {}, cwd = fromRoot() }: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): CommandOutcome {
  const {
    NO_COLOR: _,
    FORCE_COLOR: __,
    GITHUB_WORKSPACE: ___,
    XDG_STATE_HOME: ____,
    ...inherited
  } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    ...{ input, encoding: "utf8", cwd, timeout: 60_000, env: { ...inherited, ...env } },
  });
  return { status, stdout, stderr };
}

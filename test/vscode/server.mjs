// code-server, started and ended.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const startLimitMs = 100_000;

/**
 * Starts code-server with the packaged extension; `work` is a folder for all that it writes. `url` is where it listens,
 * `close` ends it.
 */
export async function startServer({ codeServer, extensions, node }, work) {
  const flags = [
    "--auth",
    "none",
    "--bind-addr",
    "127.0.0.1:0",
    "--disable-telemetry",
    "--disable-update-check",
  ];
  const folders = ["--user-data-dir", join(work, "data"), "--extensions-dir", extensions];
  const config = join(work, "config.yaml");
  writeFileSync(config, "");
  const child = spawn(node, [codeServer, "--config", config, ...flags, ...folders], {
    ...{ stdio: ["ignore", "pipe", "pipe"], detached: true },
    // Its sockets and logs go where the folder's end is theirs too; a shell writes its history when all else has ended.
    env: {
      ...process.env,
      ...{ HOME: work, TMPDIR: work, XDG_RUNTIME_DIR: work },
      ...{ VSCODE_PROXY_URI: "", HISTFILE: "/dev/null" },
    },
  });
  const end = async () => {
    const ended = child.exitCode !== null || new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    try {
      // Its processes for extensions and terminals would live, and write, for some seconds more.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // They have ended.
    }
  };
  try {
    return { url: await urlOf(child), close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where the server says that it listens. */
function urlOf(child) {
  let said = "";
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`code-server did not start: ${said}`)), startLimitMs);
    const hear = (chunk) => {
      said += chunk;
      const found = /HTTP server listening on (http:\/\/\S+?)\/?\s/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(limit);
      resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (status) => reject(new Error(`code-server ended with status ${status}: ${said}`)));
  });
}

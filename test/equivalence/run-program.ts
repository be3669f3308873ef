import { spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Form } from "./probed-guest.ts";
import type { Line } from "./program.ts";

/** A guest that a broken form keeps from ending is given up after this. */
const longestMs = 420_000;

/** Runs guests, named as `name/build`, on a Node: as they are, and in these forms. Throws when it dies. */
export async function runProgram(
  node: string,
  forms: readonly Form[],
  guests: readonly string[],
): Promise<readonly Line[]> {
  const here = fileURLToPath(import.meta.url);
  const program = fileURLToPath(new URL(`./program${extname(here)}`, import.meta.url));
  const args = [...process.execArgv, "--no-warnings", program, JSON.stringify(forms), ...guests];
  const child = spawn(node, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longestMs,
    killSignal: "SIGKILL",
  });
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
    });
  }
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  const lines = printed.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
  if (status === 0) return lines;
  const last = lines.at(-1);
  throw new Error(
    `${node} ended with ${signal ?? status} after ${last?.guest}, ${last?.run}: ${printed.stderr.slice(-2000)}`,
  );
}

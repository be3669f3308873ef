import { execFileSync } from "node:child_process";
import { fromRoot } from "./paths.ts";

let path24: string | undefined;

/** Absolute path of a Node 24. Installed at first need; `npm test` does that before any test. */
export async function node24(): Promise<string> {
  path24 ??= execFileSync(process.execPath, [fromRoot("scripts/install-nodes.mjs")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  }).trim();
  return path24;
}

/** Every Node that tests should run the debuggee on, as [label, absolute path]: the one at work, and 24. */
export async function nodes(): Promise<readonly (readonly [label: string, path: string])[]> {
  const current = [`Node ${process.versions.node.split(".")[0]}`, process.execPath] as const;
  const other = ["Node 24", await node24()] as const;
  return current[0] === other[0] ? [current] : [current, other];
}

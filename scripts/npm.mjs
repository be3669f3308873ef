// Starts npm, on every system alike.
import { spawnSync } from "node:child_process";

/**
 * Runs npm with these arguments and answers its exit status; `options` are spawnSync's, and `node` the Node.js to run
 * it on, which packages that ask for a certain one see. That must come first on the path of `env` too.
 *
 * Under `npm run` it is the npm at work. Elsewhere it is the one on the path: on Windows that is a script, which
 * only a shell starts.
 */
export function runNpm(args, { node = process.execPath, ...options } = {}) {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && /npm-cli\.c?js$/.test(script);
  const withDefaults = { stdio: ["ignore", "inherit", "inherit"], ...options };
  const result = isNpm
    ? spawnSync(node, [script, ...args], withDefaults)
    : process.platform === "win32"
      ? spawnSync(["npm", ...args.map(quoted)].join(" "), { ...withDefaults, shell: true })
      : spawnSync("npm", args, withDefaults);
  if (result.error) throw result.error;
  return result.status ?? 1;
}

const quoted = (argument) => (/[\s"]/.test(argument) ? `"${argument.replaceAll('"', '\\"')}"` : argument);

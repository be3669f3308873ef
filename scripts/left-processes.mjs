// Which processes outlive those that started them, on Linux: all that inherit an environment are found by it.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const intervalMs = 100;

/** The processes that have this variable in their environment and do not end within `graceMs`. */
export async function processesWith([name, value], graceMs) {
  for (let waited = 0; ; waited += intervalMs) {
    const found = processesNow(`${name}=${value}`);
    if (found.length === 0 || waited >= graceMs) return found;
    await delay(intervalMs);
  }
}

/** Ends processes at once. */
export function endProcesses(processes) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function processesNow(entry) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const isOne = readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(entry);
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
        // One that has ended, and only not been asked for how, has no command any more.
        return isOne && command !== "" ? [{ pid: Number(name), command }] : [];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}

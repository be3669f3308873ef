/** Starts a debuggee, parked or running as the first argument says, prints its process id, and stays until it is killed. */
import { startFixture } from "./engine.ts";
import { fixture } from "./fixtures.ts";

const { target, point } = await startFixture(fixture("spin", "dwarf5.O0"));
if (process.argv[2] === "parked") {
  await target.setBreakpointLocations([point("spin-body")]);
  await target.resume({ kind: "continue" });
} else void target.resume({ kind: "continue" });
process.stdout.write(`${target.processId}\n`);
setInterval(() => {}, 1000);

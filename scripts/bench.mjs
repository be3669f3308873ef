// `npm run bench -- NAME... --smoke`: sets up and runs the benchmarks of test/bench with these names, by default all.
//
// With `--smoke` each does as little as it can, for breakage only. Figures depend on the machine; what they mean is
// in test/bench/README.md.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installNode24 } from "./install-nodes.mjs";
import { build, installDependencies, root } from "./set-up.mjs";

if (!installDependencies() || !build()) process.exit(1);
installNode24();
const program = join(root, "dist/test/bench/main.js");
const result = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = result.status ?? 1;

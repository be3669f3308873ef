// Opens VS Code on a folder and closes it again: fails where it does not come up on this machine, whatever the extension does,
// and says why in a line.
//
// Needs what test-vscode.mjs has installed, and its environment.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openWorkbench } from "../test/vscode/open-workbench.mjs";

try {
  const workbench = await openWorkbench((folder) => writeFileSync(join(folder, "hello.txt"), "hello\n"));
  await workbench.close();
} catch (error) {
  process.stderr.write(`${String(error.message).split("\n")[0]}\n`);
  process.exitCode = 1;
}

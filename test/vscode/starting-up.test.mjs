// What the extension costs one who does not debug, and one who begins to: as VS Code itself shows it.
import assert from "node:assert/strict";
import { guestProject, useWorkbench } from "./project.mjs";

describe("the extension in VS Code", () => {
  const vscode = useWorkbench(guestProject("steps"));

  const isOurs = (name) => name.startsWith("WebAssembly Debugger");

  it("does not run before it is wanted, not even beside C", async () => {
    await vscode.toggleBreakpoint("steps.c", 32);
    const names = [...(await vscode.runningExtensions()).keys()];
    assert.ok(names.length > 3, `only ${names} run`);
    assert.deepEqual(names.filter(isOurs), []);
  });

  it("runs as soon as a program is debugged, in a fraction of a second", async function () {
    await vscode.debug("steps");
    await vscode.seeStop("calls steps.c 32:");
    const all = await vscode.runningExtensions();
    const told = [...all].find(([name]) => isOurs(name))?.[1];
    const [, activationMs] = /Activation: (\d+)ms/.exec(told ?? "") ?? [];
    assert.ok(activationMs !== undefined, `VS Code tells no time of activation: ${told}`);
    this.test.title += ` (${activationMs} ms here)`;
    await vscode.endProgram();
  });
});

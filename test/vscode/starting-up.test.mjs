// What the extension costs one who does not debug, and one who begins to: as VS Code itself shows it.
import assert from "node:assert/strict";
import { useWorkbench } from "./project.mjs";

describe("the extension in VS Code", () => {
  let vscode;
  useWorkbench(
    {
      files: { "steps.c": "steps/steps.c", "steps.wasm": "steps/steps.dwarf5.O0.wasm" },
      launch: [{ name: "steps", program: "steps.wasm", sourceFileMap: { "/build/steps": "." } }],
    },
    (opened) => {
      vscode = opened;
    },
  );

  const isOurs = (name) => name.startsWith("WebAssembly Debugger");

  it("does not run before it is wanted, not even beside C", async () => {
    await vscode.open("steps.c", 32);
    await vscode.press("F9");
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
    await vscode.press("Shift+F5");
    await vscode.seeEnd();
  });
});

// The examples' folders are ready for F5, in every language: everything is read from the screen.

import { openWorkbench } from "./open-workbench.mjs";
import { fillWith } from "./project.mjs";

/** Where to stop in each, by a breakpoint of F9, and a variable that is there. C has a test of its own. */
const examples = [
  { name: "cpp", file: "main.cpp", line: 48, frame: /Shop::sell.* main\.cpp 48:/, variable: "item =" },
  { name: "rust", file: "main.rs", line: 59, frame: /solve main\.rs 59:/, variable: "from = {row = 0" },
  { name: "emscripten", file: "tasks.c", line: 18, frame: /add_task.* tasks\.c 18:/, variable: "plan = 0x" },
  { name: "assemblyscript", file: "app.ts", line: 36, frame: /app\.ts 36:/, variable: "x = 0" },
];

describe("the examples in VS Code", () => {
  for (const { name, file, line, frame, variable } of examples) {
    it(`starts ${name} by F5 and stops where F9 said`, () =>
      inExample(name, async (vscode) => {
        await vscode.toggleBreakpoint(file, line);
        await vscode.press("F5");
        await seeEntry(vscode);
        await vscode.press("F5");
        await seeTop(vscode, frame);
        await vscode.seeRow("Variables", variable);
      }));
  }

  it("starts wat by F5, and stops at its function", () =>
    inExample("wat", async (vscode) => {
      await vscode.open("app.wat", 1);
      await vscode.press("F5");
      await seeEntry(vscode);
      await seeTop(vscode, /^collatz collatz\.wat/);
      await vscode.breakOnFunction("next");
      await vscode.press("F5");
      await seeTop(vscode, /^next next\.wat/);
      await vscode.seeRow("Variables", "n = 27");
    }));
});

/** Opens an example as a user does, and closes it again. */
async function inExample(name, act) {
  const vscode = await openWorkbench(fillWith({ example: name }));
  try {
    await act(vscode);
  } finally {
    await vscode.shot(`example-${name}`);
    await vscode.close();
  }
}

async function seeEntry(vscode) {
  await vscode.see(".debug-top-stack-frame-line");
  await vscode.showDebugView();
}

function seeTop(vscode, frame) {
  const top = async () => (await vscode.callStack())[0] ?? "nothing";
  return vscode.seeSoon(top, (text) => frame.test(text), frame);
}

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
    it(`starts ${name} by F5 and stops where F9 said`, async () => {
      const vscode = await openWorkbench(fillWith({ example: name }));
      try {
        await vscode.open(file, line);
        await vscode.press("F9", "F5");
        await vscode.see(".debug-top-stack-frame-line", undefined, 30_000);
        await vscode.showDebugView();
        await vscode.press("F5");
        const top = async () => (await vscode.callStack())[0] ?? "nothing";
        await vscode.seeSoon(top, (text) => text.match(frame) !== null, `${file} ${line}`);
        await vscode.seeRow("Variables", variable);
      } finally {
        await vscode.shot(`example-${name}`);
        await vscode.close();
      }
    });
  }
});

// Starting to debug, with and without a launch.json, and how programs end: everything is read from the screen.
import assert from "node:assert/strict";
import { addFiles, useWorkbench, writeLaunchJson } from "./project.mjs";

describe("starting to debug in VS Code", () => {
  const vscode = useWorkbench({
    files: {
      ...{ "traps.c": "traps/traps.c", "spin.c": "spin/spin.c" },
      "build/traps.wasm": "traps/traps.dwarf5.O0.wasm",
    },
  });
  const configurations = [
    { name: "trap", program: "build/traps.wasm", args: ["unreachable"] },
    { name: "bad", program: "build/nothing.wasm" },
    { name: "spin", program: "build/spin.wasm" },
  ];

  it("needs no launch.json beside a source with one module, wherever that was compiled", async () => {
    await vscode.toggleBreakpoint("traps.c", 196);
    await vscode.runTo("main traps.c 196:");
    await vscode.see(".debug-top-stack-frame-line");
    await vscode.endProgram();
  });

  it("offers the modules where there are several", async () => {
    addFiles(vscode.workspace, { "build/spin.wasm": "spin/spin.dwarf5.O0.wasm" });
    await vscode.open("traps.c");
    await vscode.press("F5");
    await vscode.see(".quick-input-list .monaco-list-row", "spin.wasm");
    await vscode.see(".quick-input-list .monaco-list-row", "traps.wasm");
    await vscode.press("Escape");
  });

  it("debugs the module that is open", async () => {
    await vscode.press("Control+Shift+e");
    await (await vscode.see(".explorer-folders-view .monaco-list-row", "build")).click();
    await (await vscode.see(".explorer-folders-view .monaco-list-row", "traps.wasm")).dblclick();
    await vscode.see(".monaco-editor-pane-placeholder, .editor-instance", "binary");
    await vscode.runTo("main traps.c 196:");
    await vscode.endProgram();
  });

  it("stops at a trap and says which", async () => {
    const sourceFileMap = { "/build/traps": ".", "/build/spin": "." };
    writeLaunchJson(
      vscode.workspace,
      configurations.map((one) => ({ ...one, sourceFileMap })),
    );
    await vscode.see(".statusbar-item", "trap (workspace)");
    await vscode.toggleBreakpoint("traps.c", 196);
    await vscode.debug("trap");
    await vscode.seeStop("trap_unreachable traps.c 20:");
    const widget = await vscode.see(".zone-widget .exception-widget, .exception-widget");
    assert.match(await widget.innerText(), /unreachable/);
    await vscode.seeRow("Variables", "doubled = 84");
    await vscode.shot("trap");
    await vscode.press("F5");
    await vscode.seeEnd();
    await vscode.seeInConsole("The program ended with a trap: unreachable");
  });

  it("pauses a program that never stops by itself", async () => {
    await vscode.debug("spin");
    await vscode.seeInConsole("spinning");
    await vscode.press("F6");
    await vscode.see(".debug-top-stack-frame-line");
    await vscode.seeRow("Call Stack", "main spin.c");
    await vscode.endProgram();
  });

  it("says what is wrong with a program that is not there", async () => {
    await vscode.debug("bad");
    const dialog = await vscode.see(".monaco-dialog-box");
    assert.match(await dialog.innerText(), /There is no file .*nothing\.wasm/s);
    await vscode.shot("bad");
    await vscode.press("Escape");
  });
});

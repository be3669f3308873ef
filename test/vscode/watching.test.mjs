// Data breakpoints, restarts with more than was asked for, and coredumps: everything is read from the screen.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { guestProject, useWorkbench } from "./project.mjs";

describe("watching memory in VS Code", () => {
  const vscode = useWorkbench(
    guestProject("watch", [{ name: "plain" }, { name: "checked", dataBreakpoints: true }]),
  );

  it("stops when a variable is written, by the variable's menu", async () => {
    await vscode.toggleBreakpoint("watch.c", 58);
    await vscode.debug("checked");
    await vscode.seeStop("leaf watch.c 58:");
    await vscode.choose(await vscode.seeRow("Variables", "total ="), "Break on Value Change");
    await vscode.scrollTo("Breakpoints", "total");
    await vscode.runTo("leaf watch.c 59:");
    await vscode.seeRow("Call Stack", "main watch.c 88:");
    await vscode.shot("data-breakpoint");
    await vscode.endProgram();
    await vscode.command("Remove All Breakpoints");
  });

  it("offers a restart where data breakpoints were not asked for", async () => {
    await vscode.toggleBreakpoint("watch.c", 83);
    await vscode.debug("plain");
    await vscode.seeStop("main watch.c 83:");
    await vscode.expand("Variables", "Globals");
    await vscode.scrollTo("Variables", "counter =");
    await vscode.choose(await vscode.seeRow("Variables", "counter = 0"), "Break on Value Change");
    const button = await vscode.see(".notification-toast .monaco-button", "Restart with Data Breakpoints");
    await vscode.shot("restart-offered");
    await vscode.restartTo("main watch.c 83:", () => button.click());
    await vscode.runTo("bump watch.c");
    await vscode.seeRow("Call Stack", "main watch.c 83:");
    await vscode.shot("restarted-with-data-breakpoints");
  });

  it("saves a coredump of the stopped program where it is told to", async () => {
    await vscode.command("WebAssembly: Save Coredump");
    const input = await vscode.see(".quick-input-widget input");
    await vscode.seeSoon(
      () => input.inputValue(),
      (path) => path.endsWith("program.core"),
      "a name for the coredump",
    );
    await vscode.press("Enter");
    const saved = join(vscode.workspace, "program.core");
    await vscode.seeSoon(
      async () => existsSync(saved),
      (is) => is,
      "the coredump's file",
    );
    await vscode.endProgram();
  });

  it("looks into a coredump from the explorer", async () => {
    await vscode.press("Control+Shift+e");
    const file = await vscode.see(".explorer-folders-view .monaco-list-row", "program.core");
    await vscode.choose(file, "Debug This Coredump");
    await vscode.seeStop("bump watch.c");
    await vscode.seeRow("Call Stack", "main watch.c 83:");
    await vscode.evaluate("counter + 654320");
    await vscode.seeInConsole(" 654321");
    await vscode.shot("coredump");
    await vscode.endProgram();
  });

  it("restarts with instruction stepping, all breakpoints kept", async () => {
    await vscode.command("Remove All Breakpoints");
    await vscode.toggleBreakpoint("watch.c", 35);
    await vscode.debug("plain");
    await vscode.seeStop("bump watch.c 35:");
    await vscode.restartTo("bump watch.c 35:", () =>
      vscode.command("WebAssembly: Restart with Instruction Stepping"),
    );
    await vscode.command("Open Disassembly View");
    const arrow = '.disassembly-view .monaco-table-tr:has([class*="stackframe"])';
    const current = async () => (await vscode.see(arrow)).innerText();
    const before = await current();
    await (await vscode.see(arrow)).click();
    await vscode.press("F10");
    await vscode.seeSoon(current, (text) => text !== before, "the next instruction");
    await vscode.shot("instruction-stepping");
    await vscode.endProgram();
  });
});

// The disassembly view: everything is read from the screen.
import assert from "node:assert/strict";
import { guestProject, useWorkbench } from "./project.mjs";

describe("the disassembly view of VS Code", () => {
  const vscode = useWorkbench(guestProject("steps", [{ granularity: "instruction" }]));

  const view = ".disassembly-view";
  /** The text of the row that the program stands at. */
  const current = async () => {
    const arrow = `${view} .monaco-table-tr:has([class*="stackframe"])`;
    return (await (await vscode.see(arrow)).innerText()).replace(/\s+/g, " ").trim();
  };

  it("shows the code around the frame, with names, bytes and lines of the source", async () => {
    await vscode.toggleBreakpoint("steps.c", 32);
    await vscode.debug("steps");
    await vscode.seeStop("calls steps.c 32:");
    await vscode.press("F1");
    await (await vscode.see(".quick-input-widget input")).fill(">disassembly");
    await vscode.see(".quick-input-list .monaco-list-row", "Open Disassembly View");
    await vscode.press("Enter");
    await vscode.see(view);
    await vscode.see(`${view} .monaco-table-tr`, "call $square");
    assert.match(await current(), /0xc0de0000[0-9a-f]{4}/);
    await vscode.see(`${view} .monaco-table-tr`, "int a = square(3);");
    await vscode.shot("disassembly");
  });

  it("steps by instruction", async () => {
    const before = await current();
    await (await vscode.see(`${view} .monaco-table-tr`, "i32.const 3")).click();
    await vscode.press("F10");
    const after = await vscode.seeSoon(current, (text) => text !== before, "another instruction");
    assert.match(after, /i32\.const 3|call \$square/);
    await vscode.shot("disassembly-stepped");
  });

  it("stops at breakpoints set in it", async () => {
    const row = await vscode.see(`${view} .monaco-table-tr`, "i32.store offset=8");
    await row.locator(".monaco-table-td").first().click();
    await vscode.see(`${view} .monaco-table-tr:has-text("i32.store offset=8") .codicon-debug-breakpoint`);
    await vscode.press("F5");
    const stopped = await vscode.seeSoon(
      current,
      (text) => text.includes("i32.store offset=8"),
      "the breakpoint",
    );
    assert.match(stopped, /^0xc0de0000034d 36 02 08/);
    await vscode.shot("disassembly-breakpoint");
  });
});

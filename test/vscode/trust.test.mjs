// A folder that nobody has said to trust: everything is read from the screen.
import assert from "node:assert/strict";
import { guestProject, useWorkbench } from "./project.mjs";

describe("a workspace that is not trusted, in VS Code", () => {
  const vscode = useWorkbench(guestProject("steps"), {
    settings: {
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
    },
  });

  it("keeps the extension, and tells what of it works", async () => {
    await vscode.see(".statusbar-item", "Restricted Mode");
    await vscode.command("Workspaces: Manage Workspace Trust");
    await (await vscode.see(".workspace-trust-editor a", "extensions")).click();
    await vscode.press("Escape");
    await vscode.high(async () => {
      const limited = await vscode.see(".pane", "Limited in Restricted Mode");
      await limited.locator(".monaco-list-row", { hasText: "WebAssembly Debugger" }).first().waitFor();
    });
  });

  it("runs no program before its user trusts the folder", async () => {
    await vscode.toggleBreakpoint("steps.c", 32);
    await vscode.press("F5");
    const dialog = await vscode.see(".monaco-dialog-box");
    assert.match(await dialog.innerText(), /trust/i);
    await vscode.shot("trust-asked");
    await vscode.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await vscode.page.locator(".debug-toolbar").isVisible(), false);
  });

  it("offers no program in the explorer's menu either", async () => {
    await vscode.press("Control+Shift+e");
    const file = await vscode.see(".explorer-folders-view .monaco-list-row", "steps.wasm");
    await file.click({ button: "right" });
    await vscode.see(".monaco-menu .action-item", "Copy Path");
    const entry = vscode.page.locator(".monaco-menu .action-item", { hasText: "Debug WebAssembly Module" });
    assert.match((await entry.first().getAttribute("class")) ?? "", /disabled/);
    await vscode.press("Escape");
  });

  it("runs the program once the folder is trusted", async () => {
    await vscode.open("steps.c");
    await vscode.press("F5");
    const dialog = await vscode.see(".monaco-dialog-box");
    await dialog.locator(".monaco-button", { hasText: "Trust" }).first().click();
    await vscode.seeStop("calls steps.c 32:");
    await vscode.endProgram();
  });
});

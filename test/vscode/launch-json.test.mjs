// Writing a launch.json: everything is read from the screen and from the file.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useWorkbench } from "./project.mjs";

describe("writing a launch.json in VS Code", () => {
  const vscode = useWorkbench({
    files: { "steps.c": "steps/steps.c", "build/steps.wasm": "steps/steps.dwarf5.O0.wasm" },
  });
  const file = () => join(vscode.workspace, ".vscode/launch.json");
  const content = () => (existsSync(file()) ? readFileSync(file(), "utf8") : "nothing");
  const suggestion = ".suggest-widget .monaco-list-row";

  it("begins with a configuration for the module that is there", async () => {
    await vscode.open("steps.c");
    await vscode.command("Debug: Add Configuration");
    const text = await vscode.seeSoon(
      async () => content(),
      (seen) => seen.includes('"wasm"'),
      "a launch.json",
    );
    assert.match(text, /"program": "\$\{workspaceFolder\}\/build\/steps\.wasm"/);
    await vscode.see('.tab.active[data-resource-name="launch.json"]');
  });

  it("offers what else can be debugged, to fill in", async () => {
    await vscode.page.getByText("Add Configuration...", { exact: true }).click();
    await vscode.see(suggestion);
    await vscode.page.keyboard.type("WebAssembly");
    await vscode.see(suggestion, "WebAssembly: Coredump");
    for (const one of ["Program", "Program with files", "Program in a terminal", "Exported function"])
      await vscode.see(suggestion, `WebAssembly: ${one}`);
    await vscode.shot("snippets");
    await (await vscode.see(suggestion, "WebAssembly: Exported function")).click();
    await vscode.see(".view-line", '"invoke": "fib"');
    await vscode.press("Escape", "Control+s");
    await vscode.seeSoon(
      async () => content(),
      (seen) => seen.includes('"invoke": "fib"'),
      "the saved launch.json",
    );
  });

  it("describes the attributes, with what they may be", async () => {
    const lines = content().split("\n");
    await vscode.goTo(lines.findIndex((text) => text.includes('"invoke": "fib"')) + 1);
    await vscode.press("End", "Enter");
    await vscode.page.keyboard.type('"gran');
    await vscode.press("Control+Space");
    await vscode.see(suggestion, "granularity");
    // Each press shows the description or takes it away: which, depends on whether the list had come by itself.
    const details = vscode.page.locator(".suggest-details");
    const show = async () => {
      await vscode.press("Control+Space");
      await details.waitFor({ timeout: 2000 }).catch(() => {});
      return (await details.isVisible()) ? details.innerText() : "no description";
    };
    await vscode.seeSoon(show, (text) => text.includes("Where the program can be stopped"), "a description");
    await vscode.shot("attribute");
    await vscode.press("Escape");
    await vscode.command("File: Revert File");
  });

  it("starts what it began with, whichever module that is", async () => {
    await vscode.toggleBreakpoint("steps.c", 32);
    await vscode.debug("Debug WebAssembly");
    await vscode.seeStop("calls steps.c 32:");
    await vscode.endProgram();
  });
});

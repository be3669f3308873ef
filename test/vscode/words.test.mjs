// What a user sees who debugs the C example: everything is read from the screen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { useWorkbench } from "./project.mjs";

describe("the C example in VS Code", () => {
  const vscode = useWorkbench({ example: "c" });

  it("stops at the entry and at a breakpoint set with F9", async () => {
    await vscode.toggleBreakpoint("words.c", 28);
    await vscode.runTo("main main.c 60:");
    await vscode.runTo("add_word words.c 28:");
    assert.equal(await vscode.page.locator(".codicon-debug-breakpoint-unverified").count(), 0);
    await vscode.see(".debug-top-stack-frame-line");
    await vscode.seeRow("Call Stack", "add_text words.c 46:");
    await vscode.seeRow("Call Stack", "main main.c 61:");
  });

  it("shows variables, and what pointers point to", async () => {
    await vscode.seeRow("Variables", "line = 1");
    await vscode.expand("Variables", "tree =");
    await vscode.seeRow("Variables", 'text = "the"');
    await vscode.seeRow("Variables", "count = 1");
    await vscode.seeRow("Variables", "left = 0x00000000");
  });

  it("shows values beside the lines", async () => {
    await vscode.see(".view-line", /line\);.*\sline\s=\s1$/);
  });

  it("watches expressions", async () => {
    await vscode.watch("tree->text");
    await vscode.seeRow("Watch", 'tree->text = "the"');
    await vscode.watch("tree->nothing");
    await vscode.seeRow("Watch", "tree->nothing = struct word has no");
    assert.equal(await vscode.page.locator(".notification-toast").count(), 0, "a failing watch pops up");
  });

  it("answers the debug console", async () => {
    await vscode.evaluate("*tree");
    await vscode.seeInConsole('{text = "the", count = 1, places = 0x00000000');
    await vscode.evaluate("nonsense");
    await vscode.seeInConsole("there is no variable `nonsense` here");
  });

  it("shows a value where the mouse rests", async () => {
    await vscode.hover("tree->count++", "tree");
    await vscode.see(".debug-hover-widget .monaco-list-row", /count\s*=\s*1/);
    await vscode.shot("stopped");
    await vscode.page.mouse.move(0, 0);
  });

  it("steps into, out of and over calls", async () => {
    await vscode.press("F11");
    await vscode.seeStop("add_place words.c 9:");
    await vscode.press("F10");
    await vscode.seeStop("add_place words.c 10:");
    await vscode.press("Shift+F11");
    await vscode.seeStop("add_word words.c 28:24");
    await vscode.press("F10");
    await vscode.seeStop("add_word words.c 30:");
  });

  it("restarts", async () => {
    await vscode.press("Control+Shift+F5");
    await vscode.seeStop("main main.c 60:");
    await vscode.runTo("add_word words.c 28:");
  });

  it("runs to the end without the breakpoint, and shows what the program prints", async () => {
    await vscode.toggleBreakpoint("words.c", 28);
    await vscode.press("F5");
    await vscode.seeEnd();
    for (const line of runs()[0].stdout.trim().split("\n")) await vscode.seeInConsole(line);
  });
});

const runs = () => JSON.parse(readFileSync(join(root, "examples/c/runs.json"), "utf8"));

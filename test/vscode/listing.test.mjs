// A module without any source: its listing is the source. Everything is read from the screen.
import assert from "node:assert/strict";
import { useWorkbench } from "./project.mjs";

describe("a module without sources in VS Code", () => {
  const vscode = useWorkbench({
    files: { "numbers.wasm": "wat-names/wat-names.names.wasm" },
    launch: [{ name: "numbers", program: "numbers.wasm", stopOnEntry: true }],
  });

  it("shows a listing in the colours of the text format", async () => {
    await vscode.debug("numbers");
    await vscode.see(".debug-top-stack-frame-line");
    await vscode.see(".statusbar-item", "WebAssembly Text");
    const line = await vscode.see(".view-line", "call $values");
    const colours = await line
      .locator("span[class*=mtk]")
      .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
    assert.ok(colours > 1, `the listing has ${colours} colours`);
    await vscode.shot("listing");
  });

  it("stops at a breakpoint set in it", async () => {
    const line = await vscode.see(".view-line", "call $recurse");
    await line.click();
    await vscode.press("F9");
    await vscode.see(".codicon-debug-breakpoint");
    await vscode.press("F5");
    await vscode.seeInConsole("number 18");
    await vscode.seeSoon(
      async () => {
        const marker = await vscode.page.locator(".debug-top-stack-frame-line").first().boundingBox();
        const place = await line.boundingBox();
        return marker !== null && place !== null && Math.abs(marker.y - place.y) < 2;
      },
      (is) => is,
      "the program at the breakpoint",
    );
    await vscode.shot("listing-breakpoint");
  });

  it("shows the parameters and locals of its functions by name", async () => {
    await vscode.press("F11");
    await vscode.seeRow("Variables", "n = 7");
    await vscode.shot("listing-locals");
    await vscode.endProgram();
  });
});

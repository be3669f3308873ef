// What a program that runs on leaves on the screen of the stop before: everything is read from the screen.
import assert from "node:assert/strict";
import { guestProject, useWorkbench } from "./project.mjs";

describe("a program that runs on, in VS Code", () => {
  const vscode = useWorkbench(guestProject("spin"));

  it("leaves no complaint about a stop that was gone before its variables were asked for", async () => {
    await vscode.toggleBreakpoint("spin.c", 22);
    await vscode.showDebugView();
    await vscode.watch("argc");
    await vscode.page.evaluate(continueAtOnceAndNote, ["Variables", "Watch"]);
    await vscode.debug("spin");
    await vscode.see(".debug-toolbar .codicon-debug-pause");
    await vscode.seeSoon(
      () => vscode.page.evaluate(() => window.stopsSeen),
      (seen) => seen === 1,
      "one stop",
    );
    await vscode.seeRow("Watch", "argc = not available");
    const rows = await vscode.page.evaluate(() => [...window.rowsSeen]);
    assert.deepEqual(
      rows.filter((text) => /program|stop/.test(text)),
      [],
    );
    await vscode.endProgram();
  });
});

/**
 * For the page: tells the program to go on as soon as VS Code shows that it has stopped, sooner than any user could, and
 * notes every row that panes of the debug view ever show, for however short a time.
 */
function continueAtOnceAndNote(panes) {
  window.rowsSeen = new Set();
  window.stopsSeen = 0;
  const rows = panes.map((title) => `.pane:has(> .pane-header[aria-label^="${title}"]) .monaco-list-row`);
  const look = () => {
    for (const row of document.querySelectorAll(rows.join())) window.rowsSeen.add(row.textContent);
    const button = document.querySelector(".debug-toolbar .codicon-debug-continue");
    if (window.stopsSeen > 0 || button === null) return;
    window.stopsSeen++;
    button.click();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

// What a program that runs on leaves on the screen of the stop before: everything is read from the screen.
import assert from "node:assert/strict";
import { guestProject, useWorkbench } from "./project.mjs";

describe("a program that runs on, in VS Code", () => {
  const vscode = useWorkbench(guestProject("steps"));

  before(async () => {
    await vscode.toggleBreakpoint("steps.c", 32);
    await vscode.showDebugView();
    await vscode.watch("a");
    await vscode.page.evaluate(noteRows);
  });

  it("leaves no complaint about stops that were gone before anything was asked about them", async () => {
    await vscode.debug("steps");
    await vscode.seeStop("calls steps.c 32:");
    // Stops pile up behind these: VS Code asks about some while the program is at others, or between two of them.
    for (let step = 0; step < 40; step++) {
      await vscode.press("F11");
      await vscode.page.waitForTimeout((step * 60) % 480);
    }
    const rows = await vscode.page.evaluate(() => [...window.rowsSeen]);
    assert.ok(rows.includes("a =0"), `not even the watch was seen: ${rows}`);
    assert.deepEqual(
      rows.filter((text) => /stop|the program/.test(text)),
      [],
    );
    await vscode.endProgram();
  });
});

/** For the page: notes every row that lists and notifications ever show, for however short a time. */
function noteRows() {
  window.rowsSeen = new Set();
  const look = () => {
    for (const row of document.querySelectorAll(".pane .monaco-list-row, .notification-list-item-message"))
      window.rowsSeen.add(row.textContent);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

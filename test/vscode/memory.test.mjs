// The bytes of a variable in an editor for them: everything is read from the screen.
import { join } from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { guestProject, useWorkbench } from "./project.mjs";

describe("the bytes of variables in VS Code", () => {
  const vscode = useWorkbench(guestProject("steps"), {
    extensions: [join(root, "test/vscode/hex-editor")],
  });
  /** What VS Code shows an extension's editor in. */
  const editor = () => vscode.page.frameLocator("iframe.webview").frameLocator("iframe");
  const seeBytes = (beginning) =>
    vscode.seeSoon(
      async () => {
        const shown = editor().locator("pre").first();
        return shown.innerText({ timeout: 1000 }).catch(() => "no editor");
      },
      (text) => text.startsWith(beginning),
      beginning,
    );

  it("are shown by the button beside a variable", async () => {
    await vscode.toggleBreakpoint("steps.c", 33);
    await vscode.debug("steps");
    await vscode.seeStop("calls steps.c 33:");
    const row = await vscode.seeRow("Variables", "a = 9");
    await row.hover();
    await row.locator("[aria-label='View Binary Data']").click();
    await seeBytes("09 00 00 00");
    await vscode.shot("memory");
  });

  it("are written into the variable when they are changed there", async () => {
    await editor().locator("input").fill("2a 01");
    await editor().locator("input").press("Enter");
    await vscode.seeRow("Variables", "a = 298");
    await seeBytes("2a 01 00 00");
  });

  it("are shown anew when the variable is changed", async () => {
    await vscode.choose(await vscode.seeRow("Variables", "a = 298"), "Set Value");
    await vscode.page.keyboard.type("-2");
    await vscode.press("Enter");
    await vscode.seeRow("Variables", "a = -2");
    await seeBytes("fe ff ff ff");
    await vscode.shot("memory-changed");
    await vscode.endProgram();
  });
});

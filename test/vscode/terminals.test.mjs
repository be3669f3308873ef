// Programs that print into terminals and read what is typed there: everything is read from the screen.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guestProject, useWorkbench } from "./project.mjs";

/** Where the terminal of the system that these tests bring along writes what a program prints in it. */
const printed = join(tmpdir(), `wasm-dap-external-${process.pid}.txt`);

describe("programs in terminals, in VS Code", () => {
  const project = guestProject("stdinwait", [
    { name: "in a terminal", console: "integratedTerminal" },
    { name: "outside", console: "externalTerminal" },
  ]);
  const vscode = useWorkbench(project, {
    // Else the terminal's text is pixels.
    settings: { "terminal.integrated.gpuAcceleration": "off", "terminal.external.linuxExec": terminal() },
  });

  const seeInTerminal = (text) =>
    vscode.seeSoon(
      async () =>
        (await vscode.page.locator(".xterm-rows").allInnerTexts()).join("\n").replace(/\u00a0/g, " "),
      (seen) => seen.includes(text),
      `"${text}" in a terminal`,
    );

  it("prints into the terminal and reads what is typed there", async () => {
    await vscode.toggleBreakpoint("stdinwait.c", 30);
    await vscode.debug("in a terminal");
    await seeInTerminal("waiting");
    await (await vscode.see(".xterm")).click();
    await vscode.page.keyboard.type("hello\n");
    await vscode.seeStop("answer stdinwait.c 30:");
    await vscode.watch("line");
    await vscode.seeRow("Watch", 'line = "hello"');
    await vscode.press("F5");
    await seeInTerminal("1: hello");
    await vscode.shot("integrated-terminal");
    await (await vscode.see(".xterm")).click();
    await vscode.page.keyboard.type("quit\n");
    await vscode.seeEnd();
  });

  it("runs in the system's terminal", async () => {
    await vscode.debug("outside");
    await vscode.seeSoon(
      async () => (existsSync(printed) ? readFileSync(printed, "utf8") : "nothing"),
      (text) => text.includes("waiting"),
      "what the program prints in a terminal",
    );
    await vscode.endProgram();
  });
});

/** A program that is started as a terminal is, with what to run in it as the last of its arguments: "-e bash -c COMMAND". */
function terminal() {
  const path = join(tmpdir(), `wasm-dap-terminal-${process.pid}.sh`);
  writeFileSync(
    path,
    `#!/bin/sh\nfor command; do :; done\nexec bash -c "$command" </dev/null >${printed} 2>&1\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

// A VS Code to test in: code-server with the packaged extension, in a Chromium that nobody sees.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const settings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "window.commandCenter": false,
  "editor.minimap.enabled": false,
  "files.simpleDialog.enable": true,
};
const size = { width: 1360, height: 860 };
const startLimitMs = 60_000;

/**
 * Starts a workbench on a copy of `folder`; `tools` is what the installation answered. `shots` is a folder for
 * screenshots.
 */
export async function openWorkbench({ tools, folder, shots, extraSettings = {} }) {
  const work = mkdtempSync(join(tmpdir(), "wasm-dap-vscode-"));
  const workspace = join(work, "workspace");
  cpSync(folder, workspace, { recursive: true });
  mkdirSync(join(work, "data/User"), { recursive: true });
  writeFileSync(join(work, "data/User/settings.json"), JSON.stringify({ ...settings, ...extraSettings }));
  const server = await startServer(tools, work);
  const browser = await tools.chromium.launch({
    executablePath: tools.chromiumPath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({ viewport: size });
  await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}`);
  await page
    .locator(".monaco-workbench .explorer-folders-view .monaco-list-row")
    .first()
    .waitFor({ timeout: startLimitMs });
  const close = async () => {
    await browser.close();
    await server.close();
    rmSync(work, { recursive: true, force: true });
  };
  return new Workbench(page, workspace, shots, close);
}

async function startServer({ codeServer, extensions, node }, work) {
  const flags = [
    "--auth",
    "none",
    "--bind-addr",
    "127.0.0.1:0",
    "--disable-telemetry",
    "--disable-update-check",
  ];
  const folders = ["--user-data-dir", join(work, "data"), "--extensions-dir", extensions];
  const config = join(work, "config.yaml");
  writeFileSync(config, "");
  const child = spawn(node, [codeServer, "--config", config, ...flags, ...folders], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, VSCODE_PROXY_URI: "", HOME: work },
  });
  let said = "";
  const url = await new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`code-server did not start: ${said}`)), startLimitMs);
    const hear = (chunk) => {
      said += chunk;
      const found = /HTTP server listening on (http:\/\/\S+?)\/?\s/.exec(said)?.[1];
      if (found !== undefined) {
        clearTimeout(limit);
        resolve(found);
      }
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (status) => reject(new Error(`code-server ended with status ${status}: ${said}`)));
  });
  const close = async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  };
  return { url, close };
}

/** What a user does in the workbench and sees there. Whatever is to be seen is waited for. */
export class Workbench {
  constructor(page, workspace, shots, close) {
    Object.assign(this, { page, workspace, shots, close });
  }

  async shot(name) {
    if (this.shots === undefined) return;
    mkdirSync(this.shots, { recursive: true });
    await this.page.screenshot({ path: join(this.shots, `${name}.png`) });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.see(".quick-input-list .monaco-list-row.focused", title);
    await this.press("Enter");
  }

  /** Chooses from the menu that a row or a file has. */
  async choose(row, item) {
    await row.click({ button: "right" });
    const menu = this.page.locator(".monaco-menu");
    const entry = await this.see(".monaco-menu .action-item", item);
    const choose = async () => {
      // A menu that has only just opened takes a click for the end of the one that opened it.
      await entry.click({ timeout: 1000 }).catch(() => {});
      return menu.isVisible();
    };
    await this.seeSoon(choose, (isOpen) => !isOpen, `the menu closed by ${item}`);
    await this.page.mouse.move(0, 0);
  }

  /** Scrolls a pane until a row begins so: VS Code keeps only those rows that are to be seen. */
  async scrollTo(title, beginning) {
    await (await this.see(`${pane(title)} .monaco-list`)).hover();
    const look = async () => {
      await this.page.mouse.wheel(0, 60);
      return (await this.rows(title)).join(", ");
    };
    await this.seeSoon(look, (rows) => rows.includes(`, ${beginning}`), beginning);
  }

  /** Ends what a failed test has left running, so that the next one starts from nothing. */
  async stopDebugging() {
    await this.press("Escape", "Escape");
    if (!(await this.page.locator(".debug-toolbar").isVisible())) return;
    await this.press("Shift+F5");
    await this.seeEnd();
  }

  /** Opens a file of the workspace, at a line. */
  async open(file, line) {
    await this.press("Control+p");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(file);
    await this.page
      .locator(".quick-input-list .monaco-list-row", { hasText: file.split("/").pop() })
      .first()
      .waitFor();
    await this.press("Enter");
    await this.page.locator(`.tab.active[data-resource-name="${file.split("/").pop()}"]`).waitFor();
    if (line !== undefined) await this.goTo(line);
  }

  async goTo(line) {
    await this.press("Control+g");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`:${line}`);
    await this.see(".quick-input-list .monaco-list-row", `line ${line} `);
    await this.press("Enter");
    await this.see(".statusbar-item", `Ln ${line},`);
  }

  /** Waits until `selector` is there, with this text in it if any; answers the locator. */
  async see(selector, text, timeout = 15_000) {
    const found = this.page.locator(selector, text === undefined ? {} : { hasText: text }).first();
    await found.waitFor({ timeout });
    return found;
  }

  /** Sets a breakpoint on the line of the cursor, or takes it away. */
  async toggleBreakpoint() {
    await this.press("F9");
  }

  /** Starts debugging or continues, and waits for a stop with this innermost frame, as "add_word words.c 28". */
  async runTo(frame) {
    await this.press("F5");
    await this.seeStop(frame);
  }

  /** Starts the configuration of launch.json that is called so, as soon as VS Code has read it. */
  async debug(name) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    const find = async () => {
      await this.press("Escape", "Control+p");
      await (await this.see(".quick-input-widget input")).fill(`debug ${name}`);
      await this.see(".quick-input-list .monaco-list-row", /\S/);
      const text = await row.innerText({ timeout: 1000 }).catch(() => "nothing");
      return text.includes("No matching") ? "nothing" : text;
    };
    await this.seeSoon(find, (text) => text !== "nothing", `the configuration ${name}`);
    await this.press("Enter");
  }

  /** Waits until the program has stopped with this innermost frame. */
  async seeStop(frame) {
    await this.showDebugView();
    await this.seeSoon(
      async () => (await this.callStack())[0] ?? "nothing",
      (top) => top.startsWith(frame),
      frame,
    );
    // Not before all of this is there does VS Code take the next key for this stop.
    await this.see(".debug-toolbar .codicon-debug-continue");
    await this.see(`${pane("Variables")} .monaco-list-row`);
    await this.see(".debug-top-stack-frame-line");
  }

  /** Does what restarts the program, and waits until it stops again, with this innermost frame. */
  async restartTo(frame, restart) {
    // For a moment only there is no stopped line: what looks for that must look already.
    const isRunning = () => document.querySelector(".debug-top-stack-frame-line") === null;
    await Promise.all([this.page.waitForFunction(isRunning, undefined, { timeout: 15_000 }), restart()]);
    await this.seeStop(frame);
  }

  /** Waits until no program is being debugged. */
  async seeEnd() {
    await this.page.locator(".debug-toolbar").waitFor({ state: "hidden", timeout: 15_000 });
  }

  /** The view with variables and the call stack comes by itself at a breakpoint, not at every stop. */
  async showDebugView() {
    if (await this.page.locator(pane("Call Stack")).first().isVisible()) return;
    await this.press("Control+Shift+d");
    await this.see(pane("Call Stack"));
  }

  /** The frames shown, innermost first, as "function file line:column". */
  callStack() {
    return this.rows("Call Stack");
  }

  /** What stands in a pane of the debug view, a row each; values are as narrow as the pane. */
  async rows(title) {
    const texts = await this.page.locator(`${pane(title)} .monaco-list-row`).allInnerTexts();
    return texts.map(oneBlank);
  }

  /** Waits until a pane has a row that begins so; answers its locator. */
  seeRow(title, beginning) {
    const escaped = beginning.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, "\\s*");
    return this.see(`${pane(title)} .monaco-list-row`, new RegExp(`^\\s*${escaped}`));
  }

  /** Opens a row of a pane. */
  async expand(title, beginning) {
    const row = await this.seeRow(title, beginning);
    await row.locator(".monaco-tl-twistie").click();
  }

  async watch(expression) {
    const header = await this.see(`${pane("Watch")} .pane-header`);
    await header.hover();
    await header.locator("[aria-label='Add Expression']").click();
    await this.see(`${pane("Watch")} .inputBox, ${pane("Watch")} input`);
    await this.page.keyboard.type(expression);
    await this.press("Enter");
  }

  /** Lets the mouse rest on the word `word` of the line of the editor that has `text`; waits for the debugger's answer. */
  async hover(text, word) {
    const line = await this.see(".view-line", text);
    const place = line.locator("span span").filter({ hasText: word }).first();
    await this.page.mouse.move(0, 0);
    await place.hover();
    return this.see(".debug-hover-widget");
  }

  async evaluate(expression) {
    const input = await this.see(".repl-input-wrapper .view-lines");
    await input.click();
    await this.page.keyboard.type(expression);
    await this.press("Enter");
  }

  /** Waits until this text is in the debug console; blanks count as one. */
  async seeInConsole(text) {
    const look = async () => oneBlank(await this.page.locator(".repl .repl-tree").innerText());
    await this.seeSoon(look, (seen) => seen.includes(oneBlank(text)), `"${text}" in the debug console`);
  }

  async seeSoon(look, fits, wanted) {
    const limit = Date.now() + 15_000;
    for (;;) {
      const seen = await look();
      if (fits(seen)) return seen;
      if (Date.now() > limit) throw new Error(`Expected to see ${wanted}, but saw ${seen}.`);
      await this.page.waitForTimeout(50);
    }
  }
}

/** A pane of the side bar, by the beginning of its title. */
const pane = (title) => `.pane:has(> .pane-header[aria-label^="${title}"])`;

const oneBlank = (text) => text.replace(/\s+/g, " ").trim();

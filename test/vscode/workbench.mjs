// What a user does in a window of VS Code, and sees there.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Of the window. */
export const size = { width: 1360, height: 860 };
/** For everything that is waited for: the machine may have much else to do. */
const limitMs = 30_000;

/** What a user does in the workbench and sees there. Whatever is to be seen is waited for. */
export class Workbench {
  constructor(page, workspace, shots, close) {
    Object.assign(this, { page, workspace, shots, close });
  }

  /** Keeps what is to be seen, for the people who look at it. */
  async shot(name) {
    mkdirSync(this.shots, { recursive: true });
    await this.page.screenshot({ path: join(this.shots, `${name}.png`) });
  }

  /** Looks at something in a very high window: of a list, only what is in sight is in the page. */
  async high(look) {
    await this.page.setViewportSize({ ...size, height: 3000 });
    try {
      return await look();
    } finally {
      await this.page.setViewportSize(size);
    }
  }

  /** What VS Code tells of the extensions that run, by their names. */
  runningExtensions() {
    const rows = ".runtime-extensions-editor .monaco-list-row";
    return this.high(async () => {
      await this.command("Developer: Show Running Extensions");
      await this.see(rows);
      const texts = await this.page.locator(rows).allInnerTexts();
      await this.press("Escape");
      const lines = texts.map((text) => text.split("\n"));
      return new Map(lines.map(([name, ...rest]) => [name.trim(), rest.join(" ")]));
    });
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
    await this.endProgram();
  }

  /** Opens a file of the workspace, at a line. */
  async open(file, line) {
    await this.press("Control+p");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(file);
    const name = file.split("/").pop();
    // The list of files opened before stands there first, and its first entry takes an Enter that comes too soon.
    await this.see(".quick-input-list .monaco-list-row.focused", name);
    await this.press("Enter");
    await this.see(`.tab.active[data-resource-name="${name}"]`);
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
  async see(selector, text, timeout = limitMs) {
    const found = this.page.locator(selector, text === undefined ? {} : { hasText: text }).first();
    await found.waitFor({ timeout });
    return found;
  }

  /** Sets a breakpoint on a line of a file of the workspace, or takes it away. */
  async toggleBreakpoint(file, line) {
    await this.open(file, line);
    await this.press("F9");
  }

  /** Ends the program that is debugged. */
  async endProgram() {
    await this.press("Shift+F5");
    await this.seeEnd();
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

  /** Waits until the program has stopped with an innermost frame that begins so, or is like this pattern. */
  async seeStop(frame) {
    await this.showDebugView();
    await this.seeSoon(
      async () => (await this.callStack())[0] ?? "nothing",
      (top) => (typeof frame === "string" ? top.startsWith(frame) : frame.test(top)),
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
    await Promise.all([this.page.waitForFunction(isRunning, undefined, { timeout: limitMs }), restart()]);
    await this.seeStop(frame);
  }

  /** Waits until no program is being debugged. */
  async seeEnd() {
    await this.page.locator(".debug-toolbar").waitFor({ state: "hidden", timeout: limitMs });
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

  /** Adds an expression to those that are watched. */
  watch(expression) {
    return this.add("Watch", "Add Expression", expression);
  }

  /** Sets a breakpoint on a function. */
  breakOnFunction(name) {
    return this.add("Breakpoints", "Add Function Breakpoint", name);
  }

  /** Types something into the box that a button of a pane opens. */
  async add(title, button, text) {
    const header = await this.see(`${pane(title)} .pane-header`);
    await header.hover();
    await header.locator(`[aria-label='${button}']`).click();
    const box = await this.see(`${pane(title)} .inputBox, ${pane(title)} input:focus`);
    await this.page.keyboard.type(text);
    await this.press("Enter");
    await box.waitFor({ state: "hidden" });
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
    const limit = Date.now() + limitMs;
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

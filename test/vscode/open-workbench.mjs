// A VS Code to test in: code-server with the packaged extension, in a Chromium that nobody sees.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./server.mjs";
import { tools } from "./tools.mjs";
import { size, Workbench } from "./workbench.mjs";

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
const startLimitMs = 100_000;

/**
 * Starts a workbench on the folder that `fill` is given to fill, with these settings beside the usual ones, and with these
 * folders as extensions beside the packaged one.
 */
export async function openWorkbench(fill, { settings: extraSettings = {}, extensions = [] } = {}) {
  const { chromium, chromiumPath, shots, ...server } = tools();
  const work = mkdtempSync(join(tmpdir(), "vscode-"));
  const opened = [{ close: () => rmSync(work, { recursive: true, force: true, maxRetries: 10 }) }];
  const close = async () => {
    for (const one of opened.reverse()) await one.close();
  };
  try {
    const workspace = join(work, "workspace");
    mkdirSync(workspace);
    fill(workspace);
    mkdirSync(join(work, "data/User"), { recursive: true });
    writeFileSync(join(work, "data/User/settings.json"), JSON.stringify({ ...settings, ...extraSettings }));
    if (extensions.length > 0) {
      server.extensions = withExtensions(server.extensions, extensions, join(work, "extensions"));
    }
    const { url, ...rest } = await startServer(server, work);
    opened.push(rest);
    const args = ["--no-sandbox", "--disable-gpu"];
    const browser = await chromium.launch({ executablePath: chromiumPath, args });
    opened.push(browser);
    const page = await browser.newPage({ viewport: size });
    await page.goto(`${url}/?folder=${encodeURIComponent(workspace)}`, { timeout: startLimitMs });
    await page
      .locator(".monaco-workbench .explorer-folders-view .monaco-list-row")
      .first()
      .waitFor({ timeout: startLimitMs });
    return new Workbench(page, workspace, shots, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** A folder with the installed extensions and these. Without VS Code's list of them, it takes what it finds there. */
function withExtensions(installed, folders, target) {
  for (const entry of readdirSync(installed, { withFileTypes: true })) {
    if (entry.isDirectory())
      cpSync(join(installed, entry.name), join(target, entry.name), { recursive: true });
  }
  for (const folder of folders) {
    const { publisher, name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    cpSync(folder, join(target, `${publisher}.${name}-${version}`), { recursive: true });
  }
  return target;
}

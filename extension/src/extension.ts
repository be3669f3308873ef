import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { chooseModule, openFile, tellAbsence } from "./choose-module.ts";
import { configurationsOfWorkspace, placesOfFolder, resolveConfiguration } from "./configurations.ts";
import { InlineValues } from "./inline-values.ts";
import { offerRestart, restartCommands, restarting } from "./restarting.ts";

/** What inline values are shown for: the languages that breakpoints can be set in. */
const languages = ["c", "cpp", "rust", "assemblyscript", "typescript", "zig", "d", "go", "swift", "wat"];

/** Ties everything the manifest promises to VS Code. Called by it, once. */
export function activate(context: vscode.ExtensionContext): void {
  const found = { provideDebugConfigurations: configurationsOfWorkspace };
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("wasm", {
      createDebugAdapterDescriptor: () => startServer(context.extensionPath),
    }),
    vscode.debug.registerDebugConfigurationProvider("wasm", {
      ...found,
      resolveDebugConfiguration: resolveConfiguration,
    }),
    vscode.debug.registerDebugConfigurationProvider(
      "wasm",
      found,
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.commands.registerCommand("wasm-dap.debugModule", debugModule),
    vscode.commands.registerCommand("wasm-dap.debugCoredump", debugCoredump),
    vscode.commands.registerCommand("wasm-dap.saveCoredump", saveCoredump),
    ...Object.entries(restartCommands).map(([command, option]) =>
      vscode.commands.registerCommand(command, restarting(option)),
    ),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(offerRestart),
    vscode.commands.registerCommand(
      "wasm-dap.chooseModule",
      async () => (await chooseModule(tellAbsence))?.fsPath,
    ),
    vscode.languages.registerInlineValuesProvider(languages, new InlineValues()),
  );
  void findAssemblyScript();
}

/**
 * Makes F5 ours where the folder is AssemblyScript's: its sources are TypeScript to VS Code, which would run them in
 * Node.js.
 */
async function findAssemblyScript(): Promise<void> {
  // Not a search, which may take longer than the user to press F5.
  const found = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) =>
    vscode.workspace.fs.stat(vscode.Uri.joinPath(uri, "asconfig.json")).then(
      () => true,
      () => false,
    ),
  );
  const isThere = (await Promise.all(found)).includes(true);
  await vscode.commands.executeCommand("setContext", "wasm-dap.isAssemblyScript", isThere);
}

/** In a desktop window the executable is VS Code itself, which runs as Node.js when it is told to. */
function startServer(extensionPath: string): vscode.DebugAdapterExecutable {
  const args = [join(extensionPath, "start-server.mjs"), findServer(extensionPath)];
  return new vscode.DebugAdapterExecutable(process.execPath, args, { env: { ELECTRON_RUN_AS_NODE: "1" } });
}

/** The server packaged with the extension, or that of the checkout it lies in. */
function findServer(extensionPath: string): string {
  const places = [join(extensionPath, "server"), join(extensionPath, "..", "dist", "bundle")];
  const found = places.map((folder) => join(folder, "wasm-dap.js")).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error("The debug adapter has not been built: run `npm run build` in the checkout of wasm-dap.");
}

/** The command of the explorer and of the editor's title: debugs the module it was called on, or one to be chosen. */
async function debugModule(uri?: vscode.Uri): Promise<void> {
  const module = uri ?? (await chooseModule());
  if (module === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(module);
  const name = vscode.workspace.asRelativePath(module);
  await vscode.debug.startDebugging(folder, {
    ...placesOfFolder(folder),
    type: "wasm",
    request: "launch",
    name: `Debug ${name}`,
    program: module.fsPath,
  });
}

/** The command of the explorer: looks into the coredump it was called on, or into the file of the editor. */
async function debugCoredump(uri?: vscode.Uri): Promise<void> {
  const core = uri ?? openFile();
  if (core === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(core);
  await vscode.debug.startDebugging(folder, {
    ...placesOfFolder(folder),
    type: "wasm",
    request: "attach",
    name: `Coredump ${vscode.workspace.asRelativePath(core)}`,
    coreFile: core.fsPath,
  });
}

/** Writes a coredump of the stopped program to a file that the user chooses. */
async function saveCoredump(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== "wasm") return;
  const folder = session.workspaceFolder?.uri;
  const usual = folder && vscode.Uri.joinPath(folder, "program.core");
  const chosen = await vscode.window.showSaveDialog({
    title: "Save Coredump",
    ...(usual === undefined ? {} : { defaultUri: usual }),
  });
  if (chosen === undefined) return;
  try {
    await session.customRequest("saveCoredump", { path: chosen.fsPath });
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

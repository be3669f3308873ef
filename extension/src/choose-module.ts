import { posix } from "node:path";
import * as vscode from "vscode";

/** Enough for any workspace whose modules can be told apart in a list. */
const mostModules = 200;
/** Where modules lie that nobody debugs: packages of others, and what cargo keeps beside its results. */
const uninteresting = "**/{node_modules,.git,deps,.fingerprint,incremental}/**";
/** Modules that a compiler's own configuration calls optimised come last. */
const optimised = /(^|\/)(release|min|dist)\//i;

/** Modules of the workspace, the one a user means most likely first. */
export async function findModules(near?: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const found = await vscode.workspace.findFiles("**/*.wasm", uninteresting, mostModules);
  const rank = (module: vscode.Uri): number => (near === undefined ? 0 : closeness(module, near));
  return found
    .map((module) => ({ module, rank: rank(module), last: optimised.test(module.path) ? 1 : 0 }))
    .sort((a, b) => b.rank - a.rank || a.last - b.last || (a.module.path < b.module.path ? -1 : 1))
    .map(({ module }) => module);
}

/**
 * The module to debug: the one that is open; else the only one there is, or the only one that is nearest to the open
 * source; else the one the user chooses. `undefined`: none is chosen. Where there is none to choose from, `tellAbsence` tells
 * the user what to do, which is not waited for: VS Code starts nothing else before a start is over, and the message may stay.
 */
export async function chooseModule(tellAbsence = offerFile): Promise<vscode.Uri | undefined> {
  const open = openFile();
  if (open !== undefined && isModule(open)) return open;
  const modules = await findModules(open);
  const [first, second] = modules;
  if (first === undefined) {
    void tellAbsence();
    return undefined;
  }
  const isObvious =
    second === undefined || (open !== undefined && closeness(first, open) > closeness(second, open));
  return isObvious ? first : pick(modules);
}

/** Whether a file is called like a Wasm module. */
const isModule = ({ path }: vscode.Uri): boolean => posix.extname(path) === ".wasm";

/** The file of the active tab: a module or a coredump is in no text editor. */
export function openFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  return isFile ? input.uri : vscode.window.activeTextEditor?.document.uri;
}

/** How many folders two files have in common. */
function closeness(one: vscode.Uri, other: vscode.Uri): number {
  const folders = posix.dirname(one.path).split("/");
  const others = posix.dirname(other.path).split("/");
  const different = folders.findIndex((folder, index) => folder !== others[index]);
  return different < 0 ? folders.length : different;
}

async function pick(modules: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = modules.map((module) => {
    const path = vscode.workspace.asRelativePath(module);
    const folder = posix.dirname(path);
    return { label: posix.basename(path), description: folder === "." ? "" : folder, module };
  });
  const placeHolder = "The WebAssembly module to debug";
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.module;
}

/** Says what to do where there is no module, with a button for one that lies elsewhere, which is debugged then. */
async function offerFile(): Promise<void> {
  const browse = "Choose a File…";
  if ((await vscode.window.showErrorMessage(absence(), browse)) !== browse) return;
  const chosen = await vscode.window.showOpenDialog({ filters: { "WebAssembly modules": ["wasm"] } });
  if (chosen?.[0] !== undefined) await vscode.commands.executeCommand("wasm-dap.debugModule", chosen[0]);
}

/** Says what to do where the configuration of a launch.json asks for a module and there is none. */
export async function tellAbsence(): Promise<void> {
  await vscode.window.showErrorMessage(absence());
}

function absence(): string {
  const where =
    vscode.workspace.workspaceFolders === undefined ? "No folder is open" : "There is no .wasm file here";
  return `${where}. Compile your program with debug info (-g), or name its module as "program" in launch.json.`;
}

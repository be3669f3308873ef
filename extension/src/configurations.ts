import { dirname } from "node:path";
import * as vscode from "vscode";
import { chooseModule, findModules } from "./choose-module.ts";

/** More would only make a menu long. */
const mostConfigurations = 20;

/** A configuration for each module of a folder; VS Code offers them, and writes the first into a new launch.json. */
export async function configurationsOfWorkspace(
  folder: vscode.WorkspaceFolder | undefined,
): Promise<vscode.DebugConfiguration[]> {
  const modules = await findModules(vscode.window.activeTextEditor?.document.uri);
  return modules
    .filter((module) => folder === undefined || vscode.workspace.getWorkspaceFolder(module) === folder)
    .slice(0, mostConfigurations)
    .map((module) => {
      const path = vscode.workspace.asRelativePath(module, false);
      const program = folder === undefined ? module.fsPath : `\${workspaceFolder}/${path}`;
      return { type: "wasm", request: "launch", name: `Debug ${path}`, program };
    });
}

/**
 * Fills in what only VS Code knows. Without a launch.json everything is missing: then the module to debug is found,
 * or asked for. `undefined` gives the start up; the user has been told why.
 */
export async function resolveConfiguration(
  folder: vscode.WorkspaceFolder | undefined,
  given: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | undefined> {
  // VS Code's type does not say so, but without a launch.json the object is empty.
  const isEmpty = !given.type && !given.request && !given.name;
  if (!isEmpty) return { ...(folder && { cwd: folder.uri.fsPath }), ...consoleOf(given), ...given };
  const module = await chooseModule();
  if (module === undefined) return undefined;
  return {
    ...given,
    type: "wasm",
    request: "launch",
    name: `Debug ${vscode.workspace.asRelativePath(module)}`,
    program: module.fsPath,
    cwd: folder?.uri.fsPath ?? dirname(module.fsPath),
  };
}

/** A program in a terminal is to be seen: the Debug Console, which VS Code opens at a start, would cover it. */
const consoleOf = ({ console }: vscode.DebugConfiguration): Partial<vscode.DebugConfiguration> =>
  console === "integratedTerminal" || console === "externalTerminal"
    ? { internalConsoleOptions: "neverOpen" }
    : {};

/**
 * Where sources and debug info lie, by all of a folder's launch.json: what is started without a configuration there, as
 * a coredump from the explorer, was compiled where the programs in it were.
 */
export function placesOfFolder(
  folder: vscode.WorkspaceFolder | undefined,
): Partial<vscode.DebugConfiguration> {
  const all =
    vscode.workspace.getConfiguration("launch", folder).get<vscode.DebugConfiguration[]>("configurations") ??
    [];
  const ours = all.filter(({ type }) => type === "wasm");
  return {
    sourceFileMap: Object.assign({}, ...ours.map(({ sourceFileMap }) => sourceFileMap ?? {})),
    symbols: [...new Set(ours.flatMap(({ symbols }) => symbols ?? []))],
  };
}

// The folders that tests debug in, and a workbench for a suite of tests.
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../scripts/set-up.mjs";
import { openWorkbench } from "./open-workbench.mjs";
import { Workbench } from "./workbench.mjs";

/**
 * A workbench on a project, for the tests of a suite: opened before them, closed after them. It is answered at once, to be
 * used in the tests. One that fails leaves a screenshot, and nothing running. `options` are those of `openWorkbench`.
 */
export function useWorkbench(project, options) {
  const vscode = Object.create(Workbench.prototype);
  before(async () => Object.assign(vscode, await openWorkbench(fillWith(project), options)));
  after(() => vscode.close?.());
  afterEach(async function () {
    if (this.currentTest.state !== "failed" || vscode.page === undefined) return;
    await vscode.shot(`failed: ${this.currentTest.title}`);
    await vscode.stopDebugging();
  });
  return vscode;
}

/**
 * The project of a guest in C from test/fixtures: its source, its module at -O0, and a configuration with its name, or
 * these. It was compiled elsewhere, which they say.
 */
export function guestProject(name, launch = [{}]) {
  const common = { name, program: `${name}.wasm`, sourceFileMap: { [`/build/${name}`]: "." } };
  return {
    files: { [`${name}.c`]: `${name}/${name}.c`, [`${name}.wasm`]: `${name}/${name}.dwarf5.O0.wasm` },
    launch: launch.map((one) => ({ ...common, ...one })),
  };
}

/**
 * Fills a folder with a copy of an example, or with files: where they are to lie and where each comes from, in
 * test/fixtures; `empty` names those that only have to be there. `launch` are the configurations of its launch.json, of
 * which the type and the request are usual.
 */
export function fillWith({ example, files = {}, empty = [], launch = [] }) {
  return (workspace) => {
    if (example !== undefined) cpSync(join(root, "examples", example), workspace, { recursive: true });
    addFiles(workspace, files);
    for (const file of empty) {
      mkdirSync(dirname(join(workspace, file)), { recursive: true });
      writeFileSync(join(workspace, file), "");
    }
    if (launch.length > 0) writeLaunchJson(workspace, launch);
  };
}

/** Copies files of test/fixtures into a workspace: where they are to lie there, and where each comes from. */
export function addFiles(workspace, files) {
  for (const [to, from] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, to)), { recursive: true });
    copyFileSync(join(root, "test/fixtures", from), join(workspace, to));
  }
}

/** Writes the launch.json of a workspace. */
export function writeLaunchJson(workspace, launch) {
  const configurations = launch.map((one) => ({ type: "wasm", request: "launch", ...one }));
  mkdirSync(join(workspace, ".vscode"), { recursive: true });
  writeFileSync(
    join(workspace, ".vscode/launch.json"),
    JSON.stringify({ version: "0.2.0", configurations }, undefined, 2),
  );
}

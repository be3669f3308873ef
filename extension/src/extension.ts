import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";

/** Starts the debug adapter for each session of type `wasm`. Called by VS Code. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory("wasm", {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterExecutable(process.execPath, [findServer(context.extensionPath)], {
          // VS Code's own executable runs as Node.js when it is told to.
          env: { ELECTRON_RUN_AS_NODE: "1" },
        }),
    }),
  );
}

/** The server packaged with the extension, or that of the checkout it lies in. */
function findServer(extensionPath: string): string {
  const packaged = join(extensionPath, "server", "wasm-dap.js");
  return existsSync(packaged) ? packaged : join(extensionPath, "..", "dist", "bundle", "wasm-dap.js");
}

import * as vscode from "vscode";

/** What a program can be restarted with, as the server names it. */
type RestartOption = "dataBreakpoints" | "instructionStepping";

/** The commands that restart the program of the active session with something it was not launched with. */
export const restartCommands: Readonly<Record<string, RestartOption>> = {
  "wasm-dap.restartWithDataBreakpoints": "dataBreakpoints",
  "wasm-dap.restartWithInstructionStepping": "instructionStepping",
};

/** The command for an option. */
export const restarting = (option: RestartOption) => async (): Promise<void> => {
  const session = vscode.debug.activeDebugSession;
  if (session?.type === "wasm") await restart(session, option);
};

/** Shows what the server offers, with a button that takes the offer. */
export async function offerRestart(event: vscode.DebugSessionCustomEvent): Promise<void> {
  if (event.session.type !== "wasm" || event.event !== "restartOffered") return;
  const { option, message } = event.body as { readonly option: RestartOption; readonly message: string };
  const button =
    option === "dataBreakpoints" ? "Restart with Data Breakpoints" : "Restart with Instruction Stepping";
  const chosen = await vscode.window.showInformationMessage(message, button);
  if (chosen === button) await restart(event.session, option);
}

async function restart(session: vscode.DebugSession, option: RestartOption): Promise<void> {
  try {
    await session.customRequest("restartWith", { option });
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

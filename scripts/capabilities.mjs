// What the adapter promises, from its handlers, and why it does not promise the rest. Wants a build.
import { readFileSync } from "node:fs";
import { capabilitiesOf } from "../dist/adapter/protocol/handler.js";
import { requests } from "../dist/adapter/requests/table.js";

/** Why a capability of the protocol is not promised. */
export const undeclared = {
  supportsStepBack: "The engine runs forwards only.",
  supportsRestartFrame:
    "It cannot be right: what a call has written to memory, globals, tables and files since it began is not undone.",
  supportsGotoTargetsRequest:
    "It cannot be right: WebAssembly has structured control flow, and compiled code has no way to any other place.",
  additionalModuleColumns: "A module has nothing to show beyond the protocol's own columns.",
  supportsExceptionOptions: "Exceptions have no categories; filters with conditions are offered.",
  supportSuspendDebuggee:
    "Nobody could resume it: a debugger cannot attach to a program that runs, and one that stays suspended is left behind.",
  supportsTerminateThreadsRequest: "A program has one thread.",
  supportsSingleThreadExecutionRequests: "A program has one thread.",
};

/** What is promised, and by which requests. */
export function declared() {
  const all = new Map(Object.keys(capabilitiesOf(requests)).map((name) => [name, []]));
  for (const [command, handler] of Object.entries(requests)) {
    if (handler === "unsupported") continue;
    for (const name of Object.keys(handler.capabilities)) all.get(name).push(command);
  }
  return all;
}

/** Every capability of the protocol, in its order. */
export function known() {
  const types = readFileSync(
    new URL("../node_modules/@vscode/debugprotocol/lib/debugProtocol.d.ts", import.meta.url),
    "utf8",
  );
  const [, body] = /interface Capabilities \{([\s\S]*?)\n\t\}/.exec(types);
  return [...body.matchAll(/^\t\t(\w+)\?:/gm)].map(([, name]) => name);
}

/** Rows of capability, whether it is promised, and by which requests or why not. */
export function rows() {
  const promised = declared();
  return known().map((name) => {
    const commands = promised.get(name);
    if (commands === undefined) return [`\`${name}\``, "no", undeclared[name] ?? ""];
    return [`\`${name}\``, "yes", commands.map((command) => `\`${command}\``).join(", ")];
  });
}

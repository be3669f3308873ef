import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import type { Debugger } from "../../src/debugger/debugger.ts";
import type { DebuggerEvents } from "../../src/debugger/debugger-types.ts";
import type { LaunchConfiguration } from "./configuration.ts";

/** What a launch needs from whoever asked for it. */
export interface LaunchHooks {
  readonly events: DebuggerEvents;
  /** Starts `argv` in the client's terminal; absent when the client has none. */
  readonly runInTerminal?: (request: {
    readonly kind: "integrated" | "external";
    readonly title: string;
    readonly cwd: string;
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }) => Promise<void>;
}

/** A guest that stands before its first instruction, with its debugger. */
export interface Launched {
  readonly debugger: Debugger;
  readonly debugInfo: DebugInfo;
  /** The debuggee's operating system process. */
  readonly processId: number;
  /** Absolute path of the module. */
  readonly modulePath: string;
}

/**
 * Reads the module and its debug info, instruments it, starts the debuggee and loads the guest into it.
 *
 * Rejects with `MalformedError` (the module's bytes), `TargetError` (`invalid-module`, `missing-imports`,
 * `missing-export`, `launch-failed`) or a Node file error; no process is left then.
 */
export declare function launch(configuration: LaunchConfiguration, hooks: LaunchHooks): Promise<Launched>;

/** A launch configuration after checking: DESIGN's contract with every default filled in. Paths are absolute. */
export interface LaunchConfiguration {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** File for the guest's stdin. */
  readonly stdin?: string;
  /** Guest path → host folder. */
  readonly preopens: Readonly<Record<string, string>>;
  /** Export to call instead of `_start`. */
  readonly invoke?: string;
  readonly stopOnEntry: boolean;
  readonly noDebug: boolean;
  readonly console: "internalConsole" | "integratedTerminal" | "externalTerminal";
  readonly sourceFileMap: Readonly<Record<string, string>>;
  readonly symbols: readonly string[];
  readonly granularity: "source" | "instruction";
  readonly dataBreakpoints: boolean;
  readonly coredump?: { readonly onTrap?: string };
  readonly runtimeExecutable: string;
  readonly runtimeArgs: readonly string[];
  /** File for the trace of all messages. */
  readonly trace?: string;
}

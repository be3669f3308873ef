/** What a guest is given of the world. */
export interface WasiOptions {
  /** The whole command line, the program's name first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Guest path → host folder; a relative one counts from the process's working directory. */
  readonly preopens: Readonly<Record<string, string>>;
  /** Which streams libc is to take for terminals: it flushes those at every line. */
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
}

/** What the WASI host needs from whoever runs the guest. All calls come from inside guest imports, on the guest thread. */
export interface GuestConsole {
  /**
   * Bytes the guest printed, at least one; may block for back-pressure. Copies what it keeps: `bytes` may be a view
   * of the guest's memory (of a `SharedArrayBuffer` if that is shared) and holds for the call only.
   */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** Bytes available now on stdin: copies at most `into.length`; 0 when none are there now. `into` is such a view too. */
  readStdin(into: Uint8Array): number;
  /** "open" (more may come), "ready" (bytes are there), "closed" (no more bytes, ever). */
  stdinState(): "open" | "ready" | "closed";
  /**
   * Blocks until `ready()` is true or `timeoutMs` milliseconds, perhaps not whole, have passed (`undefined`: no limit).
   * Answers debugger requests in between: the guest can be paused in it, or ended, and then it does not return.
   * Returns whether `ready()` held.
   */
  wait(timeoutMs: number | undefined, ready: () => boolean): boolean;
  /** Ends the guest by unwinding; never returns. `code` has 32 bits, unsigned. */
  exit(code: number): never;
}

/** The command line asks for something there is not; `message` is one sentence. Ends with status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const help = `wasm-dap: a debugger for WebAssembly programs.

  wasm-dap                     serve the Debug Adapter Protocol on stdin and stdout
  wasm-dap --server=PORT       serve it on a TCP port; 0 takes any free one. Prints the port.
      --host ADDRESS             where to listen (127.0.0.1)
  wasm-dap run [OPTIONS] APP [-- ARGS]
                               run a program under the debugger, without an editor
      --break FILE:LINE          stop there; may be given more than once
      --on-stop LIST             what to show at a stop, separated by commas: bt (backtrace),
                                 locals, or expressions such as p->next->id
      --json                     one JSON object a line on stdout, for programs to read
      --map FROM=TO              sources below FROM in the debug info lie below TO here
      --dir HOST                 let the program use a folder, under the same name
      --preopen GUEST=HOST       let the program use a folder, under another name
      --env NAME=VALUE           set an environment variable of the program
      --stdin FILE               what the program reads (else what this command reads)
      --invoke NAME              call an export with ARGS instead of _start, and print its results
  wasm-dap core FILE           what a coredump holds (not supported yet)
  wasm-dap --version
  wasm-dap --help

\`run\` leaves stdout to the program and writes its own reports to stderr. At a trap it prints what
trapped, a backtrace with arguments, and local variables. It ends with the program's own status,
134 after a trap, 1 if the program cannot be started, 2 if the command line is wrong.
`;

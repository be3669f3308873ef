import { dialects, offsetBases } from "../../src/coredump/dialects.ts";

/** The command line asks for something there is not; `message` is one sentence. Ends with status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const dialectNames = dialects.map(({ name }) => name);
/** Names in lines that fit beside the options. */
const listed = (names: readonly string[]): string => {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 60) lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(name);
  }
  return lines.join(`,\n${" ".repeat(33)}`);
};

/** What `--help` prints. */
export const help = `wasm-dap: a debugger for WebAssembly programs.

  wasm-dap                     serve the Debug Adapter Protocol on stdin and stdout
  wasm-dap --server=PORT       serve it on a TCP port; 0 takes any free one. Prints the port.
      --host ADDRESS             where to listen (127.0.0.1)
  wasm-dap run [OPTIONS] APP [-- ARGS]
                               run a program under the debugger, without an editor
      --break PLACE[ if EXPR]    stop at FILE:LINE or in a function; may be given more than once
      --log FILE:LINE=TEXT       print TEXT there, with values for {EXPR}, and do not stop
      --on-stop LIST             what to show at a stop, separated by commas: bt (backtrace),
                                 locals, or expressions such as p->next->id
      --core PATH                write a coredump there at a trap: %p is the process's number,
                                 %t the time in seconds, %e the program's name
      --json                     one JSON object a line on stdout, for programs to read
      --map FROM=TO              sources below FROM in the debug info lie below TO here
      --dir HOST                 let the program use a folder, under the same name
      --preopen GUEST=HOST       let the program use a folder, under another name
      --env NAME=VALUE           set an environment variable of the program
      --stdin FILE               what the program reads (else what this command reads)
      --invoke NAME              call an export with ARGS instead of _start, and print its results
  wasm-dap core [OPTIONS] FILE...
                               what coredumps hold: why the program stopped, frames, variables
      --program APP              the .wasm file they are of (else it is looked for)
      --symbols PATH             a file with debug info, or a folder to look in; may be repeated
      --show LIST                expressions to show as well, separated by commas
      --dialect NAME             how the stacks are written (else found out):
                                 ${listed(dialectNames)}
      --code-offsets FROM        where offsets count from (else found out):
                                 ${listed(offsetBases)}
      --map FROM=TO              as for \`run\`
      --json                     one JSON object a line for each coredump
  wasm-dap --version
  wasm-dap --help

\`run\` leaves stdout to the program and writes its own reports to stderr. At a trap it prints what
trapped, a backtrace with arguments, and local variables. It ends with the program's own status,
134 after a trap, 1 if the program cannot be started, 2 if the command line is wrong.

\`core\` ends with 0 if there were symbols for every frame's module, 3 if there were not, 1 if a
coredump cannot be read, 2 if the command line is wrong.
`;

import { coreOptions } from "./core-options.ts";
import { debugOptions } from "./debug-options.ts";
import type { OptionGroup, OptionSpec } from "./options.ts";
import { runOptions } from "./run-options.ts";

/** What `--help` prints. */
export const help = `wasm-dap: a debugger for WebAssembly programs.

  wasm-dap                          serve the Debug Adapter Protocol on stdin and stdout
  wasm-dap --server=PORT            serve it on a TCP port; 0 takes any free one. Prints the port.
      --host ADDRESS                  where to listen (127.0.0.1)

  wasm-dap run APP [-- ARGS]        run a program under the debugger, without an editor
      --break PLACE[ if EXPR]         stop there and show it, then go on
      --log FILE:LINE=TEXT            print TEXT there, with values for {EXPR}
      --on-stop LIST                  what to show at a stop: bt, locals, expressions
      --core PATH, --json, --invoke NAME, --timeout SECONDS, --script FILE and more

  wasm-dap debug APP [-- ARGS]      debug a program on this terminal
  wasm-dap core FILE...             what coredumps hold: why the program stopped, frames, variables

  wasm-dap COMMAND --help           everything about a command
  wasm-dap --version
  wasm-dap --help

Try \`wasm-dap run app.wasm\`: a trap becomes a backtrace with source lines, arguments and locals.
`;

/** What a command's \`--help\` has to say. */
interface CommandHelp {
  readonly usage: string;
  readonly about: string;
  readonly options: readonly OptionGroup[];
  readonly examples: readonly string[];
  /** Statuses it ends with. */
  readonly statuses: readonly (readonly [string, string])[];
  readonly more?: string;
}

/** Statuses that any command which runs something ends with. */
const interrupted = ["130, 143, 129", "told to end by SIGINT, SIGTERM or SIGHUP"] as const;
const usage = ["2", "the command line or the script is wrong: nothing was run"] as const;

const commands: Readonly<Record<string, CommandHelp>> = {
  run: {
    usage: "wasm-dap run [OPTIONS] APP [-- ARGS]",
    about: `Runs a program under the debugger and tells what happens. stdout is the program's; what the debugger
says goes to stderr. At a trap it prints what trapped, a backtrace with arguments, and local variables.`,
    options: runOptions,
    examples: [
      "wasm-dap run app.wasm -- --verbose input.txt",
      "wasm-dap run app.wasm --break 'parse.c:120 if depth > 3' --on-stop 'bt,locals,token->text'",
      "wasm-dap run app.wasm --log 'parse.c:98=token {token->text} at depth {depth}'",
      "wasm-dap run app.wasm --annotate github --core 'core.%p.wasm' --timeout 60",
      "wasm-dap run app.wasm --script parse.session",
    ],
    statuses: [
      ["0–255", "the program's own status, or what a script came to: 0 or 1"],
      ["134", "the program trapped, or nobody caught its exception"],
      ["124", "the time was up"],
      ["1", "the program cannot be started, or a script failed"],
      usage,
      interrupted,
      ["141", "nobody reads the output any more"],
    ],
  },
  debug: {
    usage: "wasm-dap debug [OPTIONS] APP [-- ARGS]",
    about: `Debugs a program on this terminal, with the commands that users of gdb have in their fingers: break, run,
bt, print, next, step, finish, list, x, disas, core. \`help\` lists them. While the program runs, what is
typed is its input, Ctrl-C pauses it and Ctrl-D ends its input. Commands may come from a pipe as well.`,
    options: debugOptions,
    examples: [
      "wasm-dap debug app.wasm",
      "wasm-dap debug -e 'break parse' -e run app.wasm -- input.txt",
      "printf 'break parse\\nrun\\nbt\\n' | wasm-dap debug app.wasm",
    ],
    statuses: [
      ["0", "the session is over"],
      ["1", "the program cannot be loaded, or a command from a pipe failed"],
      usage,
      interrupted,
    ],
    more: `Lines typed are kept in $XDG_STATE_HOME/wasm-dap/history where that variable is set, or in
~/.local/state/wasm-dap/history where that folder exists; else nowhere.`,
  },
  core: {
    usage: "wasm-dap core [OPTIONS] FILE...",
    about: `Tells what coredumps hold, whoever has written them: why the program stopped, its threads and frames with
source lines, arguments and locals.`,
    options: coreOptions,
    examples: [
      "wasm-dap core core.1234.wasm",
      "wasm-dap core --program app.wasm --show 'list->head,count' core.wasm",
    ],
    statuses: [
      ["0", "there were symbols for every frame's module"],
      ["3", "there were not"],
      ["1", "a coredump cannot be read"],
      ["2", "the command line is wrong"],
    ],
  },
};

/** What `wasm-dap COMMAND --help` prints. */
export function helpOf(command: keyof typeof commands): string {
  const found = commands[command];
  if (!found) throw new Error(`no help for ${command}`);
  const sections = [
    `usage: ${found.usage}`,
    found.about,
    ...found.options.map(({ title, options }) => [`${title}:`, ...options.flatMap(optionLines)].join("\n")),
    ["Examples:", ...found.examples.map((example) => `  ${example}`)].join("\n"),
    ["Ends with status:", ...found.statuses.map(([status, what]) => `  ${status.padEnd(15)} ${what}`)].join(
      "\n",
    ),
    ...(found.more === undefined ? [] : [found.more]),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Where what an option is for begins, and where its line ends. */
const textColumn = 28;
const width = 100;

function optionLines({ name, short, value, isMany, about }: OptionSpec): string[] {
  const head = `  ${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
  const text = isMany === true ? `${about}; may be repeated` : about;
  const lines = wrapped(text, width - textColumn);
  if (head.length >= textColumn - 1) return [head, ...lines.map((line) => " ".repeat(textColumn) + line)];
  return lines.map((line, at) => (at === 0 ? head.padEnd(textColumn) : " ".repeat(textColumn)) + line);
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

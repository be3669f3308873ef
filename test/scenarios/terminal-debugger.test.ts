import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { debugInteractively } from "../../adapter/cli/console/interactive.ts";
import { readDebugOptions } from "../../adapter/cli/debug-options.ts";
import { launch } from "../../adapter/launch/launch.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

const map = `--map=/build=${fromRoot("test/fixtures")}`;
const steps = fixture("steps", "dwarf5.O0");
const traps = fixture("traps", "dwarf5.O0");
const words = fixture("example-c", "app");
const lineOf = (marker: string): number => steps.markers().lineOf(marker);

/** Types commands into a pipe; answers what each came to, by its number, and the status. */
function debug(
  path: string,
  commands: readonly string[],
  options: readonly string[] = [],
  args: readonly string[] = [],
) {
  const { status, stdout, stderr } = runWasmDap(["debug", map, ...options, path, "--", ...args], {
    input: `${commands.join("\n")}\n`,
  });
  const [loaded = "", ...answers] = stdout.split(/^\(wasm-dap\) .*\n/m);
  return { status, stderr, loaded, answers };
}

describe("wasm-dap debug with commands from a pipe", () => {
  it("shows each command and what came of it, and ends the program with its last", () => {
    const { stdout, stderr, status } = runWasmDap(["debug", map, steps.path], {
      input: `break square\nrun\nprint x\n`,
    });
    const line = lineOf("square-body");
    assert.match(
      stdout,
      new RegExp(
        String.raw`^Loaded [^\n]*: DWARF 4 and 5, \d+ units\n\(wasm-dap\) break square\nBreakpoint 1 at square\n\(wasm-dap\) run\n\nBreakpoint 1, square\(x=3\) at test/fixtures/steps/steps\.c:${line}:\d+\n +${line} \| .*\n\(wasm-dap\) print x\nx = 3\n$`,
      ),
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
  });

  it("steps over, into and out of calls, and says when the program has ended", () => {
    const { answers, status } = debug(steps.path, [
      `tbreak steps.c:${lineOf("calls-first")}`,
      "run",
      "step",
      "",
      "finish",
      "next 2",
      "continue",
      "next",
    ]);
    assert.match(answers[1] ?? "", /^\nBreakpoint 1, calls\(\) at /);
    assert.match(answers[2] ?? "", /^\nStep, square\(x=3\) at /);
    assert.match(answers[3] ?? "", new RegExp(`^ +${lineOf("square-return")} \\|`));
    assert.match(answers[4] ?? "", /^\nStep, calls\(\) at /);
    assert.match(answers[6] ?? "", /total 772\nThe program ended with status 0\n$/);
    assert.equal(answers[7], "The program has ended: `run` starts it again.\n");
    assert.equal(status, 1);
  });

  it("walks the stack and looks at each frame's variables", () => {
    const { answers } = debug(steps.path, [
      `break steps.c:${lineOf("fib-return")} if n == 3`,
      "run",
      "bt 2",
      "info args",
      "info locals",
      "up",
      "p n",
      "down 5",
      "down",
      "frame 99",
      "bt -1",
    ]);
    assert.match(
      answers[2] ?? "",
      /^#0 .* fib\(n=3\) at .*\n#1 .* fib\(n=4\) at .*\n {4}\.\.\. \d+ more frames \.\.\.\n$/,
    );
    assert.equal(answers[3], "n = 3\n");
    assert.equal(answers[4], "left = 1\nright = 1\n");
    assert.match(answers[5] ?? "", /^#1 .* fib\(n=4\) at .*\n +\d+ \|/);
    assert.equal(answers[6], "n = 4\n");
    assert.match(answers[7] ?? "", /^#0 .* fib\(n=3\)/);
    assert.equal(answers[8], "This is the innermost frame.\n");
    assert.match(answers[9] ?? "", /^There is no frame 99: they go from 0 to \d\.\n$/);
    assert.match(answers[10] ?? "", /^#\d {2}0x[0-9a-f]{8} _start\.command_export\n$/);
  });

  it("prints in formats, changes variables and shows expressions at every stop", () => {
    const { answers } = debug(words.path, [
      "break words.c:28",
      "run",
      "p/x tree->count + 30",
      "p/t 10",
      "p/c 65",
      "p/q 1",
      "display line",
      "set var line = 9",
      "p line",
      "next",
      "undisplay 1",
      "display",
      "p nothing",
      "set tree = ",
      "expand *tree",
    ]);
    assert.equal(answers[2], "tree->count + 30 = 0x1f\n");
    assert.equal(answers[3], "10 = 0b1010\n");
    assert.equal(answers[4], "65 = 'A'\n");
    assert.equal(answers[5], "There is no format `q`: there are x, d, o, t, c, s, r.\n");
    assert.equal(answers[6], "1: line = 1\n");
    assert.equal(answers[7], "line = 9\n");
    assert.equal(answers[8], "line = 9\n");
    assert.match(answers[9] ?? "", /\n {4}line = 9\n$/);
    assert.equal(answers[11], "Nothing is displayed: `display EXPR` adds something.\n");
    assert.match(answers[12] ?? "", /there is no variable `nothing` here/i);
    assert.match(answers[13] ?? "", /^Expected EXPR = VALUE/);
    assert.match(
      answers[14] ?? "",
      /^\*tree = .*\n {2}text = "the"\n {2}count = 1\n {2}places = 0x\w+\n {4}line = 9\n/,
    );
  });

  it("tells types, and what a function has returned", () => {
    const calls = fixture("calls", "dwarf5.O0");
    const { answers } = debug(calls.path, [
      "break total",
      "run",
      "finish",
      "p $returned + 1",
      "whatis s->at",
      "ptype settings",
      "ptype enum color",
      "ptype point *",
      "whatis numbers[0] * 2.5",
      "ptype",
    ]);
    assert.match(answers[2] ?? "", /\n\$returned = 31\n$/);
    assert.equal(answers[3], "$returned + 1 = 32\n");
    assert.equal(answers[4], "struct point *\n");
    assert.equal(
      answers[5],
      [
        "struct settings { // 32 bytes",
        "    unsigned int low : 3; // at 0",
        "    int high : 5; // at 0",
        "    enum color color; // at 4",
        "    char name[8]; // at 8",
        "    double ratio; // at 16",
        "    struct point *at; // at 24",
        "}\n",
      ].join("\n"),
    );
    assert.equal(answers[6], "enum color { // 4 bytes\n    RED,\n    GREEN = 5,\n    BLUE,\n}\n");
    assert.equal(answers[7], "struct point { // 8 bytes\n    int x; // at 0\n    int y; // at 4\n} *\n");
    assert.equal(answers[8], "double\n");
    assert.match(answers[9] ?? "", /^`ptype` needs an expression or a type/);
  });

  it("shows memory in units, as text and as instructions, and goes on where it ended", () => {
    const { answers } = debug(words.path, [
      "break words.c:28",
      "run",
      "x/s text",
      "x/4xb text",
      "",
      "x/2dw &line",
      "x/3i",
      "x/4xw 0xffffff00",
      "x/9zz 1",
    ]);
    assert.match(answers[2] ?? "", /^0x[0-9a-f]{8}: {2}"the"\n$/);
    assert.match(answers[3] ?? "", /^0x[0-9a-f]{8}: {2}0x74 {2}0x68 {2}0x65 {2}0x00\n$/);
    assert.notEqual(answers[4], answers[3]);
    assert.match(answers[4] ?? "", /^0x[0-9a-f]{8}: {2}0x[0-9a-f]{2} /);
    assert.match(answers[5] ?? "", /^0x[0-9a-f]{8}: {2}1 {2}-?\d+\n$/);
    assert.match(answers[6] ?? "", /^add_word:\n=> 0x[0-9a-f]{8} +local\.get 3\n {3}0x[0-9a-f]{8} /);
    assert.equal(answers[7], "There is no memory at 0xffffff00.\n");
    assert.match(answers[8] ?? "", /^Expected a count, a format of .* but found `9zz`\.\n$/);
  });

  it("lists sources and disassembles functions", () => {
    const { answers } = debug(words.path, [
      "list",
      "list",
      "list -",
      "list words.c:1",
      "list 3,5",
      "list kind_of",
      "disas kind_of",
      "list nowhere.c:3",
      "info functions place",
      "info sources",
      "info program",
    ]);
    assert.match(answers[0] ?? "", /^ +\d+ \|.*\n(?:.*\n)* +60 \| {5}const char \*text = /);
    assert.notEqual(answers[1], answers[0]);
    assert.match(answers[3] ?? "", /^ {6}1 \| #include "words\.h"\n/);
    assert.match(answers[4] ?? "", /^ {6}3 \|.*\n {6}4 \|.*\n {6}5 \|.*\n$/);
    assert.match(answers[5] ?? "", /enum kind kind_of\(const struct word \*word\)/);
    assert.match(
      answers[6] ?? "",
      /^kind_of:\n {3}0x[0-9a-f]{8} {2}.*\n(?:.*\n)* {3}0x[0-9a-f]{8} {2}end\n$/,
    );
    assert.match(answers[7] ?? "", /^The program has no source nowhere\.c/);
    assert.match(
      answers[8] ?? "",
      /^add_place at examples\/c\/words\.c:9\n.*print_places at examples\/c\/main\.c:\d+\n/s,
    );
    assert.match(answers[9] ?? "", /^examples\/c\/words\.c$/m);
    assert.match(answers[10] ?? "", /\nIt has not been started\.\n$/);
  });

  it("keeps breakpoints with their conditions and counts, and over runs", () => {
    const line = lineOf("fib-return");
    const { answers } = debug(steps.path, [
      `break steps.c:${line} if n > 4`,
      "tbreak main",
      "log square=square of {x}",
      "run",
      "info breakpoints",
      "continue",
      "condition 1 n == 6",
      "c",
      "hits 1 2",
      "disable 1",
      "info b",
      "c",
      "delete 3",
      "enable",
      "run",
      "info b",
      "delete 7",
    ]);
    assert.match(answers[3] ?? "", /^\nBreakpoint 2, main\(\)/);
    assert.equal(answers[4], `1   steps.c:${line} if n > 4\n3   square says square of {x}\n`);
    assert.match(answers[5] ?? "", /square of \d+\n(?:.*\n)*Breakpoint 1, fib\(n=5\)/);
    assert.match(answers[7] ?? "", /Breakpoint 1, fib\(n=6\)/);
    assert.match(answers[10] ?? "", /^1 {3}steps\.c:\d+ if n == 6 hit 2 \(disabled\), hit 2 times\n/);
    assert.match(answers[11] ?? "", /The program ended with status 0/);
    assert.match(answers[14] ?? "", /Loaded .*\ntotal 772\nThe program ended with status 0\n$/);
    assert.equal(answers[16], "There is no breakpoint 7: `info breakpoints` lists them.\n");
  });

  it("steps by instruction, and says where it stands and what keeps it from standing everywhere", () => {
    const commands = ["break words.c:28", "run", "stepi", "nexti"];
    const exact = debug(words.path, commands, ["--granularity", "instruction"]).answers;
    assert.match(exact[2] ?? "", /^ {3}28 \|.*\n=> 0x000007b7 +i32\.load offset=12\n$/);
    assert.match(exact[3] ?? "", /^ {3}28 \|.*\n=> 0x000007ba +i32\.load offset=24\n$/);
    const coarse = debug(words.path, commands).answers;
    assert.match(
      coarse[2] ?? "",
      /^The program can be stopped at statements only: `--granularity instruction`/,
    );
    assert.doesNotMatch(coarse[3] ?? "", /statements only/);
  });

  it("ends a program that runs, and says where there is none to end or to step", () => {
    const { answers } = debug(words.path, ["kill", "stepi", "break add_word", "run", "kill", "run"]);
    assert.equal(answers[0], "The program does not run.\n");
    assert.equal(answers[1], "The program has not been started: `run` starts it.\n");
    assert.match(answers[4] ?? "", /^The program has been ended\.\nLoaded /);
    assert.match(answers[5] ?? "", /^\nBreakpoint 1, add_word\(/);
  });

  it("runs until a place, or until a loop is left", () => {
    const { answers } = debug(words.path, [
      "break add_text",
      "run",
      "until words.c:46",
      "delete",
      "until 49",
      "until",
    ]);
    assert.match(answers[2] ?? "", /^ {3}46 \|/);
    assert.match(answers[4] ?? "", /^ {3}49 \|/);
    assert.match(answers[5] ?? "", /^ {3}51 \|/);
  });

  it("stops at a trap with a backtrace, where it looks at the user's own frame, and writes a coredump", () => {
    inTemporaryFolder({}, (folder) => {
      const core = join(folder, "here.core");
      const { answers } = debug(traps.path, ["run", "p numerator", `core ${core}`, "c"], [], ["divide"]);
      assert.match(answers[0] ?? "", /^\nTrap: divide by zero: .*\n(?:.*\n)*#1 .*main\(/);
      assert.equal(answers[1], "numerator = 42\n");
      assert.match(answers[2] ?? "", /^Coredump written to .*here\.core \(\d+ bytes\)/);
      assert.match(answers[3] ?? "", /The program ended with status 134/);
      const told = runWasmDap(["core", map, "--program", traps.path, core]);
      assert.match(told.stdout, /trap_divide\(numerator=42\)/);
    });
  });

  it("gives the program lines to read by commands", () => {
    const { path } = fixture("hello", "dwarf5.O0");
    const given = debug(path, ["input one", "input two", "eof", "run"]);
    assert.match(given.answers[3] ?? "", /line 1: one\nline 2: two\n/);
    const none = debug(path, ["run"]);
    assert.match(none.answers[0] ?? "", /The program ended with status/);
    assert.doesNotMatch(none.answers[0] ?? "", /line 1/);
  });

  it("takes commands from the command line first, and arguments from `run`", () => {
    const { path } = fixture("hello", "dwarf5.O0");
    const { stdout, status } = runWasmDap(
      ["debug", "-e", "echo hi", "-e", 'run "a b" 3', "-e", "quit", path],
      {
        input: "echo never\n",
      },
    );
    assert.match(stdout, /\(wasm-dap\) echo hi\nhi\n/);
    assert.match(stdout, /argument 1: a b\nargument 2: 3\n/);
    assert.doesNotMatch(stdout, /never/);
    assert.equal(status, 0);
  });

  it("says in one sentence what it cannot do", () => {
    const { answers, status } = debug(steps.path, [
      "brek",
      "zzzzzzz",
      "d",
      "print x",
      "break a b.c",
      "info nothing",
      "next many",
      "core",
      "42",
    ]);
    assert.equal(answers[0], "There is no command `brek`. Did you mean `break`?\n");
    assert.equal(answers[1], "There is no command `zzzzzzz`. `help` lists them.\n");
    assert.equal(answers[3], "The program has not been started: `run` starts it.\n");
    assert.match(
      answers[4] ?? "",
      /^Expected FILE:LINE, LINE, FUNCTION or \*OFFSET, but found `a b\.c`\.\n$/,
    );
    assert.match(answers[5] ?? "", /^`info` is followed by one of breakpoints, locals/);
    assert.equal(answers[6], "Expected how many times, a number from 1, but found `many`.\n");
    assert.equal(answers[7], "The program has not been started: `run` starts it.\n");
    assert.equal(answers[8], "`42` is no command: `help` lists them.\n");
    assert.equal(status, 1);
  });

  it("tells about every command, in lines that fit a terminal", () => {
    const { answers } = debug(steps.path, ["help", "help x", "help nope"]);
    for (const name of ["break", "tbreak", "until", "finish", "disassemble", "x", "core", "info", "quit"]) {
      assert.match(answers[0] ?? "", new RegExp(`^  ${name}\\b`, "m"));
    }
    assert.ok((answers[0] ?? "").split("\n").every((line) => line.length <= 110));
    assert.match(answers[1] ?? "", /^x \[\/COUNT FORMAT SIZE\] \[ADDRESS\]\nShow memory\. /);
    assert.match(answers[2] ?? "", /^There is no command `nope`/);
  });

  it("ends with one sentence and status 1 for a program that cannot be loaded", () => {
    const { status, stderr, stdout } = runWasmDap(["debug", "package.json"]);
    assert.equal(status, 1);
    assert.match(stderr, /^[^\n]*is not a WebAssembly module[^\n]*\n$/);
    assert.equal(stdout, "");
  });
});

/** A session at a terminal that a test types into. */
class Typist {
  readonly #input = Object.assign(new PassThrough(), { isTTY: true });
  readonly #output = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  readonly done: Promise<number>;
  #text = "";
  #waiting: (() => void) | undefined;
  #leave: () => void = () => {};
  readonly #left = new Promise<number>((resolve) => {
    this.#leave = () => resolve(143);
  });

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#output.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString();
      this.#waiting?.();
    });
    this.done = debugInteractively(readDebugOptions(args, fromRoot()), {
      ...{ launch, stdin: this.#input, stdout: this.#output, stderr: this.#output },
      env: { NO_COLOR: "1", ...env },
      interrupted: this.#left,
      onInterrupt: () => {},
    });
  }

  /** Goes away, whatever the session does; no program is left then. */
  async leave(): Promise<void> {
    this.#leave();
    await this.done;
  }

  type(keys: string): void {
    this.#input.write(keys);
  }

  /** Waits for a text that has not been waited for; answers everything up to its end. */
  async see(wanted: string): Promise<string> {
    const limit = AbortSignal.timeout(30_000);
    while (!this.#text.includes(wanted)) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting = resolve;
        limit.onabort = () =>
          reject(new Error(`no ${JSON.stringify(wanted)} in ${JSON.stringify(this.#text)}`));
      });
    }
    const end = this.#text.indexOf(wanted) + wanted.length;
    const seen = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return seen;
  }
}

const prompt = "(wasm-dap) ";
const controlC = "\u0003";
const controlD = "\u0004";

describe("wasm-dap debug at a terminal", () => {
  const { path } = fixture("stdinwait", "dwarf5.O0");
  const users: Typist[] = [];
  const sit = (args: readonly string[], env?: NodeJS.ProcessEnv): Typist => {
    const user = new Typist(args, env);
    users.push(user);
    return user;
  };

  afterEach(async () => {
    for (const user of users.splice(0)) await user.leave();
  });

  it("gives what is typed to the program while it runs, pauses it at Ctrl-C and ends its input at Ctrl-D", async () => {
    const user = sit([map, path]);
    await user.see(prompt);
    user.type("run\r");
    await user.see("waiting");
    user.type("hello\r");
    await user.see("1: hello");
    user.type(controlC);
    assert.match(await user.see(prompt), /Pause, /);
    user.type("run\r");
    await user.see("waiting");
    user.type("again\r");
    await user.see("1: again");
    user.type(controlD);
    await user.see("end of input");
    await user.see("The program ended with status 0");
    await user.see(prompt);
    user.type(controlD);
    assert.equal(await user.done, 0);
  });

  it("completes commands, places and members", async () => {
    const user = sit([words.path]);
    await user.see(prompt);
    user.type("tbr");
    user.type("\t");
    await user.see("tbreak ");
    user.type("add_w");
    user.type("\t");
    await user.see("add_word");
    user.type("\rrun\r");
    await user.see("Breakpoint 1, add_word");
    await user.see(prompt);
    user.type("finish\r");
    await user.see("add_text(");
    await user.see(prompt);
    user.type("p tree->pla");
    user.type("\t");
    await user.see("places");
    user.type("\r");
    await user.see("tree->places = ");
    await user.see(prompt);
    user.type("quit\r");
    assert.equal(await user.done, 0);
  });

  it("keeps what was typed where that is wanted, and nowhere else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wasm-dap-test-"));
    try {
      const user = sit([path], { XDG_STATE_HOME: folder });
      await user.see(prompt);
      user.type("echo kept\r");
      await user.see("kept");
      await user.see(prompt);
      user.type("quit\r");
      await user.done;
      assert.equal(readFileSync(join(folder, "wasm-dap", "history"), "utf8"), "echo kept\nquit\n");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { executable, gone } from "../support/dap-client.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

/** Runs the executable to its end. */
function wasmDap(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    ...{ input, encoding: "utf8", cwd: fromRoot(), timeout: 60_000 },
  });
  return { status, stdout, stderr };
}

const steps = fixture("steps", "dwarf5.O0");
const traps = fixture("traps", "dwarf5.O0");
const map = `--map=/build=${fromRoot("test/fixtures")}`;
/** A report without the offsets and addresses that another linker would place elsewhere. */
const plain = (text: string) => text.replaceAll(/0x[0-9a-f]{8}/g, "0x????????");

describe("wasm-dap on the command line", () => {
  it("prints its version and its help", () => {
    const { version } = JSON.parse(readFileSync(fromRoot("package.json"), "utf8"));
    assert.deepEqual(wasmDap(["--version"]), { status: 0, stdout: `${version}\n`, stderr: "" });
    const help = wasmDap(["--help"]);
    assert.equal(help.status, 0);
    for (const option of [
      "--server=PORT",
      "--break PLACE[ if EXPR]",
      "--log FILE:LINE=TEXT",
      "--on-stop",
      "--json",
      "--invoke",
    ]) {
      assert.ok(help.stdout.includes(option), option);
    }
    assert.ok(help.stdout.split("\n").every((line) => line.length <= 100));
    for (const command of ["run", "debug", "core"]) {
      const { status, stdout } = wasmDap([command, "--help"]);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^usage: wasm-dap ${command} \\[OPTIONS\\] `));
      assert.ok(
        stdout.split("\n").every((line) => line.length <= 110),
        command,
      );
    }
  });

  const wrong: readonly [readonly string[], RegExp][] = [
    [["frobnicate"], /There is no command `frobnicate`/],
    [["--frobnicate"], /Unknown option '--frobnicate'/],
    [["--server=http"], /`--server` must be a port from 0 to 65535, but is `http`/],
    [["--server=70000"], /but is `70000`/],
    [["--host=::1"], /`--host` needs `--server=PORT`/],
    [["core"], /`core` needs a coredump to read/],
    [["core", "a.core", "--dialect", "x"], /`coredump\.dialect` must be one of standard, wasm-edit/],
    [["core", "a.core", "--code-offsets", "x"], /`coredump\.codeOffsets` must be one of body, instructions/],
    [["rnu"], /There is no command `rnu`\. Did you mean `run`\?/],
    [["app.wasm"], /To run a program: `wasm-dap run app\.wasm`/],
    [["debug"], /`debug` needs the \.wasm file to run/],
    [["run", "--brake", "main", "a.wasm"], /Unknown option '--brake'\. Did you mean `--break`\?/],
    [
      ["run", "a.wasm", "--timeout", "soon"],
      /`--timeout` must be seconds, such as 10 or 0\.5, but is `soon`/,
    ],
    [["run", "a.wasm", "--timeout", "0"], /but is `0`/],
    [["run", "a.wasm", "--annotate", "gitlab"], /`--annotate` must be github, but is `gitlab`/],
    [["run", "a.wasm", "--quiet", "--verbose"], /`--quiet` and `--verbose` exclude each other/],
    [
      ["run", "a.wasm", "--granularity", "tiny"],
      /`--granularity` must be "source" or "instruction", but is "tiny"/,
    ],
    [["run", "a.wasm", "--script", "no.session"], /There is no script no\.session/],
    [["run", "a.wasm", "--script", "s", "--break", "f"], /`--script` says itself where to stop/],
    [["run"], /`run` needs the \.wasm file to run/],
    [["run", "a.wasm", "b.wasm"], /also `b\.wasm`: arguments of the program follow `--`/],
    [["run", "--frob", "a.wasm"], /Unknown option '--frob'/],
    [
      ["run", "a.wasm", "--break", "a.c"],
      /`--break` must be FILE:LINE with a line from 1, or a function, but/,
    ],
    [["run", "a.wasm", "--break", "a.c:0"], /but is `a\.c:0`/],
    [
      ["run", "a.wasm", "--log", "a.c:3"],
      /`--log` must be FILE:LINE=TEXT with a line from 1, but is `a\.c:3`/,
    ],
    [["run", "a.wasm", "--env", "A"], /`--env` must be NAME=VALUE, but is `A`/],
    [["run", "a.wasm", "--map", "A"], /`--map` must be FROM=TO/],
  ];
  for (const [args, sentence] of wrong) {
    it(`refuses \`${args.join(" ")}\` in one sentence, with status 2`, () => {
      const { status, stdout, stderr } = wasmDap(args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    });
  }

  it("says why it cannot listen", async () => {
    const first = spawn(process.execPath, [executable, "--server=0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(first.stdout, "data");
    assert.match(String(line), /^\d+\n$/);
    const { status, stderr } = wasmDap([`--server=${String(line).trim()}`]);
    assert.equal(status, 1);
    assert.match(stderr, /^wasm-dap: cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\n$/);
    first.kill("SIGTERM");
    assert.deepEqual(await once(first, "exit"), [0, null]);
  });
});

describe("wasm-dap run", () => {
  it("runs a program as it is: its output, its input, its status", () => {
    const { path } = fixture("hello", "dwarf5.O0");
    const run = wasmDap(["run", "--env", "GREETING=hi", path, "--", "7", "--json"], "one\ntwo\n");
    assert.equal(run.status, 7);
    assert.match(
      run.stdout,
      /^argument 0: [^\n]*\nargument 1: 7\nargument 2: --json\nGREETING=hi\nline 1: one\nline 2: two\n$/,
    );
    assert.equal(run.stderr, "2 lines\n");
  });

  it("reads a file for the program's input, and gives it folders", () => {
    const { path } = fixture("hello", "dwarf5.O0");
    inTemporaryFolder({ "in.txt": "from a file\n" }, (folder) => {
      assert.match(wasmDap(["run", "--stdin", `${folder}/in.txt`, path]).stdout, /line 1: from a file\n$/);
    });
  });

  it("stops at breakpoints, shows what it was told to, and goes on", () => {
    const line = steps.markers().lineOf("fib-return");
    const run = wasmDap([
      "run",
      map,
      "--break",
      `steps.c:${line}`,
      "--on-stop",
      "bt,locals,left * 10",
      steps.path,
    ]);
    assert.equal(run.status, 0);
    assert.equal(run.stdout, "total 772\n");
    const [set, ...stops] = run.stderr.split("\n\n");
    assert.equal(set, `Breakpoint 1 at steps.c:${line}`);
    assert.equal(stops.length, 12);
    const at = (marker: string) => steps.markers().lineOf(marker);
    assert.equal(
      plain(stops[0] ?? ""),
      [
        `Breakpoint 1, fib(n=2) at test/fixtures/steps/steps.c:${line}:12`,
        `   ${line} |     return left + right; /* @stop:fib-return */`,
        `#0  0x???????? fib(n=2) at test/fixtures/steps/steps.c:${line}:12`,
        ...[3, 4, 5, 6].map(
          (n, i) => `#${i + 1}  0x???????? fib(n=${n}) at test/fixtures/steps/steps.c:${at("fib-left")}:16`,
        ),
        `#5  0x???????? main() at test/fixtures/steps/steps.c:${at("main-fib")}:14`,
        "#6  0x???????? _start() at build/libc-bottom-half/crt/crt1-command.c:12:13",
        "#7  0x???????? _start.command_export",
        "    n         = 2",
        "    left      = 1",
        "    right     = 0",
        "    left * 10 = 10",
      ].join("\n"),
    );
  });

  it("stops in functions and where a condition is true, and logs", () => {
    const line = steps.markers().lineOf("fib-return");
    const args = ["--break", `steps.c:${line} if left == 3`, "--break", "square if x > 3"];
    const run = wasmDap([
      "run",
      map,
      ...args,
      "--log",
      `steps.c:${line}=fib of {n}: {left + right}`,
      steps.path,
    ]);
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /^Breakpoint \d at square$/m);
    assert.equal(run.stderr.match(/^Breakpoint \d, fib\(n=5\)/gm)?.length, 1);
    assert.match(run.stderr, /^Breakpoint \d, square\(x=9\)/m);
    assert.doesNotMatch(run.stderr, /square\(x=3\)/);
    assert.equal(run.stderr.match(/^fib of 2: 1$/gm)?.length, 5);
    assert.match(run.stderr, /^fib of 6: 8$/m);
  });

  it("says why a breakpoint is not set, and where one went", () => {
    const comment = steps.markers().lineOf("comment-line");
    const run = wasmDap([
      "run",
      "--break",
      "other.c:1",
      "--break",
      "steps.c:9999",
      "--break",
      `steps.c:${comment}`,
      steps.path,
    ]);
    assert.equal(run.status, 0);
    assert.match(run.stderr, /^Breakpoint 1 at other\.c:1 is not set: \w/m);
    assert.match(run.stderr, /^Breakpoint 2 at steps\.c:9999 is not set: \w/m);
    assert.match(
      run.stderr,
      new RegExp(`^Breakpoint 3 at steps\\.c:${steps.markers().lineOf("main-print")}`, "m"),
    );
    const stripped = wasmDap(["run", "--break", "hello.c:3", fixture("hello", "stripped.O0").path]);
    assert.match(stripped.stderr, /^Breakpoint 1 at hello\.c:3 is not set: .*-g/m);
  });

  it("reports a trap with its kind, a backtrace with arguments, and locals; status 134", () => {
    const line = traps.markers().lineOf("divide");
    const run = wasmDap(["run", map, traps.path, "--", "divide"]);
    assert.equal(run.status, 134);
    assert.equal(run.stdout, "");
    const at = `test/fixtures/traps/traps.c:${line}:22`;
    const lines = plain(run.stderr).trim().split("\n");
    assert.equal(
      lines[0],
      `Trap: divide by zero: i32.div_s divides 42 by 0, in trap_divide(numerator=42) at ${at}`,
    );
    assert.equal(lines[1], `   ${line} |     return numerator / denominator; /* @stop:divide */`);
    assert.equal(lines[2], `#0  0x???????? trap_divide(numerator=42) at ${at}`);
    assert.match(
      lines[3] ?? "",
      /^#1 {2}0x\?{8} main\(argc=2, argv=0x\?{8}\) at test\/fixtures\/traps\/traps\.c:\d+:20$/,
    );
    assert.deepEqual(lines.slice(-2), ["    numerator   = 42", "    denominator = 0"]);
  });

  it("shows of a trap in a library the caller's variables, and of a deep stack both ends", () => {
    const abort = wasmDap(["run", map, traps.path, "--", "abort"]);
    assert.equal(abort.status, 134);
    assert.match(
      abort.stderr,
      /\nIn #1 trap_abort\(code=42\) at test[^\n]*\n +\d+ \| +abort\(\);[^\n]*\n {4}code {3}= 42\n/,
    );
    const deep = wasmDap(["run", map, traps.path, "--", "stack"]);
    assert.equal(deep.status, 134);
    assert.match(deep.stderr, /\n {4}\.\.\. \d+ more frames \.\.\.\n/);
    assert.match(deep.stderr, / main\(/);
    assert.ok(deep.stderr.split("\n").length < 60);
  });

  it("calls an export with numbers and prints its results", () => {
    const { path } = fixture("reactor", "dwarf5.O0");
    assert.deepEqual(wasmDap(["run", "--invoke", "fib", path, "--", "20"]), {
      status: 0,
      stdout: "6765\n",
      stderr: "",
    });
    assert.equal(
      wasmDap(["run", "--invoke", "mul64", path, "--", "5000000000", "3"]).stdout,
      "15000000000\n",
    );
  });

  it("says of a library that nothing of it is called, and what could be", () => {
    const { status, stderr } = wasmDap(["run", fixture("reactor", "dwarf5.O0").path]);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^The program is a library, and only initialised: name what to call as "invoke"\. It exports .*\bfib\b.*\.\n$/,
    );
  });

  it("says in one sentence why a program cannot be run; status 1", () => {
    const bad: readonly [readonly string[], RegExp][] = [
      [["no-such-file.wasm"], /^There is no file .*no-such-file\.wasm/],
      [["package.json"], /is not a WebAssembly module/],
      [["src"], /is a folder/],
      [[fixture("imports", "dwarf5.O0").path], /env\.foo.*env\.bar/],
      [["--invoke", "nope", fixture("reactor", "dwarf5.O0").path], /nope/],
    ];
    for (const [args, sentence] of bad) {
      const { status, stdout, stderr } = wasmDap(["run", ...args]);
      assert.equal(status, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    }
  });

  it("writes one JSON object a line for programs to read", () => {
    const line = steps.markers().lineOf("square-return");
    const run = wasmDap([
      "run",
      "--json",
      map,
      "--break",
      `steps.c:${line}`,
      "--on-stop",
      "locals,x,nope",
      steps.path,
    ]);
    assert.equal(run.status, 0);
    assert.equal(run.stderr, "");
    const events = run.stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    assert.deepEqual(events[0], {
      event: "loaded",
      program: steps.path,
      debugInfo: "DWARF 4 and 5, 36 units",
    });
    assert.deepEqual(events[1], { event: "breakpoint", id: 1, file: "steps.c", line, verified: true });
    const { frame, ...stop } = events[2];
    assert.deepEqual(stop, {
      event: "stopped",
      reason: "breakpoint",
      breakpoints: [1],
      locals: [
        { name: "x", type: "int", value: "3" },
        { name: "result", type: "int", value: "9" },
      ],
      values: [
        { expression: "x", type: "int", value: "3" },
        { expression: "nope", error: stop.values[1].error },
      ],
    });
    assert.deepEqual([frame.function, frame.file, frame.line], ["square", steps.source(), line]);
    assert.deepEqual(events.at(-2), { event: "output", stream: "stdout", text: "total 772\n" });
    assert.deepEqual(events.at(-1), { event: "exited", exitCode: 0, cause: "exit" });
  });

  it("writes a trap as JSON with its backtrace", () => {
    const run = wasmDap(["run", "--json", traps.path, "--", "load"]);
    assert.equal(run.status, 134);
    const events = run.stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text));
    const stop = events.find(({ event }) => event === "stopped");
    assert.deepEqual([stop.reason, stop.trap], ["trap", "memory-out-of-bounds"]);
    assert.equal(stop.backtrace[1].function, "main");
    assert.equal(stop.totalFrames, stop.backtrace.length);
    const { message, ...end } = events.at(-1);
    assert.deepEqual(end, { event: "exited", exitCode: 134, cause: "trap" });
    assert.match(message, /out of bounds/);
  });

  it("ends with its program when it is told to", async () => {
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const { path } = fixture("spin", "dwarf5.O0");
      const child = spawn(process.execPath, [executable, "run", "--json", path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      child.kill(signal);
      assert.deepEqual(await once(child, "exit"), [expected, null]);
      assert.ok(child.pid !== undefined);
      await gone(child.pid);
    }
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { executable } from "../support/dap-client.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { readRunEvents } from "../support/run-events.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

const map = `--map=/build=${fromRoot("test/fixtures")}`;
const traps = fixture("traps", "dwarf5.O0");
const steps = fixture("steps", "dwarf5.O0");
const spin = fixture("spin", "dwarf5.O0");
const watch = fixture("watch", "dwarf5.O0");

describe("wasm-dap run --timeout", () => {
  it("ends a program that spins, tells where it stood, and ends with status 124", () => {
    const { status, stdout, stderr } = runWasmDap(["run", map, "--timeout", "0.3", spin.path]);
    assert.equal(status, 124);
    assert.equal(stdout, "spinning\n");
    assert.match(
      stderr,
      /^\nTime is up: the program has run for 0\.3 s\. It stood here:\n\nPause, spin\(\) at test\/fixtures\/spin\/spin\.c:\d+:\d+\n.*\n#0 .*\n#1 .* main\(/,
    );
  });

  it("ends a program that waits for input, with its last state as events", async () => {
    const { path } = fixture("stdinwait", "dwarf5.O0");
    const child = spawn(process.execPath, [executable, "run", "--json", "--timeout", "0.3", map, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    assert.deepEqual(await once(child, "close"), [124, null]);
    const events = readRunEvents(text);
    assert.deepEqual(
      events.map(({ event }) => event),
      ["loaded", "output", "timeout", "stopped", "exited"],
    );
    const functions = ((events[3]?.backtrace ?? []) as { function: string }[]).map((frame) => frame.function);
    assert.ok(functions.includes("read_line"), functions.join());
  });

  it("tells where sources seem to be, as this command line has it", () => {
    const { stderr } = runWasmDap(["run", "--timeout", "0.3", spin.path]);
    const found =
      /^The debug info has \/build\/spin\/spin\.c, which is not there\. For the file here: --map (\S+)$/m.exec(
        stderr,
      );
    assert.equal(found?.[1], `/build=${fromRoot("test/fixtures")}`);
    const mapped = runWasmDap(["run", "--timeout", "0.3", "--map", found?.[1] ?? "", spin.path]);
    assert.match(mapped.stderr, /at test\/fixtures\/spin\/spin\.c:\d+/);
  });

  it("lets a program that is quicker end as it does", () => {
    const { status, stderr } = runWasmDap(["run", "--timeout", "60", steps.path]);
    assert.equal(status, 0);
    assert.equal(stderr, "");
  });
});

describe("wasm-dap run --json", () => {
  it("writes lines of the documented schema, whatever happens", () => {
    const line = steps.markers().lineOf("fib-return");
    const runs: readonly (readonly string[])[] = [
      [
        "--break",
        `steps.c:${line}`,
        "--break",
        "square",
        "--break",
        "nowhere.c:1",
        "--on-stop",
        "bt,locals,n,nope",
        steps.path,
      ],
      ["--log", `steps.c:${line}=fib {n}`, steps.path],
      [traps.path, "--", "divide"],
      [traps.path, "--", "abort"],
      ["--core", "package.json/no.core", traps.path, "--", "divide"],
      [traps.path, "--", "stack"],
      ["--watch", "counter if counter > 997", "--watch", "nope", watch.path],
      ["--invoke", "fib", fixture("reactor", "dwarf5.O0").path, "--", "9"],
      ["--break", "main", fixture("hello", "stripped.O0").path],
      [fixture("rust-panics", "dwarf4.O0").path],
      ["no-such.wasm"],
    ];
    const seen = new Set<string>();
    for (const args of runs) {
      const { stdout, stderr } = runWasmDap(["run", "--json", map, ...args]);
      assert.equal(stderr, "", args.join(" "));
      for (const { event } of readRunEvents(stdout)) seen.add(event);
    }
    assert.deepEqual([...seen].sort(), [
      "breakpoint",
      "error",
      "exited",
      "loaded",
      "log",
      "note",
      "output",
      "stopped",
    ]);
  });
});

describe("wasm-dap run --watch", () => {
  it("stops where a global variable has changed, and says from what to what", () => {
    const { status, stderr } = runWasmDap(["run", map, "--watch", "hidden", watch.path]);
    assert.equal(status, 0);
    const line = watch.markers().lineOf("other");
    assert.match(
      stderr,
      new RegExp(
        `^Breakpoint 1 watches hidden\n\nData breakpoint 1: hidden changed from 7 to 8, in same\\(\\) at .*:${line}:\\d+\n`,
      ),
    );
    assert.equal(stderr.match(/Data breakpoint/g)?.length, 1);
  });

  it("says why something cannot be watched", () => {
    const { stderr } = runWasmDap(["run", "--watch", "nope", watch.path]);
    assert.match(stderr, /^Breakpoint 1 on nope is not set: .*there is no variable `nope`.*\n$/i);
  });
});

describe("wasm-dap run --quiet and --verbose", () => {
  const line = steps.markers().lineOf("square-return");

  it("says nothing but stops and what went wrong when it is quiet", () => {
    const { stderr } = runWasmDap([
      "run",
      "-q",
      map,
      "--break",
      `steps.c:${line} hit 1`,
      "--break",
      "other.c:1",
      steps.path,
    ]);
    assert.match(
      stderr,
      /^Breakpoint \d at other\.c:1 is not set: .*\n\nBreakpoint 1, square\(x=3\) at .*\n.*\n$/,
    );
  });

  it("tells what was loaded and how it ended when it is verbose", () => {
    const { stderr } = runWasmDap(["run", "-v", steps.path]);
    assert.match(stderr, /^Loaded test\/fixtures\/steps\/.*: DWARF .*\nThe program ended with status 0\n$/);
  });
});

describe("colours of wasm-dap run", () => {
  const stderrWith = (env: NodeJS.ProcessEnv): string =>
    runWasmDap(["run", map, traps.path, "--", "divide"], { env }).stderr;

  it("are on a terminal only, or where FORCE_COLOR says so, and never where NO_COLOR does", () => {
    const mark = "\u001b[";
    assert.ok(!stderrWith({}).includes(mark));
    assert.ok(stderrWith({ FORCE_COLOR: "1" }).includes(`${mark}31mTrap: `));
    assert.ok(!stderrWith({ FORCE_COLOR: "0" }).includes(mark));
    assert.ok(!stderrWith({ FORCE_COLOR: "1", NO_COLOR: "1" }).includes(mark));
  });
});

describe("wasm-dap run --annotate github", () => {
  it("writes one error at the line of a trap, with its backtrace in one line", () => {
    const line = traps.markers().lineOf("divide");
    const { status, stderr } = runWasmDap(["run", map, "--annotate", "github", traps.path, "--", "divide"], {
      env: { GITHUB_WORKSPACE: fromRoot("test") },
    });
    assert.equal(status, 134);
    const commands = stderr.split("\n").filter((text) => text.startsWith("::"));
    assert.equal(commands.length, 1);
    assert.match(
      commands[0] ?? "",
      new RegExp(
        `^::error file=fixtures/traps/traps\\.c,line=${line},col=\\d+,title=Trap::divide by zero: .*%0A#0 trap_divide at fixtures/traps/traps\\.c:\\d+%0A#1 main at `,
      ),
    );
  });

  it("tells of a bad status, of a program that cannot be run, and of one whose time is up", () => {
    const commandsOf = (args: readonly string[]) =>
      runWasmDap(["run", map, "--annotate", "github", ...args])
        .stderr.split("\n")
        .filter((text) => text.startsWith("::"))
        .join("\n");
    const { path } = fixture("hello", "dwarf5.O0");
    assert.equal(commandsOf([path, "--", "3"]), "::error title=The program failed::It ended with status 3.");
    assert.equal(commandsOf([path]), "");
    assert.match(commandsOf(["no.wasm"]), /^::error title=wasm-dap::There is no file .*no\.wasm/);
    assert.match(
      commandsOf(["--timeout", "0.3", spin.path]),
      /^::error file=test\/fixtures\/spin\/spin\.c,line=\d+,col=\d+,title=Time is up::/,
    );
  });
});

describe("wasm-dap run --junit", () => {
  const resultOf = (args: readonly string[]): string =>
    inTemporaryFolder({}, (folder) => {
      const file = join(folder, "deep", "results.xml");
      runWasmDap(["run", map, "--junit", file, ...args]);
      assert.ok(existsSync(file));
      return readFileSync(file, "utf8");
    });

  it("writes a case that passed, with what the program printed", () => {
    const text = resultOf([steps.path]);
    assert.match(
      text,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites tests="1" failures="0" errors="0" time="\d+\.\d+">/,
    );
    assert.match(
      text,
      /<testcase name="steps\.dwarf5\.O0\.wasm" classname="steps\.dwarf5\.O0\.wasm" time="[\d.]+"\/>/,
    );
    assert.match(text, /<system-out>total 772&#10;<\/system-out>/);
  });

  it("writes a trap as a failure of its kind, and a program that cannot be run as an error", () => {
    assert.match(
      resultOf([traps.path, "--", "divide"]),
      /failures="1" (?:.*\n)*? *<failure type="integer-divide-by-zero" message="divide by zero: [^"]*">#0 trap_divide at test\/fixtures\/traps\/traps\.c:\d+&#10;[^<]*&#10;numerator = 42/u,
    );
    assert.match(
      resultOf(["no.wasm"]),
      /errors="1" (?:.*\n)*? *<error type="wasm-dap" message="There is no file /u,
    );
    assert.match(
      resultOf(["--timeout", "0.3", spin.path]),
      /<failure type="timeout" message="[^"]*">#0 spin at /,
    );
    assert.match(
      resultOf([fixture("hello", "dwarf5.O0").path, "--", "3"]),
      /<failure type="exit" message="The program ended with status 3\./,
    );
  });

  it("says when the file cannot be written", () => {
    const { stderr, status } = runWasmDap(["run", "--junit", "package.json/x.xml", steps.path]);
    assert.match(stderr, /^No results were written to .*package\.json/);
    assert.equal(status, 0);
  });
});

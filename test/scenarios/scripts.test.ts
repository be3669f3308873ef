import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { readRunEvents } from "../support/run-events.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

const map = `--map=/build=${fromRoot("test/fixtures")}`;
const words = fixture("example-c", "app");
const traps = fixture("traps", "dwarf5.O0");
const hello = fixture("hello", "dwarf5.O0");

/** Follows a script that lies in a folder of its own. */
function follow(
  path: string,
  lines: readonly string[],
  options: readonly string[] = [],
  args: readonly string[] = [],
  input = "",
) {
  return inTemporaryFolder({ "a.session": `${lines.join("\n")}\n` }, (folder) => {
    const script = join(folder, "a.session");
    const outcome = runWasmDap(["run", map, ...options, "--script", script, path, "--", ...args], { input });
    const stderr = outcome.stderr.replaceAll(script, "a.session");
    return { ...outcome, stderr, stdout: outcome.stdout.replaceAll(script, "a.session") };
  });
}

describe("a script of wasm-dap run", () => {
  it("holds when everything is as expected, and leaves stdout to the program", () => {
    const { status, stdout, stderr } = follow(words.path, [
      "# The first word of the verse",
      "break words.c:28",
      "run",
      "expect stop words.c:28",
      "expect stop add_word",
      "expect stop 28",
      "expect frames add_word, add_text, main",
      'expect text == "the"',
      'expect text != "sea"',
      "expect tree->count == 1 && line == 1",
      "expect tree->count is 1",
      'expect *tree matches /text = "the", count = 1/',
      "expect tree->text contains he",
      "next",
      "expect stop words.c:30",
      "delete",
      "continue",
      "expect exit 0",
      'expect output "30 words, 20 different"',
      "expect output /wind +3 {2}on/",
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^30 words/);
    assert.match(stderr, /\na\.session: 14 expectations held\.\n$/);
  });

  const failures: readonly [title: string, lines: readonly string[], report: RegExp][] = [
    [
      "a value",
      ["break words.c:28", "run", 'expect text == "sea"'],
      /^Failed: a\.session:3: expect text == "sea"\n {2}expected {2}"sea"\n {2}found {5}0x\w+ "the"\n {2}at {8}examples\/c\/words\.c:28 in add_word\n$/,
    ],
    [
      "a comparison",
      ["break words.c:28", "run", "expect tree->count > 1"],
      /^Failed: a\.session:3: .*\n {2}expected {2}tree->count > 1\n {2}found {5}tree->count is 1\n/,
    ],
    [
      "a stop",
      ["break words.c:28", "run", "expect stop words.c:29"],
      /expected {2}a stop at words\.c:29\n {2}found {5}a stop at examples\/c\/words\.c:28 in add_word\n$/,
    ],
    [
      "an end",
      ["run", "expect exit 3"],
      /expected {2}the program's end with status 3\n {2}found {5}the program's end with status 0\n/,
    ],
    ["a stop that never came", ["run", "expect stop main"], /found {5}the program's end with status 0\n/],
    ["frames", ["break kind_of", "run", "expect frames kind_of, main"], /found {5}kind_of, print_words\n/],
    [
      "output",
      ["run", "expect output never"],
      /expected {2}something with "never"\n {2}found {5}".*wind {10}3/,
    ],
    [
      "what cannot be evaluated",
      ["break words.c:28", "run", "expect nope == 1"],
      /found {5}.*no variable `nope`/i,
    ],
    [
      "a command that cannot be done",
      ["step"],
      /^Failed: a\.session:1: step\n {2}found {5}The program has not been started/,
    ],
  ];
  for (const [title, lines, report] of failures) {
    it(`fails with its line, what was expected and what was found, for ${title}`, () => {
      const { status, stderr } = follow(words.path, lines, ["--quiet"]);
      assert.match(stderr, report);
      assert.equal(status, 1);
    });
  }

  it("expects traps by kind, message and place, and takes a trap that no line expects for a failure", () => {
    const at = traps.markers().lineOf("divide");
    const good = [
      "run",
      `expect trap integer-divide-by-zero at traps.c:${at}`,
      "expect trap divide by zero",
      "expect trap /42 by 0/ at trap_divide",
      "expect numerator == 42",
      "continue",
      "expect exit 134",
    ];
    const { status, stderr } = follow(
      traps.path,
      good.filter((line) => !line.includes("/42")),
      [],
      ["divide"],
    );
    assert.equal(status, 0, stderr);
    const surprised = follow(traps.path, ["run", "echo nothing expected"], ["-q"], ["divide"]);
    assert.equal(surprised.status, 1);
    assert.match(
      surprised.stderr,
      /^Failed: a\.session:1: run\n {2}expected {2}no trap, or a line `expect trap`\n {2}found {5}a trap \(divide by zero.*\) at .* in trap_divide\n/,
    );
    const ended = follow(hello.path, ["run"], ["-q"], ["3"]);
    assert.equal(ended.status, 1);
    assert.match(ended.stderr, /found {5}the program's end with status 3\n$/);
    assert.equal(follow(hello.path, ["run", "expect exit 3"], ["-q"], ["3"]).status, 0);
  });

  it("gives the program what it reads: its own lines, else what the command reads", () => {
    const own = follow(
      hello.path,
      ["input one", "eof", "run", "expect output line 1: one", "expect exit"],
      [],
      [],
      "other\n",
    );
    assert.equal(own.status, 0, own.stderr);
    const passed = follow(
      hello.path,
      ["run", "expect output line 1: other", "expect exit 0"],
      [],
      [],
      "other\n",
    );
    assert.equal(passed.status, 0, passed.stderr);
  });

  it("watches values", () => {
    const watch = fixture("watch", "dwarf5.O0");
    const lines = [
      "watch hidden",
      "run",
      "expect stop same",
      "expect hidden == 8",
      "delete",
      "continue",
      "expect exit 0",
    ];
    const { status, stderr } = follow(watch.path, lines);
    assert.equal(status, 0, stderr);
  });

  it("is read to its end before anything runs, every wrong line told; status 2", () => {
    const { status, stdout, stderr } = follow(words.path, [
      "run",
      "brek words.c:28",
      "expect",
      "expect exit soon",
      "expect x matches text",
      "expect output /(/",
    ]);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^wasm-dap: a\.session:2: There is no command `brek`\. Did you mean `break`\?\na\.session:3: .*\na\.session:4: .*`soon`\.\na\.session:5: .*\na\.session:6: .*is no regular expression.*\n$/,
    );
    assert.equal(follow(words.path, ["# nothing"]).status, 2);
  });

  it("ends when its time is up, with where the program stood; status 124", () => {
    const { status, stderr } = follow(
      fixture("spin", "dwarf5.O0").path,
      ["run", "expect exit 0"],
      ["--timeout", "0.5"],
    );
    assert.equal(status, 124, stderr);
    assert.match(
      stderr,
      /Time is up: the program has run for 0\.5 s\..*\n\nPause, spin\(\).*\n(?:.*\n)*?#1 .* main\(/,
    );
    assert.doesNotMatch(stderr, /Failed/);
  });

  it("is a row of cases in JUnit's form, events of the schema, and annotations at its own lines", () => {
    const lines = [
      "break words.c:28",
      "run",
      "expect stop words.c:28",
      "print text",
      "expect tree->count == 2",
    ];
    inTemporaryFolder({}, (folder) => {
      const junit = join(folder, "results.xml");
      const run = follow(words.path, lines, ["--json", "--junit", junit, "--annotate", "github"]);
      assert.equal(run.status, 1);
      const events = readRunEvents(run.stdout);
      assert.deepEqual(
        events.filter(({ event }) => event === "check").map(({ line, passed }) => [line, passed]),
        [
          [3, true],
          [5, false],
        ],
      );
      assert.ok(
        events.some(({ event, text }) => event === "text" && /^text = 0x\w+ "the"$/.test(String(text))),
      );
      assert.match(
        run.stderr,
        /\n::error file=a\.session,line=5,title=expect tree->count == 2::expected tree->count == 2%0Afound tree->count is 1%0Aat /,
      );
      const results = readFileSync(junit, "utf8");
      assert.match(results, /tests="2" failures="1" errors="0"/);
      assert.match(results, /<testcase name="line 3: expect stop words\.c:28" [^>]*\/>/);
      assert.match(
        results,
        /<testcase name="line 5: [^>]*">\n {6}<failure type="expectation" message="expected tree-&gt;count == 2, found tree-&gt;count is 1">/,
      );
    });
  });
});

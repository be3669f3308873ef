import assert from "node:assert/strict";
import { fixture } from "../support/fixtures.ts";
import { readRunEvents } from "../support/run-events.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";

const words = fixture("example-c", "app");

/** What a run with these options tells, a line each, without the program's own output. */
function told(...options: readonly string[]): readonly string[] {
  const { status, stderr } = runWasmDap(["run", ...options, words.path]);
  assert.equal(status, 0, stderr);
  return stderr.split("\n").filter((line) => /reakpoint/.test(line));
}

/** From what to what values changed in a run with these options, in order. */
const changes = (...options: readonly string[]): readonly string[] =>
  told(...options).flatMap((line) => /changed from (.*?), in /.exec(line)?.[1] ?? []);

describe("wasm-dap run --watch", () => {
  it("stops when a variable of a function changes, in the calls of that function", () => {
    const lines = told("--watch", "line in add_text");
    assert.equal(lines[0], "Breakpoint 1 watches line in add_text");
    const to = lines
      .slice(1)
      .map((line) => /^Data breakpoint 1: line changed from (.*), in add_text\(/.exec(line)?.[1]);
    assert.match(to[0] ?? "", /^\S+ to 1$/);
    assert.deepEqual(to.slice(1), ["1 to 2", "2 to 3", "3 to 4", "4 to 5"]);
  });

  it("begins at a line as well, and follows each object that comes there", () => {
    const found = changes("--watch", "tree->count in words.c:28 if tree->count > 3");
    assert.deepEqual(found, ["3 to 4", "4 to 5", "5 to 6", "6 to 7"]);
  });

  it("watches a value that outlives the call it was looked up in once, however often that is called", () => {
    const found = changes("--watch", "summary->words in collect");
    assert.equal(found.length, 20);
    for (const [at, change] of found.entries()) {
      if (at > 0) assert.ok(change.startsWith(`${found[at - 1]?.split(" to ")[1]} to `), found.join());
    }
  });

  it("watches each call of a function that calls itself", () => {
    const found = told("--watch", "order in add_word", "--on-stop", "text").filter((line) =>
      /^Data/.test(line),
    );
    assert.ok(found.length > 20);
    assert.ok(found.every((line) => line.startsWith("Data breakpoint 1: order changed from ")));
  });

  it("stops at breakpoints of the same place, which have numbers of their own", () => {
    const { stdout } = runWasmDap([
      ...["run", "--json", "--break", "add_text", "--watch", "line in add_text hit 3"],
      words.path,
    ]);
    const events = readRunEvents(stdout);
    const numbers = events.filter(({ event }) => event === "breakpoint").map(({ id }) => id);
    const stops = events.filter(({ event }) => event === "stopped");
    assert.deepEqual(numbers, [1, 2]);
    assert.deepEqual(
      stops.map(({ reason, breakpoints }) => [reason, breakpoints]),
      [
        ["breakpoint", [1]],
        ["data", [2]],
      ],
    );
  });

  it("says why there is nothing to watch, once, and the program runs all the same", () => {
    assert.deepEqual(told("--watch", "nobody in add_word"), [
      "Breakpoint 1 watches nobody in add_word",
      "Breakpoint 1 on nobody in add_word is not set: There is no variable `nobody` here.",
    ]);
    assert.deepEqual(told("--watch", "line in nowhere"), [
      "Breakpoint 1 on line in nowhere is not set: The program has no function nowhere.",
    ]);
    assert.deepEqual(told("--watch", "line"), [
      "Breakpoint 1 on line is not set: line cannot be found: there is no variable `line` here; did you mean `int`? " +
        "A variable of a function is watched by --watch 'line in FUNCTION'.",
    ]);
  });

  it("needs a place where it begins", () => {
    const { status, stderr } = runWasmDap(["run", "--watch", "line in words.c:0", words.path]);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /`--watch` begins at FILE:LINE with a line from 1, or a function, but `line in words\.c:0` has/,
    );
  });
});

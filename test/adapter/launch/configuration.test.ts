import assert from "node:assert/strict";
import { resolve } from "node:path";
import { readLaunchConfiguration } from "../../../adapter/launch/configuration.ts";

const base = resolve("/project/project");
const read = (input: unknown) => readLaunchConfiguration(input, base);
const problems = (input: unknown) => {
  const answer = read(input);
  return answer.kind === "problems" ? answer.problems : [];
};

describe("reading a launch configuration", () => {
  it("fills in the defaults", () => {
    const answer = read({ program: "app.wasm" });
    assert.deepEqual(answer.kind === "configuration" && answer.configuration, {
      program: resolve(base, "app.wasm"),
      args: [],
      env: {},
      cwd: base,
      preopens: {},
      stopOnEntry: false,
      noDebug: false,
      console: "internalConsole",
      sourceFileMap: {},
      symbols: [],
      granularity: "source",
      dataBreakpoints: false,
      runtimeExecutable: process.execPath,
      stepFilters: [],
      justMyCode: true,
      runtimeArgs: [],
    });
  });

  it("takes everything it names, with paths relative to cwd", () => {
    const answer = read({
      program: "app.wasm",
      args: ["a", 5],
      env: { A: "1", B: 2, C: null },
      cwd: "sub",
      stdin: "in.txt",
      preopens: { "/data": "./data" },
      invoke: "fib",
      stopOnEntry: true,
      console: "externalTerminal",
      sourceFileMap: { "/build": "src" },
      symbols: ["app.debug.wasm"],
      granularity: "instruction",
      dataBreakpoints: true,
      coredump: { onTrap: "core.%p.wasm" },
      stepFilters: ["vendor/**"],
      justMyCode: false,
      runtimeExecutable: "node22",
      runtimeArgs: ["--max-old-space-size=100"],
      trace: "trace.jsonl",
    });
    const cwd = resolve(base, "sub");
    assert.deepEqual(answer.kind === "configuration" && answer.configuration, {
      program: resolve(cwd, "app.wasm"),
      args: ["a", "5"],
      env: { A: "1", B: "2" },
      cwd,
      stdin: resolve(cwd, "in.txt"),
      preopens: { "/data": resolve(cwd, "data") },
      invoke: "fib",
      stopOnEntry: true,
      noDebug: false,
      console: "externalTerminal",
      sourceFileMap: { "/build": resolve(cwd, "src") },
      symbols: [resolve(cwd, "app.debug.wasm")],
      granularity: "instruction",
      dataBreakpoints: true,
      coredump: { onTrap: resolve(cwd, "core.%p.wasm") },
      stepFilters: ["vendor/**"],
      justMyCode: false,
      runtimeExecutable: "node22",
      runtimeArgs: ["--max-old-space-size=100"],
      trace: resolve(cwd, "trace.jsonl"),
    });
  });

  it("ignores attributes it does not know and those that are null", () => {
    assert.deepEqual(
      problems({ type: "wasm", request: "launch", __sessionId: 1, program: "a.wasm", args: null }),
      [],
    );
  });

  const wrong: readonly [unknown, string][] = [
    [undefined, "The launch configuration must be an object, but is undefined."],
    [[], "The launch configuration must be an object, but is []."],
    [{}, "`program` is missing: it must name the .wasm file to run."],
    [{ program: "" }, '`program` must be a string that is not empty, but is "".'],
    [{ program: "a", args: "b c" }, '`args` must be an array of strings or numbers, but is "b c".'],
    [{ program: "a", args: [{}] }, "`args` must be an array of strings or numbers, but is [{}]."],
    [{ program: "a", env: ["A=1"] }, '`env` must be an object whose values are strings, but is ["A=1"].'],
    [{ program: "a", env: { A: {} } }, '`env` must be an object whose values are strings, but is {"A":{}}.'],
    [{ program: "a", preopens: "/" }, '`preopens` must be an object whose values are strings, but is "/".'],
    [{ program: "a", stopOnEntry: 1 }, "`stopOnEntry` must be true or false, but is 1."],
    [
      { program: "a", console: "terminal" },
      '`console` must be "internalConsole" or "integratedTerminal" or "externalTerminal", but is "terminal".',
    ],
    [{ program: "a", granularity: 3 }, '`granularity` must be "source" or "instruction", but is 3.'],
    [{ program: "a", coredump: "x" }, '`coredump` must be an object whose values are strings, but is "x".'],
  ];
  for (const [input, sentence] of wrong) {
    it(`says of ${JSON.stringify(input)}: ${sentence}`, () => {
      assert.deepEqual(problems(input), [sentence]);
    });
  }

  it("says everything that is wrong at once", () => {
    assert.equal(problems({ program: 1, args: 2, trace: 3 }).length, 3);
  });
});

import assert from "node:assert/strict";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { splitWords } from "../../adapter/cli/console/words.ts";
import { readLaunchConfiguration } from "../../adapter/launch/configuration.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture, readManifest } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { runWasmDap } from "../support/run-wasm-dap.ts";
import { inTemporaryFolder } from "../support/temporary-folder.ts";

/** An example as its folder and a test of it have it. */
interface Example {
  readonly folder: string;
  /** Which of its builds; `app` if absent. There is a launch configuration for each. */
  readonly build?: string;
  /** Where to stop: a source with a text that its line has, or a function. */
  readonly stop: { readonly source: string; readonly text: string } | { readonly function: string };
  /** What some variables show there. */
  readonly shown: Readonly<Record<string, RegExp>>;
}

const examples: readonly Example[] = [
  {
    folder: "c",
    stop: { source: "words.c", text: "tree->places = add_place" },
    shown: { text: /"the"$/, line: /^1$/ },
  },
  {
    folder: "cpp",
    stop: { source: "main.cpp", text: "item.stock -= count" },
    shown: { name: /^"apple"$/, count: /^4$/, item: /name = "apple", stock = 12/ },
  },
  {
    folder: "rust",
    stop: { source: "src/main.rs", text: "waiting.push_back((next, steps + 1))" },
    shown: { place: /row = 0, column = 0/, next: /row = 0, column = 1/, steps: /^0$/ },
  },
  {
    folder: "assemblyscript",
    stop: { source: "app.ts", text: "after.cells[y * this.width + x] =" },
    shown: { x: /^0$/, count: /^1$/ },
  },
  {
    folder: "emscripten",
    stop: { source: "tasks.c", text: "plan->minutes += task->minutes" },
    shown: { "task->name": /"flour"$/, "plan->count": /^1$/, "task->progress": /^PLANNED$/ },
  },
  {
    folder: "emscripten",
    build: "map",
    stop: { source: "tasks.c", text: "plan->minutes += task->minutes" },
    shown: { __stack_pointer: /^\d+$/, "*(int *)(__stack_pointer + 24)": /^-?\d+$/ },
  },
  { folder: "wat", stop: { function: "next" }, shown: { n: /^27$/ } },
];

const readme = (folder: string): string => readFileSync(fromRoot("examples", folder, "README.md"), "utf8");
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.trim().split("\n"));

interface Configuration {
  readonly program: string;
}

const configurationsOf = (folder: string): readonly Configuration[] =>
  JSON.parse(
    readFileSync(fromRoot("examples", folder, ".vscode/launch.json"), "utf8").replaceAll(
      /\$\{workspaceFolder\}/g,
      fromRoot("examples", folder),
    ),
  ).configurations;

// What their READMEs tell to do is done by test/docs/commands.test.ts.
describe("the examples", () => {
  afterEach(() => DebugSession.abandonAll());

  it("are all tested", () => {
    const folders = readdirSync(fromRoot("examples")).filter((name) => !["README.md", "ci"].includes(name));
    assert.deepEqual(new Set(folders), new Set(examples.map(({ folder }) => folder)));
    for (const folder of folders) assert.ok(readme("").includes(`](${folder})`), folder);
  });

  for (const example of examples)
    describe([example.folder, example.build].join(" ").trim(), () => debugExample(example));
});

function debugExample({ folder, build = "app", stop, shown }: Example): void {
  const guest = fixture(`example-${folder}`, build);

  it("says in its README how it is built", () => {
    const [command = "none"] = (
      readManifest(fromRoot("examples", folder)).builds[build]?.commands ?? []
    ).filter((each) => !each.startsWith("env ") && !/^(llvm|cp )/.test(each));
    const wanted =
      folder === "rust" ? "cargo build --target wasm32-wasip1" : command.replace("$ASC", "npx asc");
    assert.ok(commandsIn(readme(folder)).includes(wanted), wanted);
  });

  it("is debugged by an editor with its own launch configuration: breakpoint, variables, step, end", async () => {
    const configuration = configurationsOf(folder).find(({ program }) => program === guest.path);
    assert.ok(configuration);
    assert.equal(readLaunchConfiguration(configuration, "/").kind, "configuration");
    const session = new DebugSession(guest, { transport: "stdio" });
    await session.begin();
    await session.client.send("launch", { ...configuration, stopOnEntry: false });
    await session.client.heard.event("initialized");
    assert.ok((await setBreakpoint(session, folder, stop)).every(({ verified }) => verified));
    await session.run();
    await session.stopped();
    for (const [name, value] of Object.entries(shown)) {
      assert.match((await session.evaluate(name)).result, value, name);
    }
    assert.equal((await session.step("next")).reason, "step");
    await clearBreakpoint(session, folder, stop);
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });
}

async function setBreakpoint({ client }: DebugSession, folder: string, stop: Example["stop"]) {
  if ("function" in stop) {
    return (await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: stop.function }] })).body
      .breakpoints;
  }
  const path = fromRoot("examples", folder, stop.source);
  const lines = readFileSync(path, "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes(stop.text)) + 1;
  assert.ok(line > 0, stop.text);
  return (await client.setBreakpointsRequest({ source: { path }, breakpoints: [{ line }] })).body.breakpoints;
}

async function clearBreakpoint(
  { client }: DebugSession,
  folder: string,
  stop: Example["stop"],
): Promise<void> {
  if ("function" in stop) await client.setFunctionBreakpointsRequest({ breakpoints: [] });
  else {
    const path = fromRoot("examples", folder, stop.source);
    await client.setBreakpointsRequest({ source: { path }, breakpoints: [] });
  }
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

describe("the example for CI", () => {
  const read = (file: string) => load(readFileSync(fromRoot("examples/ci", file), "utf8")) as unknown;
  const workflow = read("workflow.yml") as { jobs: { debug: { steps: Step[] } } };
  const action = read("action.yml") as {
    inputs: Record<string, { default?: string }>;
    runs: { using: string; steps: Step[] };
  };
  const { steps } = workflow.jobs.debug;
  const call = steps.find(({ uses }) => uses === "./.github/actions/debug-wasm");

  it("calls the action with what it asks for", () => {
    assert.equal(action.runs.using, "composite");
    assert.ok(call?.with);
    for (const name of Object.keys(call.with)) assert.ok(name in action.inputs, name);
    for (const [name, { default: value }] of Object.entries(action.inputs)) {
      assert.ok(value !== undefined || call.with[name] !== undefined, name);
    }
  });

  /** Runs the step's command where a checkout of the program lies. */
  function runStep(command: string, cwd: string, cores: readonly string[] = []) {
    const given: Record<string, string> = {
      ...{ PROGRAM: call?.with?.program ?? "", SESSION: call?.with?.session ?? "" },
      TIMEOUT: action.inputs.timeout?.default ?? "",
    };
    const words = splitWords(command.replaceAll(/\$([A-Z]+)/g, (_, name: string) => given[name] ?? ""));
    assert.deepEqual(words.slice(0, 3), ["npx", "--yes", "wasm-dap"]);
    const args = words.slice(3).flatMap((word) => (word === "cores/*.core" ? cores : [word]));
    return runWasmDap(args, { cwd, env: { GITHUB_WORKSPACE: cwd } });
  }
  const stepNamed = (name: string): string =>
    [...action.runs.steps, ...steps].find((step) => step.name === name)?.run ?? "";

  it("passes for the example program, with results", () => {
    inTemporaryFolder({}, (folder) => {
      cpSync(fromRoot("examples/c"), folder, { recursive: true });
      for (const name of ["Run it", "Follow the session"]) {
        const { status, stderr } = runStep(stepNamed(name), folder);
        assert.equal(status, 0, stderr);
        assert.doesNotMatch(stderr, /^::/m);
      }
      assert.deepEqual(readdirSync(join(folder, "results")).sort(), ["run.xml", "session.xml"]);
      assert.ok(!existsSync(join(folder, "cores")));
    });
  });

  it("fails for a program that traps, with an annotation, and tells what the coredump holds", () => {
    const traps = fixture("traps", "dwarf5.O0");
    inTemporaryFolder({}, (folder) => {
      mkdirSync(join(folder, "build"));
      copyFileSync(traps.path, join(folder, "build/app.wasm"));
      const { status, stderr } = runStep(`${stepNamed("Run it")} -- divide`, folder);
      assert.equal(status, 134);
      assert.match(stderr, /^::error file=.*traps\.c,line=\d+,col=\d+,title=Trap::divide by zero/m);
      const cores = readdirSync(join(folder, "cores")).map((name) => `cores/${name}`);
      assert.equal(cores.length, 1);
      const told = runStep(stepNamed("Tell what the coredumps hold"), folder, cores);
      assert.equal(told.status, 0, told.stderr);
      assert.match(told.stdout, /trap_divide\(numerator=42\)/);
    });
  });
});

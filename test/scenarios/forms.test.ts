import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { executable } from "../support/dap-client.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";
import { node24 } from "../support/nodes.ts";
import { fromRoot } from "../support/paths.ts";
import type { Message } from "../support/transcript.ts";
import { custom, flat, sized } from "../support/wasm-builder.ts";

/** What a build has no way to show, and why. */
interface Difference {
  readonly why: string;
  /** There are lines and nothing else: functions have the linker's names, and no variables. */
  readonly linesOnly?: true;
}

/** Every build of `forms` that has lines. */
const builds: Readonly<Record<string, Difference | undefined>> = {
  "dwarf2.O0": undefined,
  "dwarf3.O0": undefined,
  "dwarf4.O0": undefined,
  "dwarf5.O0": undefined,
  "mixed.O0": undefined,
  "split4.O0": undefined,
  "split5.O0": undefined,
  "package4.O0": undefined,
  "package5.O0": undefined,
  "single5.O0": {
    why: "wasm-ld merges the strings of both halves and does not tell the table that names are looked up in",
    linesOnly: true,
  },
  "external.O0": undefined,
  "embedded.O0": undefined,
  "lines.O0": { why: "it was compiled with -gline-tables-only", linesOnly: true },
  "macros.O0": undefined,
  "indexed.O0": undefined,
  "pubnames.O0": undefined,
  "types4.O0": undefined,
  "types5.O0": undefined,
  "relative.O0": undefined,
};

/** What is seen at the first stop at each marker, in the order come to. As C++, functions have their parameters in their names. */
const transcript = [
  {
    marker: "values",
    frames: ["values", "start"],
    locals: "parameter flags bits rights grid text large real name",
  },
  { marker: "walk", frames: ["walk", "run", "start"], locals: "list visit result each" },
  { marker: "add", frames: ["add", "walk", "run", "start"], locals: "node sum" },
  { marker: "run", frames: ["run", "start"], locals: "second first" },
  { marker: "recurse", frames: ["recurse", "run", "start"], locals: "depth here" },
  {
    marker: "bottom",
    frames: ["recurse", "recurse", "recurse", "recurse", "run", "start"],
    locals: "depth here innermost",
  },
] as const;

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wasm-dap-test-"));
  folders.push(folder);
  return folder;
}
function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

describe("every form of debug info", function () {
  this.timeout(60_000);
  afterEach(() => DebugSession.abandonAll());
  after(removeFolders);

  for (const [build, difference] of Object.entries(builds)) {
    const less = difference?.linesOnly === true ? ", but for what it does not have" : "";
    it(`shows the same stops, frames, locals and values as any other: ${build}${less}`, async () => {
      const session = new DebugSession(fixture("forms", build), { transport: "stdio" });
      await walkThrough(session, transcript, {}, (frames) => frames, difference?.linesOnly);
    });
  }

  it("shows the same where -fdebug-prefix-map has changed the paths, as sourceFileMap has them", async () => {
    const guest = fixture("forms", "prefixed.O0");
    const session = new DebugSession(guest, { transport: "stdio" });
    const sourceFileMap = { "/elsewhere/src": guest.sourceFolder };
    await walkThrough(session, transcript, { sourceFileMap }, (frames) => frames);
    assert.ok(!Buffer.from(guest.bytes).includes("/build/forms"));
  });

  for (const build of ["wasm64.O0", "wasm64.dwarf4.O0"]) {
    it(`shows the same for 64-bit memories, in what of the program WASI has no part in: ${build}`, async () => {
      const session = new DebugSession(fixture("forms", build), { transport: "stdio" });
      // No WASI is defined for such memories, and Node has had them since 24.
      const launch = { runtimeExecutable: await node24(), invoke: "run" };
      const steps = transcript.filter(({ marker }) => marker !== "values");
      await walkThrough(session, steps, launch, (frames) => frames.filter((name) => name !== "start"));
    });
  }

  it("shows in a coredump what the stop showed", async () => {
    for (const build of [
      "split4.O0",
      "split5.O0",
      "package4.O0",
      "package5.O0",
      "external.O0",
      "types5.O0",
    ]) {
      const guest = fixture("forms", build);
      const folder = newFolder();
      const core = join(folder, "core.wasm");
      const running = new DebugSession(guest, { transport: "stdio" });
      await running.runTo(["values"]);
      const [top] = await running.frames(1);
      await running.client.evaluateRequest({
        ...{ expression: `:coredump ${core}`, frameId: top?.id, context: "repl" },
      });
      await running.end();
      const dead = new DebugSession(guest, { transport: "stdio" });
      await dead.begin();
      await dead.client.send("attach", { ...dead.configuration(), coreFile: core });
      await dead.client.heard.event("initialized");
      await dead.run();
      await dead.stopped();
      await check(dead, "values", ["values", "start"], transcript[0].locals, false);
      await dead.end();
    }
  });
});

describe("a report of every form of debug info", function () {
  this.timeout(60_000);

  /** What `run` prints of two stops, without offsets and addresses; with what only builds as C++ have taken out. */
  const reportOf = (build: string): string => {
    const guest = fixture("forms", build);
    const lineOf = (marker: string): string => `--break=forms.c:${guest.markers().lineOf(marker)}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...[executable, "run", `--map=/build=${fromRoot("test/fixtures")}`],
        ...[lineOf("values"), lineOf("bottom"), "--on-stop=bt,locals", guest.path],
      ],
      { encoding: "utf8", cwd: fromRoot(), timeout: 60_000 },
    );
    assert.equal(status, 0, stderr);
    return `${stdout}${stderr}`
      .replaceAll(/0x[0-9a-f]{8}/g, "0x????????")
      .replaceAll(/\(node const\*, int\)/g, "");
  };

  let whole = "";
  before(() => {
    whole = reportOf("dwarf5.O0");
  });

  it("has two stops, with frames and locals", () => {
    for (const marker of ["values", "bottom"]) {
      const line = fixture("forms", "dwarf5.O0").markers().lineOf(marker);
      assert.match(whole, new RegExp(`forms\\.c:${line}`));
    }
    assert.match(whole, /^ +innermost +=/m);
    assert.equal(whole.match(/^#5 .* start\(\)/gm)?.length, 1);
  });

  for (const [build, difference] of Object.entries(builds)) {
    if (difference || build === "dwarf5.O0") continue;
    it(`is the same: ${build}`, () => {
      assert.equal(reportOf(build), whole);
    });
  }
});

describe("debug info that is elsewhere", function () {
  this.timeout(60_000);
  let folder = "";
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => DebugSession.abandonAll());
  after(removeFolders);

  /** A copy of a build's module, alone. */
  const alone = (build: string, bytes = fixture("forms", build).bytes): string => {
    const path = join(folder, `forms.${build}.wasm`);
    writeFileSync(path, bytes);
    return path;
  };
  const beside = (name: string): string => join(fixture("forms", "split5.O0").sourceFolder, name);
  const dwos = ["forms.split5.O0.forms.dwo", "forms.split5.O0.text.dwo"].map(beside);

  /** For the source alone: nothing else that was in the folder is found. */
  const sourceFileMap = { "/build/forms/forms.c": fixture("forms", "split5.O0").source() };

  /** Stops in `values`, and what the client was told. */
  async function stopIn(
    build: string,
    program: string,
    more: object,
  ): Promise<{ readonly session: DebugSession; readonly values: boolean; readonly told: string }> {
    const session = new DebugSession(fixture("forms", build), { transport: "stdio" });
    await session.runTo(["values"], { program, ...more });
    const [top] = await session.frames(1);
    const scopes = (await session.client.scopesRequest({ frameId: top?.id })).body.scopes as Message[];
    const { variables } = (
      await session.client.variablesRequest({ variablesReference: scopes[0]?.variablesReference })
    ).body;
    const values = (variables as Message[]).some(({ name, value }) => name === "parameter" && value === "7");
    // What a stop brings to light is told with the next.
    await session.continue();
    await session.stoppedOrExited();
    const told = session.client.heard
      .events("output")
      .map(({ output }) => output)
      .join("");
    return { session, values, told };
  }

  it("is found where the compiler put the .dwo files, as sourceFileMap has it", async () => {
    const built = join(folder, "objects");
    mkdirSync(built);
    for (const dwo of dwos) copyFileSync(dwo, join(built, basename(dwo)));
    const program = alone("split5.O0");
    const guest = fixture("forms", "split5.O0");
    const { session, values } = await stopIn("split5.O0", program, {
      sourceFileMap: { [guest.compilationDir]: built, [`${guest.compilationDir}/forms.c`]: guest.source() },
    });
    assert.ok(values);
    await session.end();
  });

  it("is found in files and folders of `symbols`: .dwo, .dwp, .debug.wasm", async () => {
    const found = [
      ["split5.O0", dwos],
      ["split5.O0", [fixture("forms", "split5.O0").sourceFolder]],
      ["package4.O0", [beside("forms.package4.O0.wasm.dwp")]],
      ["package5.O0", [beside("forms.package5.O0.wasm.dwp")]],
      ["external.O0", [beside("forms.external.O0.debug.wasm")]],
      ["stripped.O0", [beside("forms.external.O0.debug.wasm")]],
    ] as const;
    for (const [build, symbols] of found) {
      const { session, values } = await stopIn(build, alone(build), { symbols });
      assert.ok(values, `${build} with ${symbols.join(", ")}`);
      await session.end();
    }
  });

  it("is found where an absolute path or a file URL says", async () => {
    const target = beside("forms.external.O0.debug.wasm");
    const stripped = fixture("forms", "stripped.O0").bytes;
    for (const url of [target, pathToFileURL(target).href]) {
      const named = new Uint8Array(
        flat(stripped, custom("external_debug_info", sized([...Buffer.from(url)]))),
      );
      const { session, values } = await stopIn("stripped.O0", alone("stripped.O0", named), {});
      assert.ok(values, url);
      await session.end();
    }
  });

  it("is missed with a sentence that says what to do: .dwo files", async () => {
    const { session, values, told } = await stopIn("split5.O0", alone("split5.O0"), { sourceFileMap });
    assert.equal(values, false);
    assert.match(
      told,
      /forms\.split5\.O0\.forms\.dwo was not found, so that .* are not shown: put it beside the module, or name it, its folder or the \.dwp in `symbols`\./,
    );
    await session.end();
  });

  it("is not used when it is of another build: .dwo files", async () => {
    const program = alone("split5.O0");
    const wrong = join(folder, "forms.split5.O0.forms.dwo");
    copyFileSync(beside("forms.split4.O0.forms.dwo"), wrong);
    const { session, values, told } = await stopIn("split5.O0", program, { sourceFileMap });
    assert.equal(values, false);
    assert.ok(told.includes(`${wrong} has no part of this module's forms.split5.O0.forms.dwo`), told);
    await session.end();
  });

  it("is said to be missing, or at a place that nothing is fetched from, where a breakpoint is set", async () => {
    const stripped = fixture("forms", "stripped.O0").bytes;
    const url = "https://symbols.example/forms.debug.wasm";
    const remote = new Uint8Array(
      flat(stripped, custom("external_debug_info", sized([...Buffer.from(url)]))),
    );
    const cases = [
      [
        fixture("forms", "missing.O0").path,
        /nowhere\.debug\.wasm, which is not there: put the file of the same build there, or name it in `symbols`/,
      ],
      [fixture("forms", "mismatched.O0").path, /forms\.external\.O0\.debug\.wasm, which cannot be used/],
      [
        alone("stripped.O0", remote),
        /is at https:\/\/symbols\.example\/forms\.debug\.wasm, and nothing is fetched from the network: download it/,
      ],
    ] as const;
    for (const [program, message] of cases) {
      const session = new DebugSession(fixture("forms", "stripped.O0"), { transport: "stdio" });
      await session.begin();
      await session.launch({ program });
      const [breakpoint] = await session.breakAt(["values"]);
      assert.equal(breakpoint?.verified, false);
      assert.match(breakpoint?.message, message);
      await session.run();
      await session.end();
    }
  });

  it("is said to be of another build, with both ids, before the program runs", async () => {
    const session = new DebugSession(fixture("forms", "mismatched.O0"), { transport: "stdio" });
    await session.begin();
    await session.launch();
    await session.run();
    const { body } = await session.client.heard.wait(
      "why the file is not used",
      ({ event, body }) => event === "output" && body.output.includes("is not used"),
    );
    assert.match(
      body.output,
      /is not used: its build ID is 0102030405060708090a0b0c0d0e0f10, the module's f1f2/,
    );
    await session.end();
  });
});

type Step = (typeof transcript)[number];

/** Runs from marker to marker as the transcript has it, and compares what is shown. */
async function walkThrough(
  session: DebugSession,
  steps: readonly Step[],
  launch: object,
  framesOf: (frames: readonly string[]) => readonly string[],
  linesOnly = false,
): Promise<void> {
  const lineOf = (marker: string): number => session.fixture.markers().lineOf(marker);
  let place = await session.runTo(
    steps.map(({ marker }) => marker),
    launch,
  );
  for (const { marker, frames, locals } of steps) {
    for (let turns = 0; place.line !== lineOf(marker); turns++) {
      assert.ok(turns < 10, `${marker} was not come to, but line ${place.line} time and again`);
      await session.continue();
      place = await session.stopped();
    }
    await check(session, marker, framesOf(frames), locals, linesOnly);
  }
  await session.end();
}

async function check(
  session: DebugSession,
  marker: string,
  frames: readonly string[],
  locals: string,
  linesOnly: boolean,
): Promise<void> {
  const markers = session.fixture.markers();
  const bare = (name: string): string => name.replace(/\(.*$/, "").replace(/^_start$/, "start");
  const shown = await session.frames();
  assert.deepEqual(
    shown.map(({ name }) => bare(name)),
    frames,
  );
  assert.ok(shown.every(({ line }) => line > 0));
  if (linesOnly) return;
  const scope = await session.scope("Locals");
  assert.deepEqual([...scope.keys()].join(" "), locals);
  const wrong: string[] = [];
  for (const { expression, expected } of markers.expectationsAt(marker)) {
    const { result } = await session
      .evaluate(expression)
      .catch((error: Error) => ({ result: error.message }));
    if (!meetsExpectation(result, expected)) wrong.push(`${expression} = ${result}, not ${expected}`);
  }
  assert.deepEqual(wrong, []);
}

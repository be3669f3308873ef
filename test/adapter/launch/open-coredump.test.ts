import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CoredumpRequest, openCoredump } from "../../../adapter/launch/open-coredump.ts";
import { toMemoryAddress } from "../../../src/base/brand.ts";
import type { Debugger } from "../../../src/debugger/debugger.ts";
import type { DebuggerEvents, Frame, StopDescription } from "../../../src/debugger/debugger-types.ts";
import type { Variable } from "../../../src/symbols/variable.ts";
import { readModule } from "../../../src/wasm/module.ts";
import { writeModule } from "../../../src/wasm/module-writer.ts";
import { assemble } from "../../support/assemble.ts";
import { type DumpContents, encodeDump, i32 } from "../../support/coredump-encoders.ts";
import { coredumpFixture } from "../../support/coredump-fixtures.ts";
import { fixture } from "../../support/fixtures.ts";
import { custom, flat, I32, sized, WasmBuilder } from "../../support/wasm-builder.ts";

const traps = fixture("traps", "dwarf5.O0");
const wasmtimeDump = coredumpFixture("traps.load.wasmtime.core");

describe("opening a coredump", () => {
  let folder = "";
  const stops: StopDescription[] = [];
  const events: DebuggerEvents = {
    stopped: ({ description }) => stops.push(description),
    continued: () => {},
    output: () => {},
    breakpointChanged: () => {},
    exited: () => {},
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-core-"));
    stops.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const open = (coreFile: string, more: Partial<CoredumpRequest> = {}) =>
    openCoredump({ coreFile, program: "", symbols: [], sourceFileMap: {}, cwd: folder, ...more }, events);

  /** The frames of a thread: name, line from 1, arguments. */
  async function backtrace(core: Debugger, thread?: number): Promise<readonly string[]> {
    const { frames } = await core.stackTrace(0, 100, thread);
    const shown: string[] = [];
    for (const frame of frames) {
      const list = (await core.parameters(frame)).map(({ name, value }) => `${name}=${value}`).join();
      const line = frame.position && !frame.position.source.isListing ? `:${frame.position.line + 1}` : "";
      shown.push(`${frame.name}${line}(${list})`);
    }
    return shown;
  }

  /** The children of a scope's group. */
  async function raw(core: Debugger, frame: Frame, group: string): Promise<readonly Variable[]> {
    const scopes = await core.scopes(frame);
    const wasm = scopes.find(({ kind }) => kind === "wasm");
    const groups = (await wasm?.variables.children("named", 0, 9)) ?? [];
    return (await groups.find(({ name }) => name === group)?.children("named", 0, 99)) ?? [];
  }

  it("finds the program by the name in the dump, in a folder of `symbols`", async () => {
    const core = join(folder, "a.core");
    copyFileSync(wasmtimeDump.path, core);
    const opened = await open(core, { symbols: [traps.sourceFolder] });
    assert.equal(opened.modules[0]?.loaded?.path, traps.path);
    assert.match((await backtrace(opened.debugger))[0] ?? "", /^trap_load:\d+\(offset=42\)$/);
    assert.deepEqual(opened.problems, []);
  });

  it("finds the program beside the dump", async () => {
    const core = join(folder, "a.core");
    copyFileSync(wasmtimeDump.path, core);
    copyFileSync(traps.path, join(folder, "traps.dwarf5.O0.wasm"));
    assert.equal((await open(core)).modules[0]?.loaded?.path, join(folder, "traps.dwarf5.O0.wasm"));
  });

  it("takes the one module that all frames fit for the program of a dump without names, and says so", async () => {
    const { program, path } = coredumpFixture("steps.wasm-edit.core");
    copyFileSync(path, join(folder, "a.core"));
    copyFileSync(traps.path, join(folder, "other.wasm"));
    copyFileSync(program.path, join(folder, "some.wasm"));
    const opened = await open(join(folder, "a.core"));
    assert.equal(opened.modules[0]?.loaded?.path, join(folder, "some.wasm"));
    assert.match(opened.problems.join(), /some\.wasm is taken for the program: all frames fit its code/);
  });

  it("shows functions by their numbers when there is no program, and says what to do", async () => {
    const core = join(folder, "a.core");
    copyFileSync(wasmtimeDump.path, core);
    const opened = await open(core);
    assert.equal(opened.modules[0]?.loaded, undefined);
    assert.equal((await backtrace(opened.debugger))[0], "func[12] of traps.dwarf5.O0.wasm at 0x33()");
    assert.match(
      opened.problems.join(),
      /traps\.dwarf5\.O0\.wasm was not found in .*: name the \.wasm file as `program`/,
    );
    await opened.debugger.start();
    assert.equal(stops[0]?.kind, "trap");
  });

  it("says when the program is another one", async () => {
    const opened = await open(wasmtimeDump.path, { program: fixture("reactor", "dwarf5.O0").path });
    assert.match(opened.problems.join(), /reactor\.dwarf5\.O0\.wasm does not have all the functions/);
  });

  it("reads stripped programs with the debug info of a file that has the same code", async () => {
    const module = readModule(traps.bytes);
    const wanted = module.sections.filter(({ kind }) => kind !== "custom");
    const stripped = writeModule(
      traps.bytes,
      wanted.map((section) => ({ kind: "original", section })),
    );
    const program = put("prod.wasm", stripped);
    const opened = await open(wasmtimeDump.path, { program, symbols: [traps.path] });
    assert.equal(opened.modules[0]?.loaded?.separate.path, traps.path);
    assert.match((await backtrace(opened.debugger))[0] ?? "", /^trap_load:\d+\(offset=42\)$/);
    const other = await open(wasmtimeDump.path, { program, symbols: [fixture("steps", "dwarf5.O0").path] });
    assert.match(
      other.problems.join(),
      /is not the debug info of prod\.wasm and is not used: its code is another/,
    );
    assert.equal((await backtrace(other.debugger))[0], "func[12]()");
  });

  it("goes by build IDs where there are some", async () => {
    const withId = (bytes: Uint8Array, ...id: number[]) => flat(bytes, custom("build_id", sized(id)));
    const module = readModule(traps.bytes);
    const code = module.sections.filter(({ kind }) => kind !== "custom");
    const stripped = writeModule(
      traps.bytes,
      code.map((section) => ({ kind: "original", section })),
    );
    const program = put("prod.wasm", withId(stripped, 0xab, 0xcd));
    mkdirSync(join(folder, "wrong"));
    const wrong = put("wrong/prod.debug.wasm", withId(traps.bytes, 0x12, 0x34));
    const right = put("prod.debug.wasm", withId(traps.bytes, 0xab, 0xcd));
    const opened = await open(wasmtimeDump.path, { program, symbols: [join(folder, "wrong"), folder] });
    assert.equal(opened.modules[0]?.loaded?.separate.path, right);
    assert.ok(opened.problems.some((text) => text.includes(wrong) && text.includes("its build ID is 1234")));
  });

  it("shows each thread's frames, each with its own instance's globals and its own module", async () => {
    const app = new WasmBuilder()
      .type([I32])
      .global(I32, "mutable", [0x41, 0])
      .global(I32, "mutable", [0x41, 0])
      .func(0, [], assemble("local.get 0\ncall 1"))
      .func(0, [], assemble("unreachable"))
      .export("entry", "func", 0)
      .build();
    const lib = new WasmBuilder().type([I32]).func(0, [], assemble("local.get 0\ndrop")).build();
    put("app.wasm", app);
    put("lib.wasm", lib);
    const frame = (instance: number, func: number, codeOffset: number, local: number) => ({
      ...{ instance, function: func, codeOffset, operands: [] },
      locals: [i32(local)],
    });
    const contents: DumpContents = {
      executable: "app.wasm",
      modules: ["app.wasm", "lib.wasm"],
      instances: [
        { module: 0, memories: [], globals: [0, 1] },
        { module: 1, memories: [], globals: [] },
        { module: 0, memories: [], globals: [2, 0xffff_ffff] },
      ],
      threads: [
        { name: "main", frames: [frame(0, 1, 1, 10), frame(1, 0, 1, 20), frame(2, 0, 3, 30)] },
        { name: "worker", frames: [frame(2, 1, 1, 40)] },
      ],
      memories: [],
      globals: [i32(100), i32(101), i32(200)],
    };
    const { debugger: core, modules } = await open(put("a.core", encodeDump(contents, "standard")));
    assert.deepEqual(
      modules.map(({ loaded }) => loaded?.path),
      [join(folder, "app.wasm"), join(folder, "lib.wasm")],
    );
    assert.deepEqual(core.threads, [
      { number: 1, name: "main" },
      { number: 2, name: "worker" },
    ]);
    const { frames } = await core.stackTrace(0, 10, 1);
    assert.deepEqual(
      frames.map(({ index, name, module }) => [index, name, module]),
      [
        [0, "func[1]", 1],
        [1, "func[0]", 2],
        [2, "entry", 1],
      ],
    );
    const values = async (at: Frame | undefined, group: string) =>
      at === undefined ? [] : (await raw(core, at, group)).map(({ value }) => value);
    assert.deepEqual(await values(frames[0], "Globals"), ["100", "101"]);
    assert.deepEqual(await values(frames[2], "Globals"), ["200", "<the coredump has no value for it>"]);
    assert.deepEqual(await values(frames[1], "Locals"), ["20"]);
    const [other] = (await core.stackTrace(0, 10, 2)).frames;
    assert.deepEqual(await values(other, "Locals"), ["40"]);
    assert.deepEqual(await values(other, "Globals"), ["200", "<the coredump has no value for it>"]);
    await assert.rejects(core.stackTrace(0, 10, 3), { code: "unsupported" });
  });

  it("knows Wasmtime's habits: modules without a name, and what is left out by the greatest index", async () => {
    const app = new WasmBuilder().type([]).memory([0, 1]).global(I32, "mutable", [0x41, 0]);
    put("app.wasm", app.func(0, [], assemble("unreachable")).build());
    const contents: DumpContents = {
      ...{ executable: "app.wasm", modules: ["<anonymous-module-0>"], memories: [], globals: [] },
      instances: [{ module: 0, memories: [0xffff_ffff], globals: [0xffff_ffff] }],
      threads: [
        { name: "main", frames: [{ instance: 0, function: 0, codeOffset: 1, locals: [], operands: [] }] },
      ],
    };
    const { debugger: core, modules } = await open(put("a.core", encodeDump(contents, "standard")));
    assert.equal(modules[0]?.loaded?.path, join(folder, "app.wasm"));
    const [top] = (await core.stackTrace(0, 1)).frames;
    assert.ok(top);
    assert.deepEqual(
      (await raw(core, top, "Globals")).map(({ value }) => value),
      ["<the coredump has no value for it>"],
    );
    assert.equal((await core.readMemory(0, toMemoryAddress(0), 8)).length, 0);
  });

  it("shows operands where a dump has them", async () => {
    const program = put(
      "app.wasm",
      new WasmBuilder().type([]).func(0, [], assemble("i32.const 7\nunreachable")).build(),
    );
    const frames = [{ instance: 0, function: 0, codeOffset: 3, locals: [], operands: [i32(7), i32(-1)] }];
    const dump = {
      ...{ executable: "app.wasm", modules: ["app.wasm"], memories: [], globals: [] },
      instances: [{ module: 0, memories: [], globals: [] }],
      threads: [{ name: "main", frames }],
    };
    const { debugger: core } = await open(put("a.core", encodeDump(dump, "standard")), { program });
    const [top] = (await core.stackTrace(0, 1)).frames;
    assert.ok(top);
    assert.deepEqual(
      (await raw(core, top, "Operands")).map(({ name, value }) => `${name}=${value}`),
      ["operand 0=7", "operand 1=-1"],
    );
  });

  it("refuses to run, in one sentence, and is closed for good", async () => {
    const core: Debugger = (await open(wasmtimeDump.path, { program: traps.path })).debugger;
    await core.start({ stopOnEntry: false });
    const refused = { name: "TargetError", code: "unsupported", message: /it does not run/ };
    await assert.rejects(core.continue(), refused);
    await assert.rejects(core.step("over"), refused);
    await assert.rejects(core.pause(), { code: "not-running" });
    const [breakpoint] = await core.setBreakpoints("traps.c", [{ line: 3 }]);
    assert.deepEqual(
      [breakpoint?.verified, breakpoint?.message],
      [false, "A coredump does not run: nothing stops at a breakpoint."],
    );
    assert.equal(core.state, "paused");
    await core.kill();
    assert.equal(core.state, "exited");
    await assert.rejects(core.stackTrace(0, 1), { code: "exited" });
  });

  it("says what is wrong with a file that is none, with section and place", async () => {
    await assert.rejects(open(traps.path), /is not a coredump: .*neither a `core` nor a `corestack` section/);
    const cut = put("cut.core", wasmtimeDump.program.bytes.slice(0, 4));
    await assert.rejects(open(cut), /is a coredump that cannot be read: .*module, offset 0x4/);
    await assert.rejects(open(join(folder, "nothing.core")), { code: "ENOENT" });
  });

  it("reads in the dialect and with the offsets that are asked for", async () => {
    const coredump = { dialect: "wasm-edit", codeOffsets: "file" } as const;
    const opened = await open(wasmtimeDump.path, { program: traps.path, coredump });
    assert.equal(opened.dump.dialect.dialect.name, "wasm-edit");
    assert.deepEqual(opened.base, { base: "file", reason: "it was asked for" });
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coredumpFixture } from "../support/coredump-fixtures.ts";
import { executable } from "../support/dap-client.ts";
import { DebugSession } from "../support/debug-session.ts";
import { type Fixture, fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import type { Message } from "../support/transcript.ts";

const steps = fixture("steps", "dwarf5.O0");
const traps = fixture("traps", "dwarf5.O0");
const list = fixture("list", "dwarf5.O0");

/** Runs the executable to its end. */
function wasmDap(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...args], {
    ...{ encoding: "utf8", cwd: fromRoot(), timeout: 60_000 },
  });
  return { status, stdout, stderr };
}

const map = `--map=/build=${fromRoot("test/fixtures")}`;

describe("coredumps", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-core-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    DebugSession.abandonAll();
  });

  const open = (guest: Fixture): DebugSession => new DebugSession(guest, { transport: "stdio" });

  /** A session over a coredump, at its stop. */
  const attach = async (guest: Fixture, more: object, request = "attach"): Promise<DebugSession> => {
    const session = open(guest);
    await session.begin({ supportsMemoryReferences: true });
    await session.client.send(request, session.configuration(more));
    await session.client.heard.event("initialized");
    await session.run();
    await session.client.heard.event("stopped");
    return session;
  };

  /** All that a user sees of a stop: frames and, in each, scopes with what they hold, two levels deep. */
  const look = async (session: DebugSession): Promise<unknown> => {
    const frames: Message[] = [];
    for (const {
      id,
      name,
      line,
      column,
      source,
      presentationHint,
      instructionPointerReference,
    } of await session.frames()) {
      const scopes: Message = {};
      for (const scope of (await session.client.scopesRequest({ frameId: id })).body.scopes) {
        if (scope.presentationHint === "registers") continue;
        scopes[scope.name] = await values(session, scope.variablesReference, 2);
      }
      frames.push({
        name,
        line,
        column,
        path: source?.path,
        presentationHint,
        instructionPointerReference,
        scopes,
      });
    }
    return frames;
  };

  const values = async (session: DebugSession, reference: number, depth: number): Promise<Message> => {
    const shown: Message = {};
    for (const [name, { value, type, variablesReference }] of await session.children(reference)) {
      shown[name] = [value, type];
      if (variablesReference > 0 && depth > 1)
        shown[name].push(await values(session, variablesReference, depth - 1));
    }
    return shown;
  };

  it("show what their stop showed: frames, scopes, typed values and expressions", async () => {
    const live = open(list);
    await live.runTo(["look"]);
    const path = join(folder, "look.core");
    const { body } = await live.client.send("saveCoredump", { path });
    assert.equal(body.path, path);
    const seen = await look(live);
    const asked = ["p->next->name", "*t->right", "corners[index].x", "$global0"];
    const answers = await Promise.all(asked.map(async (text) => (await live.evaluate(text)).result));
    await live.client.disconnectRequest();
    const dead = await attach(list, { coreFile: path });
    assert.deepEqual(await look(dead), seen);
    for (const [index, text] of asked.entries())
      assert.equal((await dead.evaluate(text)).result, answers[index]);
    await dead.end();
  });

  it("stand at their trap, and say what trapped", async () => {
    const path = join(folder, "trap.core");
    const live = open(traps);
    await live.begin();
    await live.launch({ args: ["divide"], coredump: { onTrap: join(folder, "%e.%t.core") } });
    await live.run();
    await live.client.heard.event("stopped");
    const info = (await live.client.send("exceptionInfo", { threadId: 1 })).body;
    const seen = await look(live);
    const [file = ""] = readdirSync(folder);
    assert.match(file, /^traps\.dwarf5\.O0\.\d+\.core$/);
    assert.match(live.client.heard.output("console"), /Coredump written to .*\.core \(\d+ bytes\)/);
    await live.client.send("evaluate", { expression: `:coredump ${path}`, context: "repl" });
    assert.ok(existsSync(path));
    await live.client.disconnectRequest();

    const dead = await attach(traps, { coreFile: join(folder, file) });
    assert.equal(dead.client.heard.events("stopped")[0]?.reason, "exception");
    const again = (await dead.client.send("exceptionInfo", { threadId: 1 })).body;
    assert.equal(again.exceptionId, info.exceptionId);
    assert.deepEqual(await look(dead), seen);
    await dead.end();
  });

  it("refuse to run in a sentence, and leave everything as it was", async () => {
    const dump = coredumpFixture("traps.load.wasmtime.core");
    const session = await attach(traps, { coreFile: dump.path });
    const [top] = await session.frames(1);
    for (const command of ["continue", "next", "stepIn", "stepOut"]) {
      await assert.rejects(
        session.client.send(command, { threadId: 1 }),
        /it can be looked at, but it does not run/,
      );
    }
    // The frame's number is still good.
    const { scopes } = (await session.client.scopesRequest({ frameId: top?.id })).body;
    assert.deepEqual(
      scopes.map(({ name }) => name),
      ["Locals (recovered)", "Globals", "Wasm"],
    );
    const { variablesReference } = scopes[0] as Message;
    await assert.rejects(
      session.client.send("setVariable", { variablesReference, name: "offset", value: "1" }),
      /cannot be changed/,
    );
    await assert.rejects(session.client.send("saveCoredump", {}), /This is a coredump already/);
    const [breakpoint] = await session.breakAt(["load"]);
    assert.equal(breakpoint?.verified, false);
    await session.end();
  });

  it("have memory and code to be read, as a stopped program has", async () => {
    const dump = coredumpFixture("traps.load.wasmtime.core");
    const session = await attach(traps, { coreFile: dump.path });
    const name = await session.evaluate("(char *)ways[2].name");
    const memory = { memoryReference: name.memoryReference, count: 5 };
    const { data } = (await session.client.send("readMemory", memory)).body;
    assert.equal(Buffer.from(data, "base64").toString("latin1"), "load\0");
    await assert.rejects(
      session.client.send("writeMemory", { ...memory, data: "AAAA" }),
      /cannot be changed/,
    );
    const [top] = await session.frames(1);
    const memoryReference = top?.instructionPointerReference;
    const { instructions } = (
      await session.client.send("disassemble", { memoryReference, instructionCount: 1 })
    ).body;
    assert.match(instructions[0]?.instruction ?? "", /i32\.load/);
    await session.end();
  });

  it("are read anew by a restart, and closed by a terminate", async () => {
    const dump = coredumpFixture("traps.divide.wasmtime.core");
    const session = await attach(traps, { coreFile: dump.path });
    const [before] = await session.frames(1);
    await session.client.send("restart", {});
    await session.client.heard.event("stopped");
    const [after] = await session.frames(1);
    assert.deepEqual([after?.name, after?.line], [before?.name, before?.line]);
    assert.deepEqual((await session.client.scopesRequest({ frameId: before?.id })).body.scopes, []);
    await session.client.send("terminate", {});
    await session.client.heard.event("terminated");
    await session.end();
  });

  it("say how they were read, where the modules are", async () => {
    const dump = coredumpFixture("steps.wasm-edit.core");
    const session = await attach(steps, { coreFile: dump.path }, "launch");
    const { modules } = (await session.client.modulesRequest({})).body;
    assert.match(
      modules[0]?.symbolStatus ?? "",
      /^DWARF .* Coredump in the dialect wasm-edit \(wasm-edit\): the stacks/,
    );
    assert.match(modules[0]?.symbolStatus ?? "", /Code offsets count from the function's first instruction/);
    const { threads } = (await session.client.threadsRequest()).body;
    assert.deepEqual(threads, [{ id: 1, name: "main" }]);
    assert.equal(session.client.heard.events("capabilities")[0]?.capabilities.supportsSetVariable, false);
    await session.end();
  });

  it("are refused with section and place when they are damaged", async () => {
    const path = join(folder, "bad.core");
    writeFileSync(path, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 200));
    const session = open(traps);
    await session.begin();
    await assert.rejects(
      session.client.send("attach", { coreFile: path, program: traps.path }),
      /bad\.core is a coredump that cannot be read: .*\(module, offset 0x/,
    );
    await session.client.heard.event("terminated");
    await session.client.disconnectRequest();
  });

  it("are written by `run --core` and read by `core`", () => {
    const path = join(folder, "%e-%p.core");
    const run = wasmDap("run", traps.path, "--core", path, "--", "load");
    assert.equal(run.status, 134);
    const [file = ""] = readdirSync(folder);
    assert.match(file, /^traps\.dwarf5\.O0-\d+\.core$/);
    assert.ok(run.stderr.includes(`Coredump written to ${join(folder, file)}`), run.stderr);
    const { status, stdout } = wasmDap("core", join(folder, file), map);
    assert.equal(status, 0);
    assert.match(stdout, /^Thread 1 \(main\)$/m);
    assert.match(
      stdout,
      /^Trap: memory access out of bounds: i32\.load reads 4 bytes at address 0xffffff48: .*, in trap_load\(offset=42\) at .*traps\.c:\d+/m,
    );
    assert.match(stdout, /^#1 .* main\(argc=2, argv=0x[0-9a-f]+\) at .*traps\.c:\d+/m);
    assert.match(stdout, /^ {4}offset += 42$/m);
  });

  it("are reported as JSON lines, and the exit status says whether there were symbols", () => {
    const dumps = ["load", "divide"].map((death) => coredumpFixture(`traps.${death}.wasmtime.core`).path);
    const { status, stdout } = wasmDap("core", ...dumps, "--program", traps.path, "--json", "--show", "argc");
    assert.equal(status, 0);
    const [first, second] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(first.event, "coredump");
    assert.deepEqual([first.reason, first.trap], ["trap", "memory-out-of-bounds"]);
    assert.equal(second.trap, "integer-divide-by-zero");
    assert.equal(first.threads[0].backtrace[0].function, "trap_load");
    assert.equal(first.threads[0].recovered, true);
    assert.equal(first.modules[0].debugInfo.startsWith("DWARF"), true);
    assert.match(first.modules[0].sha256, /^[0-9a-f]{64}$/);
    const unknown = wasmDap(
      "core",
      dumps[0] ?? "",
      "--program",
      fixture("hello", "stripped.O0").path,
      "--json",
    );
    assert.equal(unknown.status, 3);
    const none = join(folder, "none.core");
    const missing = wasmDap("core", none, dumps[1] ?? "", "--program", traps.path, "--json");
    assert.equal(missing.status, 1);
    const [error, good] = missing.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([error.event, error.file, good.event], ["error", none, "coredump"]);
  });
});

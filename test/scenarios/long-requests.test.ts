import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable, gone } from "../support/dap-client.ts";
import { fixture } from "../support/fixtures.ts";
import { SessionClient } from "../support/session-client.ts";

describe("what takes long", () => {
  const adapters: ChildProcess[] = [];
  // What a failed test leaves; the others have ended.
  afterEach(() => {
    for (const adapter of adapters.splice(0)) adapter.stdin?.end();
  });
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-long-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A client over stdio that can send without waiting. */
  const connect = async (facts: object = {}) => {
    const adapter = spawn(process.execPath, [executable], { stdio: ["pipe", "pipe", "inherit"] });
    adapters.push(adapter);
    const client = new SessionClient(adapter.stdout, adapter.stdin);
    await client.ask("initialize", { adapterID: "wasm", ...facts });
    const end = async () => {
      await client.ask("disconnect");
      if (adapter.exitCode === null) await once(adapter, "exit");
      client.verify();
    };
    return { client, end };
  };

  const atMillion = async (facts: object) => {
    const { client, end } = await connect({ supportsVariablePaging: true, ...facts });
    const guest = fixture("cpp-values", "dwarf5.O0");
    const { path, compilationDir, sourceFolder } = guest;
    const sourceFileMap = { [compilationDir]: sourceFolder };
    await client.ask("launch", { program: path, args: ["big"], sourceFileMap });
    const breakpoints = [{ line: guest.markers().lineOf("big") }];
    await client.ask("setBreakpoints", { source: { path: guest.source() }, breakpoints });
    await client.ask("configurationDone");
    await client.event("stopped");
    const { stackFrames } = await client.ask("stackTrace", { threadId: 1, levels: 1 });
    const [{ id: frameId }] = stackFrames;
    const million = await client.ask("evaluate", { expression: "million", frameId });
    return { client, end, million: million.variablesReference as number, frameId };
  };

  it("is given up when its client asks for that, and what comes next is answered at once", async () => {
    const { client, end, million, frameId } = await atMillion({});
    const reading = client.post("variables", { variablesReference: million });
    const waiting = client.post("threads");
    await client.ask("cancel", { requestId: reading });
    const answer = await client.answerTo(reading);
    assert.deepEqual([answer.success, answer.message], [false, "cancelled"]);
    assert.equal((await client.answerTo(waiting)).success, true);
    const { result } = await client.ask("evaluate", { expression: "million[500000]", frameId });
    assert.equal(result, "1000000");
    await end();
  });

  it("is given up in the midst of its work, which goes no further", async () => {
    const { client, end } = await connect({ supportsProgressReporting: true });
    const { path, compilationDir, sourceFolder, source, markers } = fixture("calls", "dwarf5.O0");
    await client.ask("launch", { program: path, sourceFileMap: { [compilationDir]: sourceFolder } });
    const breakpoints = [{ line: markers().lineOf("total") }];
    await client.ask("setBreakpoints", { source: { path: source() }, breakpoints });
    await client.ask("configurationDone");
    await client.event("stopped");
    const { stackFrames } = await client.ask("stackTrace", { threadId: 1, levels: 1 });
    const [{ id: frameId, instructionPointerReference: memoryReference }] = stackFrames;
    // Both are sent before anything of the first can be answered: its rows are made in parts, between which the other is read.
    const listing = client.post("disassemble", { memoryReference, instructionCount: 100_000 });
    await client.ask("cancel", { requestId: listing });
    assert.equal((await client.answerTo(listing)).message, "cancelled");
    const calling = client.post("evaluate", { expression: "hang()", frameId, context: "repl" });
    await client.ask("cancel", { requestId: calling });
    assert.equal((await client.answerTo(calling)).message, "cancelled");
    const shown = client.post("evaluate", { expression: "hang()", frameId, context: "repl" });
    const started = await client.event("progressStart", ({ title }) => title === "Evaluating");
    assert.deepEqual([started.requestId, started.cancellable], [shown, true]);
    await client.ask("cancel", { progressId: started.progressId });
    assert.equal((await client.answerTo(shown)).message, "cancelled");
    await client.event("progressEnd", ({ progressId }) => progressId === started.progressId);
    // The program's thread is free again: nothing waits for the call.
    const { result } = await client.ask("evaluate", { expression: "1 + 1", frameId, context: "repl" });
    assert.equal(result, "2");
    await client.ask("continue", { threadId: 1 });
    await client.event("exited");
    await end();
  });

  it("is shown as under way, and given up where it is shown", async () => {
    const { client, end, million } = await atMillion({ supportsProgressReporting: true });
    const reading = client.post("variables", { variablesReference: million });
    const started = await client.event("progressStart", ({ title }) => title === "Reading variables");
    assert.deepEqual([started.requestId, started.cancellable], [reading, true]);
    await client.ask("cancel", { progressId: started.progressId });
    assert.equal((await client.answerTo(reading)).message, "cancelled");
    await client.event("progressEnd", ({ progressId }) => progressId === started.progressId);
    await end();
  });

  it("is not shown to a client that shows nothing of the kind", async () => {
    const { client, end, million } = await atMillion({});
    const { variables } = await client.ask("variables", {
      ...{ variablesReference: million, filter: "indexed", count: 20_000 },
    });
    assert.equal(variables.length, 20_000);
    assert.deepEqual([variables[0].name, variables[19_999].name], ["[0]", "[19999]"]);
    assert.deepEqual(client.events("progressStart"), []);
    await end();
  });

  it("is the loading of a large module, stage by stage, which can be given up", async () => {
    const program = join(folder, "large.wasm");
    const padding = Buffer.alloc(5 << 20);
    const size = Buffer.from([
      padding.length,
      padding.length >> 7,
      padding.length >> 14,
      padding.length >> 21,
    ]);
    for (let at = 0; at < 3; at++) size[at] = (size[at] ?? 0) | 0x80;
    size[3] = (size[3] ?? 0) & 0x7f;
    writeFileSync(
      program,
      Buffer.concat([readFileSync(fixture("spin", "dwarf5.O0").path), Buffer.from([0]), size, padding]),
    );
    const facts = { supportsProgressReporting: true };
    const whole = await connect(facts);
    await whole.client.ask("launch", { program });
    const [started] = whole.client.events("progressStart");
    assert.equal(started?.title, "Loading large.wasm");
    assert.deepEqual(
      whole.client.events("progressUpdate").map(({ message }) => message),
      ["Reading the module", "Reading its debug info", "Preparing and compiling it"],
    );
    assert.equal(whole.client.events("progressEnd").length, 1);
    await whole.end();

    const given = await connect(facts);
    const launch = given.client.post("launch", { program });
    const { progressId } = await given.client.event("progressStart");
    await given.client.ask("cancel", { progressId });
    const answer = await given.client.answerTo(launch);
    assert.equal(answer.success, false);
    for (const { systemProcessId } of given.client.events("process")) await gone(systemProcessId);
    await given.end();
  });
});

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { toMemoryAddress } from "../../../src/base/brand.ts";
import type { SourceFile } from "../../../src/debuginfo/debug-info.ts";
import type { Scope, Variable } from "../../../src/symbols/variable.ts";
import { fakeDebugInfo, fakeFrame, fakeVariable } from "../../support/fake-launch.ts";
import { begin, type FakeSession, finish, startFakeSession } from "../../support/fake-session.ts";

/** A scope of these variables. */
const locals = (...members: Variable[]): Scope => ({
  ...{ kind: "locals", name: "Locals", expensive: false },
  variables: fakeVariable("Locals", "", { members, writable: false, kind: "virtual" }),
});

const textOf = (text: string | undefined) => ({ text: () => text });

describe("looking at a stopped program", () => {
  let session: FakeSession;
  let folder: string;
  let onDisk: SourceFile;
  const embedded: SourceFile = { id: 1, path: "/build/inline.c", ...textOf("int x;\n") };
  const missing: SourceFile = { id: 2, path: "/build/gone.c" };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-sources-"));
    const path = join(folder, "steps.c");
    writeFileSync(path, "int main(void) {}\n");
    onDisk = { id: 0, path, md5: createHash("md5").update("int main(void) {}\n").digest("hex") };
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    session = startFakeSession();
    session.launch.debugInfo = fakeDebugInfo([onDisk, embedded, missing]);
  });

  /** Begins, and stops the program with some frames and variables. */
  const stop = async (facts: object = {}, variables: readonly Variable[] = []) => {
    await begin(session, { program: "steps.wasm" }, facts);
    const { program } = session.launch;
    program.frames = [
      fakeFrame(0, "fib", onDisk),
      fakeFrame(1, "inline", embedded),
      fakeFrame(2, "gone", missing),
      fakeFrame(3, "$func3", undefined),
      { ...fakeFrame(4, "fd_write", undefined), kind: "host" },
    ];
    program.variables = [locals(...variables)];
    program.halt({ kind: "pause" });
    await session.client.event("stopped");
    return session.client;
  };
  const frames = async () => (await session.client.ask("stackTrace", { threadId: 1 })).stackFrames;
  /** The reference of the first scope of the first frame. */
  const scope = async () => {
    const [frame] = await frames();
    return (await session.client.ask("scopes", { frameId: frame.id })).scopes[0].variablesReference;
  };

  it("shows frames with a file, an embedded text, a missing file, no source, and of the host", async () => {
    await stop();
    const [file, inline, gone, nameless, host] = await frames();
    assert.deepEqual(file, {
      id: 1,
      name: "fib",
      source: {
        checksums: [{ algorithm: "MD5", checksum: onDisk.md5 }],
        name: "steps.c",
        path: onDisk.path,
      },
      line: 5,
      column: 3,
      moduleId: 1,
      instructionPointerReference: "0xc0de0000054f",
    });
    assert.deepEqual(inline.source, {
      name: "inline.c",
      path: "/build/inline.c",
      sourceReference: 1,
      origin: "embedded in the debug info",
    });
    assert.deepEqual(gone.source, {
      name: "gone.c",
      path: "/build/gone.c",
      sourceReference: 2,
      presentationHint: "deemphasize",
    });
    assert.deepEqual([nameless.line, nameless.column, nameless.presentationHint], [0, 0, "subtle"]);
    assert.deepEqual([host.presentationHint, host.moduleId], ["label", undefined]);
    await finish(session);
  });

  it("gives exactly the frames asked for, with the number of all", async () => {
    const client = await stop();
    const page = await client.ask("stackTrace", { threadId: 1, startFrame: 1, levels: 2 });
    assert.deepEqual(
      page.stackFrames.map(({ name }: { name: string }) => name),
      ["inline", "gone"],
    );
    assert.equal(page.totalFrames, 5);
    assert.deepEqual(
      (await client.ask("stackTrace", { threadId: 1, startFrame: 9, levels: 2 })).stackFrames,
      [],
    );
    assert.match((await client.request("stackTrace", { threadId: 2 })).message, /There is no thread 2/);
    await finish(session);
  });

  it("gives a frame the same number each time it is shown during a stop", async () => {
    await stop();
    assert.deepEqual(await frames(), await frames());
    await finish(session);
  });

  it("shows a frame's name in the format asked for", async () => {
    const client = await stop({}, [fakeVariable("n", "30")]);
    const named = async (format: object) =>
      (await client.ask("stackTrace", { threadId: 1, levels: 1, format })).stackFrames[0].name;
    assert.equal(await named({}), "fib");
    assert.equal(await named({ parameters: true }), "fib(n=30)");
    assert.equal(await named({ parameters: true, parameterTypes: true }), "fib(int)");
    assert.equal(await named({ parameters: true, parameterTypes: true, parameterNames: true }), "fib(int n)");
    assert.equal(await named({ parameters: true, parameterValues: true, hex: true }), "fib(0x1e)");
    assert.equal(await named({ module: true, line: true }), "steps.wasm!fib Line 5");
    await finish(session);
  });

  it("counts lines and columns and writes paths as the client does", async () => {
    const client = await stop({ linesStartAt1: false, columnsStartAt1: false, pathFormat: "uri" });
    const [frame] = await frames();
    assert.deepEqual([frame.line, frame.column], [4, 2]);
    assert.equal(frame.source.path, pathToFileURL(onDisk.path).href);
    await client.ask("setBreakpoints", {
      source: { path: pathToFileURL(onDisk.path).href },
      breakpoints: [{ line: 2 }],
    });
    assert.ok(session.launch.program.calls.includes(`setBreakpoints ${onDisk.path} 2`));
    await finish(session);
  });

  it("gives the embedded text of a source, and an honest answer for one that is nowhere", async () => {
    const client = await stop();
    await frames();
    assert.deepEqual(await client.ask("source", { sourceReference: 1, source: { sourceReference: 1 } }), {
      content: "int x;\n",
    });
    const gone = await client.request("source", { sourceReference: 2 });
    assert.match(
      gone.message,
      /\/build\/gone\.c is not on this machine.*Looked for: .*\/build\/gone\.c.*sourceFileMap/,
    );
    assert.match(
      (await client.request("source", { sourceReference: 9 })).message,
      /no source with the reference 9/,
    );
    await finish(session);
  });

  it("says once that a source has changed since it was compiled", async () => {
    const changed = { ...onDisk, md5: "0".repeat(32) };
    session.launch.debugInfo = fakeDebugInfo([changed]);
    await begin(session);
    session.launch.program.frames = [fakeFrame(0, "fib", changed)];
    session.launch.program.halt({ kind: "pause" });
    await frames();
    await frames();
    assert.match(
      session.client.output("console"),
      /^[^\n]*steps\.c has changed since the program was compiled[^\n]*\n$/,
    );
    await finish(session);
  });

  it("lists scopes without reading them, and their variables with what clients draw by", async () => {
    const client = await stop({ supportsVariableType: true, supportsMemoryReferences: true }, [
      fakeVariable("n", "3", { memoryReference: toMemoryAddress(0x1000) }),
      fakeVariable("p", "{x = 1}", {
        members: [fakeVariable("x", "1", { evaluateName: "p.x" })],
        writable: false,
      }),
      fakeVariable("lost", "<optimised out>", { unavailable: "optimised out", writable: false }),
    ]);
    const [frame] = await frames();
    const { scopes } = await client.ask("scopes", { frameId: frame.id });
    assert.deepEqual(
      { ...scopes[0], variablesReference: 0 },
      {
        name: "Locals",
        presentationHint: "locals",
        expensive: false,
        variablesReference: 0,
        namedVariables: 3,
        indexedVariables: 0,
      },
    );
    const { variables } = await client.ask("variables", { variablesReference: scopes[0].variablesReference });
    const [n, p, lost] = variables;
    assert.deepEqual(n, {
      ...{ name: "n", value: "3", type: "int", evaluateName: "n", memoryReference: "0x1000" },
      ...{ variablesReference: 0, presentationHint: { kind: "data" } },
    });
    assert.deepEqual([p.namedVariables, p.presentationHint.attributes], [1, ["readOnly"]]);
    assert.deepEqual(lost.presentationHint.attributes, ["readOnly", "failedEvaluation"]);
    const inner = await client.ask("variables", { variablesReference: p.variablesReference });
    assert.equal(inner.variables[0].evaluateName, "p.x");
    await finish(session);
  });

  it("keeps types and addresses from clients that do not take them", async () => {
    const client = await stop({}, [fakeVariable("n", "3", { memoryReference: toMemoryAddress(16) })]);
    const { variables } = await client.ask("variables", { variablesReference: await scope() });
    assert.deepEqual([variables[0].type, variables[0].memoryReference], [undefined, undefined]);
    await finish(session);
  });

  it("pages members and elements, reading only what is asked for", async () => {
    const read: number[] = [];
    const big = fakeVariable("big", "{...}", {
      members: [fakeVariable("size", "5"), fakeVariable("cap", "8")],
      indexed: 2_000_000,
      elements: (i) => {
        read.push(i);
        return fakeVariable(`[${i}]`, String(i));
      },
    });
    const client = await stop({ supportsVariablePaging: true }, [big]);
    const { variables } = await client.ask("variables", { variablesReference: await scope() });
    const { variablesReference } = variables[0];
    const names = async (args: object) =>
      (await client.ask("variables", { variablesReference, ...args })).variables.map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(await names({ filter: "indexed", start: 1_999_998, count: 5 }), [
      "[1999998]",
      "[1999999]",
    ]);
    assert.deepEqual(await names({ filter: "named" }), ["size", "cap"]);
    assert.deepEqual(await names({ start: 1, count: 2 }), ["cap", "[0]"]);
    assert.deepEqual(await names({ filter: "indexed", start: 5_000_000, count: 5 }), []);
    assert.deepEqual(read, [1_999_998, 1_999_999, 0]);
    await finish(session);
  });

  it("gives a client that cannot page the elements of a long array in ranges", async () => {
    const big = fakeVariable("big", "{...}", {
      indexed: 2_500_000,
      elements: (i) => fakeVariable(`[${i}]`, String(i)),
    });
    const client = await stop({}, [big]);
    const children = async (variablesReference: number) =>
      (await client.ask("variables", { variablesReference })).variables;
    const [array] = await children(await scope());
    const ranges = await children(array.variablesReference);
    assert.deepEqual(
      ranges.map(({ name }: { name: string }) => name),
      ["[0..999999]", "[1000000..1999999]", "[2000000..2499999]"],
    );
    const smaller = await children(ranges[2].variablesReference);
    assert.equal(smaller.length, 500);
    assert.equal(smaller[499].name, "[2499000..2499999]");
    const elements = await children(smaller[499].variablesReference);
    assert.deepEqual(
      [elements.length, elements[999].name, elements[999].value],
      [1000, "[2499999]", "2499999"],
    );
    await finish(session);
  });

  it("shows values in hexadecimal when asked", async () => {
    const client = await stop({}, [fakeVariable("n", "255")]);
    const variablesReference = await scope();
    const { variables } = await client.ask("variables", { variablesReference, format: { hex: true } });
    assert.equal(variables[0].value, "0xff");
    assert.equal((await client.ask("evaluate", { expression: "n", format: { hex: true } })).result, "0xff");
    await finish(session);
  });

  it("evaluates in a frame, and without one in the innermost of the program's own", async () => {
    const client = await stop({}, [fakeVariable("n", "3")]);
    const [, inline] = await frames();
    assert.equal(
      (await client.ask("evaluate", { expression: "n", frameId: inline.id, context: "watch" })).result,
      "3",
    );
    await client.ask("evaluate", { expression: "n", context: "repl" });
    assert.deepEqual(session.launch.program.calls.slice(-1), ["evaluate fib n"]);
    await finish(session);
  });

  it("answers an expression that cannot be evaluated with its reason, and pops up nothing", async () => {
    const client = await stop();
    for (const context of ["hover", "watch", "repl"]) {
      const answer = await client.request("evaluate", { expression: "nope", context });
      const place = context === "repl" ? "\nnope\n^" : "";
      assert.equal(answer.message, `There is no \`nope\` here.${place}`);
      assert.equal(answer.body.error.showUser, false);
    }
    await finish(session);
  });

  it("changes a variable and lets the client know that others may have changed", async () => {
    const client = await stop({ supportsInvalidatedEvent: true }, [
      fakeVariable("n", "3"),
      fakeVariable("s", "{...}", { writable: false }),
    ]);
    const variablesReference = await scope();
    const set = (name: string, value: string) =>
      client.request("setVariable", { variablesReference, name, value });
    assert.deepEqual((await set("n", "7")).body, { value: "7", variablesReference: 0 });
    assert.deepEqual(await client.event("invalidated"), { areas: ["variables"] });
    assert.equal((await set("n", "x")).message, "`x` is not a number");
    assert.match((await set("s", "1")).message, /`s` cannot be changed/);
    assert.match((await set("m", "1")).message, /no variable `m`/);
    assert.equal((await client.ask("setExpression", { expression: "n", value: "9" })).value, "9");
    await finish(session);
  });

  /** What there is for a client that has not noticed that a stop is over. */
  const seeNothing = async (frameId: number, variablesReference: number) => {
    const { client } = session;
    assert.deepEqual(await client.ask("scopes", { frameId }), { scopes: [] });
    assert.deepEqual(await client.ask("variables", { variablesReference }), { variables: [] });
    const watch = await client.request("evaluate", { expression: "n", frameId, context: "watch" });
    assert.equal(watch.body.error.format, "not available");
  };

  it("shows nothing of an earlier stop, and changes nothing by its numbers", async () => {
    const client = await stop({}, [fakeVariable("n", "3")]);
    const [frame] = await frames();
    const variablesReference = await scope();
    await client.ask("next", { threadId: 1 });
    await client.event("stopped");
    await seeNothing(frame.id, variablesReference);
    const expression = { expression: "n = 4", frameId: frame.id, context: "repl" };
    assert.match(
      (await client.request("evaluate", expression)).message,
      /^Frame 1 belongs to an earlier stop/,
    );
    const change = { variablesReference, name: "n", value: "4" };
    assert.match((await client.request("setVariable", change)).message, /belongs to an earlier stop/);
    assert.notEqual((await frames())[0].id, frame.id);
    await finish(session);
  });

  it("refuses to look at a running program, in the protocol's word", async () => {
    await begin(session);
    for (const command of [
      "stackTrace",
      "scopes",
      "variables",
      "evaluate",
      "next",
      "stepIn",
      "stepOut",
      "setVariable",
    ]) {
      const answer = await session.client.request(command, {
        expression: "n",
        threadId: 1,
        frameId: 1,
        variablesReference: 1,
      });
      assert.equal(answer.message, "notStopped", command);
      assert.equal(answer.body.error.format, "The program is running: pause it first.");
    }
    await finish(session);
  });

  it("shows nothing of a stop to a client that has not noticed yet that the program runs on", async () => {
    const client = await stop({}, [fakeVariable("n", "3")]);
    const [frame] = await frames();
    const variablesReference = await scope();
    await client.ask("continue", { threadId: 1 });
    await seeNothing(frame.id, variablesReference);
    assert.deepEqual(await frames(), []);
    const watch = { expression: "n", context: "watch" };
    const unknown = { frameId: frame.id + 100, variablesReference: variablesReference + 100 };
    for (const command of ["scopes", "variables", "evaluate"]) {
      assert.equal((await client.request(command, { ...watch, ...unknown })).message, "notStopped", command);
    }
    await finish(session);
  });

  it("names its one module and its sources", async () => {
    const client = await stop();
    assert.deepEqual(await client.ask("modules"), {
      modules: [{ id: 1, name: "steps.wasm", path: "/guests/steps.wasm", symbolStatus: "DWARF 5, 1 unit" }],
      totalModules: 1,
    });
    const { sources } = await client.ask("loadedSources");
    assert.deepEqual(
      sources.map(({ name }: { name: string }) => name),
      ["steps.c", "inline.c", "gone.c"],
    );
    await finish(session);
  });

  it("says which lines take a breakpoint", async () => {
    const client = await stop();
    const lines = async (path: string) =>
      (await client.ask("breakpointLocations", { source: { path }, line: 4, endLine: 7 })).breakpoints;
    assert.deepEqual(await lines(onDisk.path), [{ line: 5 }, { line: 7 }]);
    assert.deepEqual(await lines("/other/steps.c"), []);
    await finish(session);
  });
});

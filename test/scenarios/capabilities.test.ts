import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { launchInTerminal } from "../support/terminal-program.ts";
import type { Message } from "../support/transcript.ts";

/** A guest that stands at a marker. */
interface Guest {
  readonly language: string;
  readonly guest: string;
  readonly build: string;
  readonly args: readonly string[];
  readonly marker: string;
  /** A function that is on the stack there, and a number that is a local of the innermost frame. */
  readonly caller: string;
  readonly number: string;
  /** What the program ends with when it is let run on. */
  readonly exit: number;
}

const guests: readonly Guest[] = [
  {
    ...{ language: "C", guest: "callbacks", build: "dwarf5.O0", args: [] },
    ...{ marker: "add", caller: "main", number: "a", exit: 0 },
  },
  {
    ...{ language: "C++", guest: "cpp-exceptions", build: "dwarf5.O0", args: ["base"] },
    ...{ marker: "throw", caller: "main", number: "code", exit: 1 },
  },
  {
    ...{ language: "Rust", guest: "rust-panics", build: "dwarf4.O0", args: ["index"] },
    ...{ marker: "index", caller: "rust_panics::main", number: "at", exit: 134 },
  },
];

/** What a scenario has: a session that stands at the marker, the innermost frame, and what it is. */
interface Standing {
  readonly session: DebugSession;
  readonly guest: Guest;
  readonly top: Message;
}

type Scenario = (standing: Standing) => Promise<void>;

const send = async ({ session }: Standing, command: string, args: object): Promise<Message> =>
  (await session.client.send(command, args)).body ?? {};

const setAtMarker = async (standing: Standing, behaviour: object): Promise<Message> => {
  const { session, guest } = standing;
  const breakpoints = [{ line: session.fixture.markers().lineOf(guest.marker), ...behaviour }];
  const body = await send(standing, "setBreakpoints", {
    source: { path: session.fixture.source() },
    breakpoints,
  });
  return body.breakpoints[0];
};

const firstLocals = async (standing: Standing): Promise<Message> => {
  const { scopes } = await send(standing, "scopes", { frameId: standing.top.id });
  return scopes.find((scope: Message) => scope.presentationHint === "locals" || scope.name === "Locals");
};

/** One scenario for each capability: that what is promised is done. */
const scenarios: Readonly<Record<string, Scenario>> = {
  supportsConfigurationDoneRequest: async ({ session }) => {
    assert.equal(session.client.heard.events("stopped").length, 1);
  },
  supportsFunctionBreakpoints: async (standing) => {
    const body = await send(standing, "setFunctionBreakpoints", {
      breakpoints: [{ name: "main" }, { name: "no_such" }],
    });
    assert.deepEqual(
      body.breakpoints.map(({ verified }: Message) => verified),
      [true, false],
    );
  },
  supportsConditionalBreakpoints: async (standing) => {
    assert.equal((await setAtMarker(standing, { condition: `${standing.guest.number} > 0` })).verified, true);
    assert.equal((await setAtMarker(standing, { condition: "no_such > 0" })).verified, false);
  },
  supportsHitConditionalBreakpoints: async (standing) => {
    assert.equal((await setAtMarker(standing, { hitCondition: ">= 2" })).verified, true);
    assert.equal((await setAtMarker(standing, { hitCondition: "often" })).verified, false);
  },
  supportsLogPoints: async (standing) => {
    const logMessage = `is {${standing.guest.number},x}`;
    assert.equal((await setAtMarker(standing, { logMessage })).verified, true);
    assert.equal((await setAtMarker(standing, { logMessage: "{" })).verified, false);
  },
  supportsEvaluateForHovers: async (standing) => {
    const expression = standing.guest.number;
    const { result } = await send(standing, "evaluate", {
      expression,
      frameId: standing.top.id,
      context: "hover",
    });
    assert.match(result, /^\d+$/);
  },
  supportsClipboardContext: async (standing) => {
    const expression = standing.guest.number;
    const { result } = await send(standing, "evaluate", {
      expression,
      frameId: standing.top.id,
      context: "clipboard",
    });
    assert.match(result, /^\d+$/);
  },
  supportsValueFormattingOptions: async (standing) => {
    const format = { hex: true };
    const expression = standing.guest.number;
    const { result } = await send(standing, "evaluate", { expression, frameId: standing.top.id, format });
    assert.match(result, /^0x[0-9a-f]+$/);
  },
  exceptionBreakpointFilters: async (standing) => {
    const body = await send(standing, "setExceptionBreakpoints", { filters: ["unreachable", "panic"] });
    assert.deepEqual(
      body.breakpoints.map(({ verified }: Message) => verified),
      [true, true],
    );
  },
  supportsExceptionFilterOptions: async (standing) => {
    const filterOptions = [{ filterId: "thrown", condition: "std::*" }];
    const body = await send(standing, "setExceptionBreakpoints", { filters: [], filterOptions });
    assert.equal(body.breakpoints[0].verified, true);
    await send(standing, "setExceptionBreakpoints", { filters: ["panic"] });
  },
  supportsExceptionInfoRequest: async (standing) => {
    await assert.rejects(send(standing, "exceptionInfo", { threadId: 1 }), /did not stop at/);
  },
  supportsSetVariable: async (standing) => {
    const { variablesReference } = await firstLocals(standing);
    const children = await standing.session.children(variablesReference);
    const { number: name } = standing.guest;
    const holder = children.has(name)
      ? variablesReference
      : (await send(standing, "scopes", { frameId: standing.top.id })).scopes[0].variablesReference;
    const { value } = await send(standing, "setVariable", { variablesReference: holder, name, value: "41" });
    assert.equal(value, "41");
  },
  supportsSetExpression: async (standing) => {
    const { number: expression } = standing.guest;
    const { value } = await send(standing, "setExpression", {
      expression,
      value: "42",
      frameId: standing.top.id,
    });
    assert.equal(value, "42");
  },
  supportsStepInTargetsRequest: async (standing) => {
    const { targets } = await send(standing, "stepInTargets", { frameId: standing.top.id });
    assert.ok(Array.isArray(targets));
  },
  supportsCompletionsRequest: async (standing) => {
    const text = standing.guest.number.slice(0, 1);
    const { targets } = await send(standing, "completions", { text, column: 2, frameId: standing.top.id });
    assert.ok(targets.some(({ label }: Message) => label === standing.guest.number));
  },
  completionTriggerCharacters: async (standing) => {
    const { targets } = await send(standing, "completions", {
      text: "nothing.",
      column: 9,
      frameId: standing.top.id,
    });
    assert.deepEqual(targets, []);
  },
  supportsModulesRequest: async (standing) => {
    const { modules } = await send(standing, "modules", {});
    assert.match(modules[0].symbolStatus, /DWARF/);
  },
  supportsLoadedSourcesRequest: async (standing) => {
    const { sources } = await send(standing, "loadedSources", {});
    assert.ok(sources.some(({ path }: Message) => path === standing.session.fixture.source()));
  },
  supportsDelayedStackTraceLoading: async (standing) => {
    const { stackFrames, totalFrames } = await send(standing, "stackTrace", {
      threadId: 1,
      startFrame: 1,
      levels: 1,
    });
    assert.equal(stackFrames.length, 1);
    assert.ok(totalFrames > 2);
  },
  supportsBreakpointLocationsRequest: async (standing) => {
    const { session, guest } = standing;
    const line = session.fixture.markers().lineOf(guest.marker);
    const source = { path: session.fixture.source() };
    const { breakpoints } = await send(standing, "breakpointLocations", { source, line });
    assert.equal(breakpoints[0].line, line);
  },
  supportsReadMemoryRequest: async (standing) => {
    const { data } = await send(standing, "readMemory", { memoryReference: "0x400", count: 16 });
    assert.equal(Buffer.from(data, "base64").length, 16);
  },
  supportsWriteMemoryRequest: async (standing) => {
    const { data } = await send(standing, "readMemory", { memoryReference: "0x400", count: 4 });
    await send(standing, "writeMemory", { memoryReference: "0x400", data });
  },
  supportsDisassembleRequest: async (standing) => {
    const memoryReference = standing.top.instructionPointerReference;
    const asked = { memoryReference, instructionOffset: -5, instructionCount: 12 };
    assert.equal((await send(standing, "disassemble", asked)).instructions.length, 12);
  },
  supportsInstructionBreakpoints: async (standing) => {
    const breakpoints = [{ instructionReference: standing.top.instructionPointerReference }];
    assert.equal(
      (await send(standing, "setInstructionBreakpoints", { breakpoints })).breakpoints[0].verified,
      true,
    );
    await send(standing, "setInstructionBreakpoints", { breakpoints: [] });
  },
  supportsDataBreakpoints: async (standing) => {
    const { number: name } = standing.guest;
    const { description } = await send(standing, "dataBreakpointInfo", { name, frameId: standing.top.id });
    assert.ok(description.length > 0);
  },
  supportsDataBreakpointBytes: async (standing) => {
    const { description } = await send(standing, "dataBreakpointInfo", {
      name: "0x400",
      asAddress: true,
      bytes: 4,
    });
    assert.ok(description.length > 0);
  },
  supportedChecksumAlgorithms: async ({ session, top }) => {
    const { supportedChecksumAlgorithms } = initialized(session);
    for (const { algorithm } of top.source.checksums ?? []) {
      assert.ok(supportedChecksumAlgorithms.includes(algorithm));
    }
  },
  breakpointModes: async (standing) => {
    const { breakpointModes } = initialized(standing.session);
    assert.ok(breakpointModes.every(({ mode, label }: Message) => mode && label));
  },
  supportsCancelRequest: async (standing) => {
    await send(standing, "cancel", { requestId: 1 });
  },
  supportsANSIStyling: async () => {
    for (const [supportsANSIStyling, shown] of [
      [true, "GREETING=\u001b[1mhi\u001b[0m"],
      [false, "GREETING=hi"],
    ] as const) {
      const session = new DebugSession(fixture("hello", "dwarf5.O0"), { transport: "stdio" });
      await session.begin({ supportsANSIStyling });
      await session.launch({ env: { GREETING: "\u001b[1mhi\u001b[0m" } });
      await session.run();
      await session.exited();
      assert.ok(session.client.heard.output("stdout").includes(`${shown}\n`));
      await session.end();
    }
  },
  supportsSteppingGranularity: async (standing) => {
    await send(standing, "next", { threadId: 1, granularity: "line" });
    const body = await standing.session.client.heard.event("stopped");
    assert.ok(["step", "exception"].includes(body.reason));
  },
  supportsRestartRequest: async (standing) => {
    const { session, guest } = standing;
    await setAtMarker(standing, {});
    await send(standing, "setFunctionBreakpoints", { breakpoints: [] });
    await send(standing, "restart", {});
    await session.stoppedAt(guest.marker, "breakpoint");
  },
  supportTerminateDebuggee: async ({ guest }) => {
    const { client, ended } = await launchInTerminal(fixture(guest.guest, guest.build), "integrated", {
      args: guest.args,
    });
    await client.ask("setFunctionBreakpoints", { breakpoints: [{ name: "main" }] });
    await client.ask("configurationDone");
    await client.event("stopped");
    await client.ask("disconnect", { terminateDebuggee: false });
    assert.equal(await ended(), guest.exit);
  },
  supportsTerminateRequest: async (standing) => {
    await send(standing, "terminate", {});
    await standing.session.client.heard.event("terminated");
  },
};

const initialized = (session: DebugSession): Message => {
  const answer = session.client.heard.all.find(
    ({ from, message }) => from === "adapter" && message.command === "initialize",
  );
  if (answer === undefined) throw new Error("initialize was not answered");
  return (answer.message as Message).body;
};

interface Capabilities {
  readonly undeclared: Readonly<Record<string, string>>;
  declared(): ReadonlyMap<string, readonly string[]>;
  known(): readonly string[];
}

describe("capabilities", () => {
  afterEach(() => DebugSession.abandonAll());

  const read = async (): Promise<Capabilities> =>
    import(pathToFileURL(fromRoot("scripts/capabilities.mjs")).href);

  it("are each promised and shown by a scenario, or not promised for a reason", async () => {
    const { undeclared, declared, known } = await read();
    assert.deepEqual([...declared().keys()].sort(), Object.keys(scenarios).sort());
    for (const name of known()) {
      assert.notEqual(declared().has(name), Object.hasOwn(undeclared, name), name);
    }
    for (const name of [...declared().keys(), ...Object.keys(undeclared)])
      assert.ok(known().includes(name), name);
  });

  for (const guest of guests) {
    it(`hold for a program of ${guest.language}`, async () => {
      const session = new DebugSession(fixture(guest.guest, guest.build), { transport: "stdio" });
      await session.runTo([guest.marker], { args: guest.args });
      const [top] = await session.frames(1);
      assert.ok(top);
      assert.ok((await session.frames()).some(({ name }) => name.startsWith(guest.caller)));
      for (const [name, scenario] of Object.entries(scenarios)) {
        await scenario({ session, guest, top }).catch((error) => {
          throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
        });
      }
      await session.end();
    });
  }
});

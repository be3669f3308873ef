import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import type { Message } from "../support/transcript.ts";

/** A filter a client chooses, with its condition. */
interface Chosen {
  readonly filterId: string;
  readonly condition?: string;
}

describe("exceptions of languages", () => {
  afterEach(() => DebugSession.abandonAll());

  const begin = async (guest: string, build: string, args: string[], chosen?: readonly Chosen[]) => {
    const session = new DebugSession(fixture(guest, build), { transport: "stdio" });
    await session.begin();
    await session.launch({ args });
    if (chosen) {
      const { body } = await session.client.setExceptionBreakpointsRequest({
        filters: [],
        filterOptions: [...chosen],
      });
      for (const { verified, message } of (body?.breakpoints ?? []) as Message[])
        assert.ok(verified, message);
    }
    await session.run();
    return session;
  };

  const info = async (session: DebugSession) =>
    (await session.client.exceptionInfoRequest({ threadId: 1 })).body;

  /** The frame that a client shows: the first with a source that is the user's. */
  const shown = async (session: DebugSession) =>
    (await session.frames()).find(
      ({ source, presentationHint }) =>
        source && source.presentationHint !== "deemphasize" && presentationHint !== "subtle",
    );

  const exits = async (session: DebugSession, status: number) => {
    await session.continue();
    assert.equal(await session.exited(), status);
    await session.end();
  };

  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    it(`stop where one is thrown that nothing catches, with its type and all frames, ${build}`, async () => {
      const session = await begin("cpp-exceptions", build, ["uncaught"]);
      const { body } = await session.stopped();
      assert.equal(body.reason, "exception");
      assert.equal(body.text, "range_error is thrown, and nothing catches it");
      const frame = await shown(session);
      assert.equal(frame?.line, session.fixture.markers().lineOf("throw"));
      const said = await info(session);
      assert.equal(said.exceptionId, "range_error");
      assert.equal(said.breakMode, "unhandled");
      assert.equal(said.details?.typeName, "range_error");
      assert.match(said.details?.stackTrace ?? "", /throw_range\(int\) at .*\n.*check\(int\)/);
      const limit = await session.client.evaluateRequest({ expression: "limit", frameId: frame?.id });
      assert.equal(limit.body.result, "10");
      // It is told once; then it leaves the program.
      await exits(session, 134);
      assert.match(session.client.heard.output("stdout"), /leaving check\nleaving uncaught/);
    });
  }

  it("let one pass that is caught, where only those are wanted that are not", async () => {
    for (const [way, status] of [
      ["base", 1],
      ["again", 4],
      ["nested", 6],
      ["anything", 3],
    ] as const) {
      const session = await begin("cpp-exceptions", "dwarf5.O0", [way]);
      assert.equal(await session.exited(), status);
      assert.deepEqual(session.client.heard.events("stopped"), []);
      await session.end();
    }
  });

  it("stop behind its end where nobody can tell before, and show no wrong value", async () => {
    const session = await begin("cpp-exceptions", "dwarf5.O0", ["wrong-type"]);
    const { body } = await session.stopped();
    assert.match(body.text, /nobody caught; it has been unwound/);
    const names = (await session.frames()).map(({ name }) => name);
    assert.deepEqual(names.slice(1, 4), ["throw_range(int)", "wrong_type(int)", "main"]);
    const code = (await session.scope("Locals", 1)).get("code")?.value ?? "";
    assert.match(code, /^<.*unwound/);
    await exits(session, 134);
  });

  it("stop at each that is thrown, and by its type", async () => {
    const every = await begin("cpp-exceptions", "dwarf5.O0", ["another"], [{ filterId: "thrown" }]);
    const types: unknown[] = [];
    for (let stop = 0; stop < 2; stop++) {
      assert.equal((await every.stopped()).reason, "exception");
      const said = await info(every);
      assert.equal(said.breakMode, "always");
      types.push(said.exceptionId);
      await every.continue();
    }
    assert.deepEqual(types, ["range_error", "unrelated"]);
    assert.equal(await every.exited(), 5);
    await every.end();
    const one = await begin(
      "cpp-exceptions",
      "dwarf5.O0",
      ["another"],
      [{ filterId: "thrown", condition: "un*" }],
    );
    await one.stopped();
    assert.equal((await info(one)).exceptionId, "unrelated");
    await exits(one, 5);
  });

  it("stop at one that is thrown again", async () => {
    const session = await begin(
      "cpp-exceptions",
      "dwarf5.O0",
      ["again"],
      [{ filterId: "thrown", condition: "nothing" }, { filterId: "rethrown" }],
    );
    await session.stopped();
    assert.match((await info(session)).description ?? "", /thrown again/);
    assert.equal((await shown(session))?.line, session.fixture.markers().lineOf("rethrow"));
    // On its way to the handler it passes code that cleans up.
    for (;;) {
      await session.continue();
      if ((await session.stoppedOrExited()) === undefined) break;
      assert.match((await info(session)).description ?? "", /thrown again/);
    }
    await session.end();
  });

  for (const build of ["dwarf5.O0", "dwarf5.O2", "emscripten-names.O1"]) {
    it(`say what those of the library say of themselves, without calling them, ${build}`, async () => {
      const session = await begin(
        "cpp-errors",
        build,
        [],
        [{ filterId: "thrown" }, { filterId: "rethrown" }],
      );
      const told: string[] = [];
      for (;;) {
        const place = await session.stoppedOrExited();
        if (place === undefined) break;
        // At each function that cleans up, where nothing tells what it is.
        if (place.body.text !== "an exception is thrown again") told.push(place.body.text);
        assert.equal((await info(session)).details?.message, place.body.text);
        await session.continue();
      }
      assert.deepEqual(told, [
        "std::runtime_error is thrown: no room for 42",
        "std::out_of_range is thrown: index 9 of 3",
        `app::disk_error is thrown: ${"x".repeat(60)}`,
        "app::parse_error is thrown: line 7",
        // They say something else than what they are made of, or are made of nothing that says anything.
        "app::wrapped_error is thrown",
        "app::own_error is thrown",
        "std::bad_alloc is thrown",
        "std::runtime_error is thrown: ",
        "app::disk_error is thrown: worn out",
        ...(build === "emscripten-names.O1" ? ["app::disk_error is thrown again: worn out"] : []),
      ]);
      await session.end();
    });
  }

  it("step from a throw to the handler", async () => {
    const session = await begin("cpp-exceptions", "dwarf5.O0", ["number"], [{ filterId: "thrown" }]);
    await session.stopped();
    const { line } = await session.step("next");
    assert.equal(line, session.fixture.markers().lineOf("caught-number") - 2);
    await exits(session, 42);
  });

  it("read what Emscripten's runtime throws, and give an expression for it", async () => {
    const session = await begin("cpp-exceptions", "emscripten.O0", ["uncaught-number"]);
    await session.stopped();
    const said = await info(session);
    assert.equal(said.exceptionId, "int");
    const address = /0x([0-9a-f]+)$/.exec(said.details?.evaluateName ?? "")?.[1];
    const bytes = await session.client.send("readMemory", { memoryReference: `0x${address}`, count: 4 });
    assert.equal(Buffer.from(bytes.body.data, "base64").readInt32LE(), 43);
    await exits(session, 134);
  });

  it("stop at a panic with its message, its frames alive", async () => {
    for (const build of ["dwarf4.O0"]) {
      const session = await begin("rust-panics", build, ["index"]);
      const { body } = await session.stopped();
      assert.equal(body.description, "Stopped at a panic");
      assert.match(
        body.text,
        /^panicked at rust-panics\.rs:\d+:5: index out of bounds: the len is 3 but the index is 42$/,
      );
      const frame = await shown(session);
      assert.equal(frame?.name, "rust_panics::index");
      assert.equal(frame?.line, session.fixture.markers().lineOf("index"));
      const at = await session.client.evaluateRequest({ expression: "at", frameId: frame?.id });
      assert.equal(at.body.result, "42");
      assert.equal((await info(session)).exceptionId, "panic");
      await exits(session, 134);
    }
  });

  it("choose panics by their messages, apart from other traps", async () => {
    const passed = await begin(
      "rust-panics",
      "dwarf4.O0",
      ["index"],
      [{ filterId: "unreachable" }, { filterId: "panic", condition: "borrowed" }],
    );
    assert.equal(await passed.exited(), 134);
    await passed.end();
    const met = await begin(
      "rust-panics",
      "dwarf4.O0",
      ["borrow"],
      [{ filterId: "panic", condition: "/already .?borrowed/i" }],
    );
    assert.match((await met.stopped()).body.text, /RefCell already borrowed/);
    await exits(met, 134);
  });

  it("say which assertion of C failed", async () => {
    const session = await begin("traps", "dwarf5.O0", ["assert"], [{ filterId: "abort" }]);
    const { body } = await session.stopped();
    assert.match(
      body.text,
      /^Assertion failed: code < limit && "code is too large" \(traps\.c: fail_assertion/,
    );
    assert.equal((await shown(session))?.name, "fail_assertion");
    await exits(session, 134);
  });

  it("say that std::terminate was called", async () => {
    const session = await begin("cpp-exceptions", "dwarf5.O0", ["noexcept"], [{ filterId: "abort" }]);
    assert.match((await session.stopped()).body.text, /std::terminate was called/);
    await exits(session, 134);
  });

  it("stop where the program ends itself with an error, by its status", async () => {
    const session = await begin(
      "cpp-exceptions",
      "dwarf5.O0",
      ["exit"],
      [{ filterId: "exit", condition: "== 42" }],
    );
    const { body } = await session.stopped();
    assert.equal(body.text, "exit with status 42");
    assert.equal((await shown(session))?.line, session.fixture.markers().lineOf("exit"));
    await exits(session, 42);
    const other = await begin(
      "cpp-exceptions",
      "dwarf5.O0",
      ["exit"],
      [{ filterId: "exit", condition: "> 42" }],
    );
    assert.equal(await other.exited(), 42);
    await other.end();
  });

  it("say what is wrong with a condition", async () => {
    const session = new DebugSession(fixture("traps", "dwarf5.O0"), { transport: "stdio" });
    await session.begin();
    const { body } = await session.client.setExceptionBreakpointsRequest({
      filters: ["other", "nonsense"],
      filterOptions: [
        { filterId: "exit", condition: "often" },
        { filterId: "panic", condition: "/(/" },
        { filterId: "integer-overflow", condition: "x" },
        { filterId: "thrown", condition: "std::*" },
      ],
    });
    assert.deepEqual(
      (body?.breakpoints ?? []).map((one) => [one.verified, one.message?.split(":")[0]]),
      [
        [true, undefined],
        [false, 'There is no exception filter "nonsense".'],
        [false, "`often` is no exit status"],
        [false, "/(/ is no regular expression"],
        [false, 'The exception filter "integer-overflow" takes no condition.'],
        [true, undefined],
      ],
    );
    await session.end();
  });
});

import assert from "node:assert/strict";
import { DebugSession, type StopPlace } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";

for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
  describe(`values of a C program, ${build}`, () => {
    afterEach(() => DebugSession.abandonAll());

    const open = (guest: string) => new DebugSession(fixture(guest, build), { transport: "stdio" });

    for (const guest of ["types", "list"]) {
      it(`are what the source of ${guest} says at each of its markers`, async () => {
        const session = open(guest);
        const markers = session.fixture.markers();
        const names = [...new Set(markers.expectations.map(({ marker }) => marker))];
        let place: StopPlace | undefined = await session.runTo(names);
        const seen = new Set<string>();
        const wrong: string[] = [];
        while (place !== undefined) {
          const { line } = place;
          const marker =
            markers.stops.find((one) => one.line === line && names.includes(one.name))?.name ?? "";
          seen.add(marker);
          for (const { expression, expected } of markers.expectationsAt(marker)) {
            const shown = await session.evaluate(expression).then(
              ({ result }) => result as string,
              (error: Error) => error.message,
            );
            if (!meetsExpectation(shown, expected))
              wrong.push(`${marker}: ${expression} = ${shown}, not ${expected}`);
          }
          await session.continue();
          place = await session.stoppedOrExited();
        }
        assert.deepEqual(wrong, []);
        assert.deepEqual([...seen].sort(), names.sort());
        await session.end();
      });
    }

    it("unfold from a pointer to the members of what it points at, and so on", async () => {
      const session = open("list");
      await session.runTo(["look"]);
      const locals = await session.scope("Locals");
      const p = await session.children(locals.get("p")?.variablesReference);
      assert.equal(p.get("id")?.value, "3");
      assert.equal(p.get("name")?.value, '"third"');
      const next = await session.children(p.get("next")?.variablesReference);
      assert.equal(next.get("id")?.value, "2");
      assert.equal(
        next.get("id")?.evaluateName && (await session.evaluate(next.get("id")?.evaluateName)).result,
        "2",
      );
      await session.end();
    });

    it("are read a page at a time", async () => {
      const session = open("types");
      await session.runTo(["combined"]);
      const { variablesReference, indexedVariables, type } = await session.evaluate("million");
      assert.deepEqual([indexedVariables, type], [1_000_000, "int[1000000]"]);
      const page = await session.children(variablesReference, {
        filter: "indexed",
        start: 499_999,
        count: 3,
      });
      assert.deepEqual(
        [...page].map(([name, { value }]) => `${name} ${value}`),
        ["[499999] 0", "[500000] 1000000", "[500001] 0"],
      );
      await session.end();
    });

    it("go to the clipboard in full", async () => {
      const session = open("types");
      await session.runTo(["combined"]);
      const [top] = await session.frames(1);
      const copy = async (expression: string) =>
        (await session.client.evaluateRequest({ expression, frameId: top?.id, context: "clipboard" })).body
          .result;
      assert.equal(await copy("grid"), "{{1, 2, 3}, {4, 5, 6}}");
      assert.equal(await copy("text"), '"hello"');
      assert.match(
        await copy("line"),
        /^\{from = \{x = 1, y = 2\}, to = \{x = 3, y = 4\}, label = .*"edge"\}$/,
      );
      assert.match(await copy("million"), /^\{(0, ){10000}\.\.\.\}$/);
      await session.end();
    });

    it("are shown in hexadecimal on request", async () => {
      const session = open("types");
      await session.runTo(["scalars"]);
      const [top] = await session.frames(1);
      const { body } = await session.client.evaluateRequest({
        ...{ expression: "u32", frameId: top?.id, format: { hex: true } },
      });
      assert.equal(body.result, "0xdeadbeef");
      await session.end();
    });

    it("can be changed, and the program sees the change", async () => {
      const session = open("steps");
      await session.runTo(["square-return"]);
      const [top] = await session.frames(1);
      const { scopes } = (await session.client.scopesRequest({ frameId: top?.id })).body;
      const variablesReference = scopes[0]?.variablesReference ?? 0;
      const set = (name: string, value: string) =>
        session.client.setVariableRequest({ variablesReference, name, value });
      assert.equal((await set("result", "100")).body.value, "100");
      await assert.rejects(set("result", "no such thing"));
      await assert.rejects(set("nothing", "1"), /There is no variable `nothing` here/);
      assert.equal((await session.locals()).result, "100");
      session.assertAt(await session.step("stepOut"), "calls-first");
      session.assertAt(await session.step("next"), "calls-second");
      await session.end();
    });

    it("include the globals of the file and the raw state of the machine", async () => {
      const session = open("types");
      await session.runTo(["combined"]);
      assert.equal((await session.scope("Globals")).get("global_int")?.value, "1234");
      assert.ok((await session.scope("Wasm")).size > 0);
      await session.end();
    });

    it("of outer frames are those of the callers", async () => {
      const session = open("steps");
      await session.runTo(["fib-base"]);
      const frames = await session.frames();
      const fibs = frames.filter(({ name }) => name === "fib").length;
      const values: (string | undefined)[] = [];
      for (let i = 0; i < fibs; i++) values.push((await session.locals(i)).n);
      assert.deepEqual(values, ["1", "2", "3", "4", "5", "6"]);
      const { stackFrames } = (
        await session.client.stackTraceRequest({ threadId: 1, levels: 2, format: { parameters: true } })
      ).body;
      assert.deepEqual(
        stackFrames.map(({ name }) => name),
        ["fib(n=1)", "fib(n=2)"],
      );
      await session.end();
    });

    it("that do not exist are said not to, and pop up nothing", async () => {
      const session = open("steps");
      await session.runTo(["fib-base"]);
      for (const expression of ["nope", "n +", "n->x", "fib(3)", ""]) {
        await assert.rejects(session.evaluate(expression), /\w/);
      }
      for (const { message } of session.client.heard.all.filter((one) => one.message.success === false)) {
        assert.equal((message.body as { error: { showUser: boolean } }).error.showUser, false);
      }
      await session.end();
    });
  });
}

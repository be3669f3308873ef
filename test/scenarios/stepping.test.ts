import assert from "node:assert/strict";
import { startTestServer, type TestServer } from "../support/dap-client.ts";
import { DebugSession, type Reach } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

for (const transport of ["stdio", "TCP"] as const) {
  for (const build of ["dwarf4.O0", "dwarf5.O0"]) {
    describe(`stepping through a C program over ${transport}, ${build}`, () => {
      let server: TestServer;
      before(async () => {
        server = await startTestServer();
      });
      after(() => server.stop());
      afterEach(() => DebugSession.abandonAll());

      const open = (guest: string) => {
        const reach: Reach = transport === "TCP" ? { transport, server } : { transport };
        return new DebugSession(fixture(guest, build), reach);
      };

      it("stops at a breakpoint with the field's own client", async () => {
        const session = open("steps");
        const { client } = session;
        await client.start(transport === "TCP" ? server.port : undefined);
        const path = session.fixture.source();
        const line = session.fixture.markers().lineOf("calls-first");
        await client.hitBreakpoint(session.configuration() as never, { path, line });
        await session.end();
      });

      it("steps over, into and out of calls", async () => {
        const session = open("steps");
        session.assertAt(await session.runTo(["calls-first"]), "calls-first");
        session.assertAt(await session.step("next"), "calls-second");
        assert.equal((await session.locals()).a, "9");
        const inside = await session.step("stepIn");
        session.assertAt(inside, "square-body");
        assert.equal(inside.function, "square");
        session.assertAt(await session.step("next"), "square-return");
        assert.deepEqual(await session.locals(), { x: "9", result: "81" });
        session.assertAt(await session.step("stepOut"), "calls-second");
        session.assertAt(await session.step("next"), "calls-nested");
        const place = await session.step("next");
        session.assertAt(place, "calls-two");
        assert.equal(place.reason, "step");
        await session.continue();
        assert.equal(await session.exited(), 0);
        assert.equal(session.client.heard.output("stdout"), "total 772\n");
        await session.end();
      });

      it("steps over a recursive call without stopping in it", async () => {
        const session = open("steps");
        await session.runTo(["main-fib"]);
        session.assertAt(await session.step("stepIn"), "fib-test");
        session.assertAt(await session.step("next"), "fib-left");
        assert.equal((await session.locals()).n, "6");
        session.assertAt(await session.step("next"), "fib-right");
        session.assertAt(await session.step("next"), "fib-return");
        assert.deepEqual(await session.locals(), { n: "6", left: "5", right: "3" });
        await session.end();
      });

      it("ends a step at a breakpoint in a call it steps over", async () => {
        const session = open("steps");
        await session.runTo(["main-fib", "fib-base"]);
        const place = await session.step("next");
        session.assertAt(place, "fib-base");
        assert.equal(place.reason, "breakpoint");
        assert.equal((await session.frames()).filter(({ name }) => name === "fib").length, 6);
        await session.end();
      });

      it("steps to the end of the program", async () => {
        const session = open("steps");
        await session.runTo(["main-print"]);
        const markers = session.fixture.markers();
        const lines = [markers.lineOf("main-return"), markers.lineOf("main-end")];
        for (;;) {
          await session.client.nextRequest({ threadId: 1 });
          const place = await session.stoppedOrExited();
          if (place === undefined) break;
          if (place.function === "main") assert.ok(lines.includes(place.line), `in main at ${place.line}`);
        }
        assert.equal(session.client.heard.output("stdout"), "total 772\n");
        await session.end();
      });

      it("takes the next line with code for a breakpoint on one without", async () => {
        const session = open("steps");
        await session.begin();
        await session.launch();
        const [moved] = await session.breakAt(["comment-line"]);
        assert.equal(moved?.verified, true);
        assert.equal(moved?.line, session.fixture.markers().lineOf("main-print"));
        await session.run();
        await session.stoppedAt("main-print", "breakpoint");
        await session.end();
      });

      it("stops at the entry when asked, at the first line that has a source", async () => {
        const session = open("steps");
        await session.begin();
        await session.launch({ stopOnEntry: true });
        await session.run();
        await session.stoppedAt("main-start", "entry");
        await session.end();
      });
    });
  }
}

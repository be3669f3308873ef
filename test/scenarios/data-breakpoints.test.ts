import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataInfo, watchAll } from "../support/data-watch.ts";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { nodes } from "../support/nodes.ts";

for (const [label, node] of await nodes())
  describe(`data breakpoints on ${label}`, () => {
    afterEach(() => DebugSession.abandonAll());

    const watching = { dataBreakpoints: true, runtimeExecutable: node };
    const open = (guest = "watch", build = "dwarf5.O0") =>
      new DebugSession(fixture(guest, build), { transport: "stdio" });
    /** A session whose program stands at a marker, with no breakpoints from there on. */
    const standingAt = async (marker: string, guest?: string, build?: string): Promise<DebugSession> => {
      const session = open(guest, build);
      await session.runTo([marker], watching);
      await session.breakAt([]);
      return session;
    };

    it("stop after a write, at the statement that wrote, and say what it changed", async () => {
      const session = await standingAt("main");
      const [id] = await watchAll(session, { name: "counter", frame: 0 });
      await session.continue();
      const first = await session.stoppedAt("bump", "data breakpoint");
      assert.equal(first.body.text, "counter changed from 0 to 1");
      assert.equal(first.body.description, "Stopped after a write");
      assert.deepEqual(first.body.hitBreakpointIds, [id]);
      assert.equal((await session.evaluate("counter")).result, "1");
      assert.deepEqual(
        (await session.frames()).slice(0, 2).map(({ name }) => name),
        ["bump", "main"],
      );
      await session.continue();
      const second = await session.stoppedAt("bump", "data breakpoint");
      assert.equal(second.body.text, "counter changed from 1 to 2");
      await session.end();
    });

    it("leave the program where steps go on from, and interrupt steps over what writes", async () => {
      const session = open();
      await session.runTo(["first-bump"], watching);
      await watchAll(session, { name: "counter", frame: 0 });
      await session.client.nextRequest({ threadId: 1 });
      await session.stoppedAt("bump", "data breakpoint");
      const out = await session.step("stepOut");
      assert.equal(out.function, "main");
      await session.client.nextRequest({ threadId: 1 });
      const again = await session.stopped();
      assert.equal(
        again.body.text ?? "stepped",
        again.reason === "step" ? "stepped" : "counter changed from 1 to 2",
      );
      await session.end();
    });

    it("see members, elements, bit-fields and whole objects, each by its type", async () => {
      const session = await standingAt("main-link");
      const ids = await watchAll(
        session,
        { name: "heap->next", frame: 0 },
        { name: "*heap", frame: 0 },
        { name: "flags.level", frame: 0 },
        { name: "table[3]", frame: 0 },
        { name: "ratio", frame: 0 },
      );
      const texts: string[] = [];
      for (let stop = 0; stop < 6; stop++) {
        await session.continue();
        const { body } = await session.stopped();
        texts.push(`${body.hitBreakpointIds.map((id: number) => ids.indexOf(id)).join()}: ${body.text}`);
      }
      assert.deepEqual(
        texts.map((text) => text.replace(/0x(?!0{8})\w{8}/g, "0x…")),
        [
          "0,1: heap->next changed from 0x00000000 to 0x…, *heap changed from {id = 0, next = 0x00000000} to {id = 0, next = 0x…}",
          "1: *heap changed from {id = 0, next = 0x…} to {id = 42, next = 0x…}",
          "2: flags.level changed from 2 to 9",
          "3: table[3] changed from 0 to 16843009",
          "3: table[3] changed from 16843009 to 5",
          "4: ratio changed from 0.5 to 1.5",
        ],
      );
      await session.end();
    });

    it("see writes of code without debug info, whose frame is shown by its name", async () => {
      const session = await standingAt("strcpy");
      await watchAll(session, { name: "text", frame: 0, hitCondition: "2" });
      await session.continue();
      const { body, reason } = await session.stopped();
      assert.equal(reason, "data breakpoint");
      const frames = await session.frames();
      const own = frames.findIndex(({ name }) => name === "main");
      assert.match(frames[0]?.name, /cpy/);
      assert.match(frames[0]?.source?.path ?? "", /\.wat$/);
      assert.equal(frames[own]?.line, session.fixture.markers().lineOf("strcpy"));
      assert.match(body.text, /^text changed from ".*" to ".*"$/);
      assert.equal((await session.locals(own)).sum, "15");
      await session.end();
    });

    it("see what the host writes in a call of the program's", async () => {
      const folder = mkdtempSync(join(tmpdir(), "wasm-dap-"));
      const input = join(folder, "input");
      writeFileSync(input, "typed in");
      const session = open();
      await session.runTo(["read"], { ...watching, stdin: input });
      await session.breakAt([]);
      await watchAll(session, { name: "input", frame: 0 }, { name: "noise", frame: 0 });
      await session.continue();
      const read = await session.stopped();
      assert.equal(read.body.text, 'input changed from "" to "typed in" (by the host, in fd_read)');
      assert.equal(read.function, "fd_read");
      assert.ok(
        (await session.frames()).some(({ line }) => line === session.fixture.markers().lineOf("read")),
      );
      await session.continue();
      const noise = await session.stopped();
      assert.match(noise.body.text, /^noise changed from .* \(by the host, in random_get\)$/);
      await session.end();
      rmSync(folder, { recursive: true });
    });

    it("see what the host writes that is there already, unless it is for changes alone", async () => {
      const folder = mkdtempSync(join(tmpdir(), "wasm-dap-"));
      const stdin = join(folder, "input");
      writeFileSync(stdin, "typed in");
      const session = open();
      await session.runTo(["read"], { ...watching, stdin });
      await session.breakAt([]);
      const [memoryReference] = (await session.evaluate("&input")).result.split(" ");
      const data = Buffer.from("typed in").toString("base64");
      await session.client.send("writeMemory", { memoryReference, data });
      const watched = { name: "input", frame: 0 };
      const [first] = await watchAll(session, watched, { ...watched, condition: "$changed" });
      await session.continue();
      const { body } = await session.stopped();
      assert.equal(body.text, 'input was written and is still "typed in" (by the host, in fd_read)');
      assert.deepEqual(body.hitBreakpointIds, [first]);
      await session.end();
      rmSync(folder, { recursive: true });
    });

    it("watch several ranges that overlap, and bytes at an address", async () => {
      const session = await standingAt("memset");
      const { result: address } = await session.evaluate("&table[3]");
      const [element, range, bytes] = await watchAll(
        session,
        { name: "table[3]", frame: 0 },
        { name: "table[2]", frame: 0, bytes: 8 },
        { name: address, asAddress: true, bytes: 2 },
      );
      await session.continue();
      const { body } = await session.stoppedAt("memset");
      assert.deepEqual(body.hitBreakpointIds, [element, range, bytes].slice(0, body.hitBreakpointIds.length));
      await session.continue();
      const last = await session.stopped();
      assert.match(
        last.body.text,
        /^table\[3\] changed from 16843009 to 5, table\[2\] changed from 01 .* to .*, 2 bytes at 0x\w+ changed from 01 01 to 05 00$/,
      );
      assert.deepEqual(last.body.hitBreakpointIds, [element, range, bytes]);
      await session.end();
    });

    it("of a local end when its function returns, whether it moves the stack pointer or not", async () => {
      const session = open();
      await session.runTo(["total", "call-through"], watching);
      const { dataId, description, canPersist } = await dataInfo(session, { name: "total", frame: 0 });
      assert.equal(description, "total, until its function returns");
      assert.equal(canPersist, false);
      const [leaf] = await watchAll(session, { name: "total", frame: 0 });
      await session.breakAt(["call-through"]);
      const texts: string[] = [];
      for (;;) {
        await session.continue();
        const stop = await session.stopped();
        if (stop.reason !== "data breakpoint") break;
        texts.push(stop.body.text);
        assert.equal((await session.locals()).total, stop.body.text.split(" ").at(-1));
      }
      assert.deepEqual(texts, [
        "total was written and is still 0",
        "total changed from 0 to 1",
        "total changed from 1 to 3",
        "total changed from 3 to 6",
      ]);
      const over = session.client.heard.events("breakpoint").filter(({ reason }) => reason === "removed");
      assert.deepEqual(
        over.map(({ breakpoint }) => breakpoint.id),
        [leaf],
      );
      const again = await session.client.send("setDataBreakpoints", { breakpoints: [{ dataId }] });
      assert.equal(again.body.breakpoints[0].verified, false);
      const [local] = await watchAll(session, { name: "local", frame: 0 });
      await session.breakAt(["memcpy"]);
      const through: string[] = [];
      for (;;) {
        await session.continue();
        const stop = await session.stopped();
        if (stop.reason !== "data breakpoint") break;
        session.assertAt(stop, "through");
        through.push(stop.body.text);
      }
      assert.deepEqual(through, [
        "local changed from 1 to 2",
        "local was written and is still 2",
        "local changed from 2 to 3",
      ]);
      const ended = session.client.heard.events("breakpoint").filter(({ reason }) => reason === "removed");
      assert.equal(ended.at(-1)?.breakpoint.id, local);
      await session.end();
    });

    it("stop for changes alone when asked to", async () => {
      const session = await standingAt("main-same");
      await watchAll(session, { name: "hidden", frame: 0, mode: "change" });
      await session.continue();
      assert.equal((await session.stoppedAt("other")).body.text, "hidden changed from 7 to 8");
      await session.end();
      const other = open();
      await other.runTo(["main-same"], watching);
      await other.breakAt([]);
      await watchAll(
        other,
        { name: "hidden", frame: 0 },
        { name: "hidden", frame: 0, condition: "$changed" },
      );
      await other.continue();
      const first = await other.stoppedAt("same");
      assert.equal(first.body.text, "hidden was written and is still 7");
      assert.equal(first.body.hitBreakpointIds.length, 1);
      await other.continue();
      assert.equal((await other.stoppedAt("other")).body.hitBreakpointIds.length, 2);
      await other.end();
    });

    it("have conditions and counts of hits, decided before anything stops", async () => {
      const session = await standingAt("thousand");
      await watchAll(
        session,
        { name: "counter", frame: 0, condition: "counter == 500" },
        { name: "counter", frame: 0, hitCondition: "% 400" },
        { name: "counter", frame: 0, condition: "counter == i && i > 997", hitCondition: "2" },
        { name: "counter", frame: 0, condition: "$changed && counter == -1" },
      );
      const texts: string[] = [];
      for (let stop = 0; stop < 5; stop++) {
        await session.continue();
        texts.push((await session.stopped()).body.text);
      }
      assert.deepEqual(texts, [
        "counter changed from 398 to 399",
        "counter changed from 499 to 500",
        "counter changed from 798 to 799",
        "counter changed from 998 to 999",
        // Where it has no meaning, a condition stops the program once and says so.
        "counter changed from 999 to -1. The condition `counter == i && i > 997` could not be evaluated: there is no variable `i` here.",
      ]);
      await session.end();
    });

    it("can be set while the program runs", async () => {
      const session = await standingAt("spin-body", "spin");
      const { dataId } = await dataInfo(session, { name: "counter", frame: 0 });
      await session.continue();
      const set = await session.client.send("setDataBreakpoints", { breakpoints: [{ dataId }] });
      assert.equal(set.body.breakpoints[0].verified, true, set.body.breakpoints[0].message);
      assert.equal((await session.stopped()).reason, "data breakpoint");
      await session.end();
    });

    it("watch objects of C++, through references and in code without debug info", async () => {
      const session = open("watch-cpp");
      await session.runTo(["main"], watching);
      await session.breakAt(["twice"]);
      await watchAll(
        session,
        { name: "bank::savings.balance", frame: 0 },
        { name: "bank::rate", frame: 0 },
        { name: "numbers[1]", frame: 0 },
        { name: "word", frame: 0, mode: "change" },
      );
      const texts: string[] = [];
      for (;;) {
        await session.continue();
        const stop = await session.stopped();
        if (stop.reason !== "data breakpoint") break;
        texts.push(stop.body.text);
      }
      assert.deepEqual(texts, [
        "bank::savings.balance changed from 10 to 15",
        "bank::rate changed from 3 to 4",
        "numbers[1] changed from 2 to 20",
        'word changed from "short" to "Short"',
      ]);
      await session.step("next");
      await session.step("next");
      await watchAll(session, { name: "alias", frame: 0 });
      await session.breakAt([]);
      await session.continue();
      assert.equal((await session.stoppedAt("store")).body.text, "alias changed from 4 to 8");
      await session.end();
    });

    it("watch values of Rust, atomic ones and cells among them", async () => {
      const session = await standingAt("main", "watch-rust", "dwarf4.O0");
      await watchAll(
        session,
        { name: "COUNT", frame: 0 },
        { name: "meter.reading", frame: 0 },
        { name: "meter.limit", frame: 0, mode: "change" },
        { name: "cell", frame: 0 },
        { name: "numbers[2]", frame: 0 },
        { name: "LAST", frame: 0 },
      );
      const stops: string[] = [];
      for (;;) {
        await session.continue();
        const stop = await session.stoppedOrExited();
        if (stop === undefined) break;
        stops.push(stop.body.text);
      }
      assert.deepEqual(stops, [
        "COUNT changed from 0 to 2",
        "meter.reading changed from 1 to 2",
        "meter.limit changed from None to Some(0)",
        "meter.limit changed from Some(0) to Some(9)",
        "cell changed from 5 to 6",
        "numbers[2] changed from 3 to 30",
        "LAST changed from 7 to 8",
      ]);
      await session.end();
    });

    it("work in optimised code, where variables that are not in memory are refused", async () => {
      const session = await standingAt("through", "watch", "dwarf5.O2");
      const { dataId, description } = await dataInfo(session, { name: "place", frame: 0 });
      assert.equal(dataId, null);
      assert.match(
        description,
        /^place cannot be watched: it is held in WebAssembly's local \d+, not in memory\.$/,
      );
      await watchAll(session, { name: "*place", frame: 0 });
      await session.continue();
      const through = await session.stoppedAt("through");
      assert.match(through.body.text, /^\*place changed from \d+ to 3$/);
      assert.equal((await session.locals()).value, "3");
      await session.continue();
      assert.equal(await session.exited(), 0);
      assert.equal(session.client.heard.events("breakpoint").at(-1)?.reason, "removed");
      await session.end();
    });
  });

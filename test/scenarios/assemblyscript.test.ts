import assert from "node:assert/strict";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { readModule } from "../../src/wasm/module.ts";
import { DebugSession, type StopPlace } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";
import { meetsExpectation } from "../support/markers.ts";
import type { Message } from "../support/transcript.ts";

const open = (build: string) => new DebugSession(fixture("as-values", build), { transport: "stdio" });

/** Where in memory a module has a string of these bytes. */
function staticAddressOf(bytes: Uint8Array, text: Uint8Array): number {
  const module = readModule(bytes);
  for (const { mode, contents } of module.data) {
    const at = Buffer.from(module.bytes.subarray(contents.start, contents.end)).indexOf(text);
    if (at < 0 || mode.kind !== "active") continue;
    const reader = new CodeReader(module.bytes, mode.offset.start, mode.offset.end);
    reader.next();
    return reader.i32() + at;
  }
  throw new Error("no such text");
}

/** Every way in which a module can come with its source map, and every runtime. */
for (const build of ["debug", "inline", "sections", "folder", "imported", "minimal", "stub"]) {
  describe(`a program of AssemblyScript, ${build}`, () => {
    afterEach(() => DebugSession.abandonAll());

    it("stops at the lines of its source and shows what that says", async () => {
      const session = open(build);
      const markers = session.fixture.markers();
      let place: StopPlace | undefined = await session.runTo(["scalars", "objects"]);
      const wrong: string[] = [];
      const seen: string[] = [];
      while (place !== undefined) {
        const { line } = place;
        const marker = markers.stops.find((stop) => stop.line === line)?.name ?? `line ${line}`;
        seen.push(marker);
        for (const { expression, expected } of markers.expectationsAt(marker)) {
          const { result } = await session.evaluate(expression);
          if (!meetsExpectation(result, expected)) wrong.push(`${expression} = ${result}, not ${expected}`);
        }
        await session.continue();
        place = await session.stoppedOrExited();
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(seen, ["scalars", "objects"]);
      await session.end();
    });

    it("has frames by name, with lines, and is stepped", async () => {
      const session = open(build);
      session.assertAt(await session.runTo(["recurse-end"]), "recurse-end");
      const [top, ...outer] = await session.frames();
      assert.equal(top?.name, "as-values/recurse");
      assert.match(top?.source?.path, /as-values\.ts$/);
      assert.equal(top?.source?.sourceReference, undefined);
      assert.equal(outer.at(-1)?.name, "~start");
      assert.deepEqual(await session.locals(), { n: "7", left: "0", right: "0" });
      const line = session.fixture.markers().lineOf("recurse-end");
      assert.deepEqual((await session.step("next")).line, line + 1);
      await session.breakAt([]);
      const inside = await session.step("stepIn");
      assert.equal(inside.function, "as-values/recurse");
      session.assertAt(inside, "recurse-end");
      assert.deepEqual((await session.locals()).n, "6");
      let place = await session.step("stepOut");
      assert.equal((await session.locals()).n, "7");
      const end = session.fixture.markers().lineOf("recurse");
      for (let steps = 0; steps < 3 && place.line < end; steps++) place = await session.step("next");
      session.assertAt(place, "recurse");
      assert.equal((await session.locals()).left, "8");
      await session.end();
    });
  });
}

describe("a program of AssemblyScript", () => {
  afterEach(() => DebugSession.abandonAll());

  it("never shows code of its library to who steps over lines, nor one line twice", async () => {
    const session = open("debug");
    let last: StopPlace = await session.runTo(["scalars"]);
    await session.breakAt(["loop"]);
    for (let steps = 0; steps < 60; steps++) {
      await session.client.nextRequest({ threadId: 1 });
      const place = await session.stoppedOrExited();
      if (place === undefined) return session.end();
      const [top] = await session.frames(1);
      if (top?.source === undefined || /\.wat$/.test(top.source.path)) break;
      assert.match(top.source.path, /(as-values|text)\.ts$/);
      const isSame = place.line === last.line && place.function === last.function;
      assert.ok(!isSame, `${place.function}:${place.line} twice`);
      last = place;
    }
    await session.end();
  });

  it("moves a breakpoint from a function's head to its first line, and from nowhere not at all", async () => {
    const session = open("debug");
    await session.begin();
    await session.launch();
    const { lineOf } = session.fixture.markers();
    const [head, above] = await session.breakAtLines([lineOf("recurse-end") - 1, lineOf("recurse-end") - 2]);
    assert.deepEqual([head?.verified, head?.line], [true, lineOf("recurse-end")]);
    assert.equal(above?.verified, false);
    await session.run();
    session.assertAt(await session.stopped(), "recurse-end");
    await session.end();
  });

  it("binds a breakpoint in an inlined function at its copies", async () => {
    const session = open("debug");
    const place = await session.runTo(["inlined"]);
    assert.equal(place.function, "as-values/loops");
    assert.deepEqual(await session.locals(), {
      count: "6",
      sum: "0",
      i: "0",
      n: "0",
      doubled: "0",
      again: "0",
    });
    await session.end();
  });

  for (const build of ["debug", "minimal", "stub"]) {
    it(`has objects whose parts can be looked at and compared, ${build}`, async () => {
      const session = open(build);
      await session.runTo(["objects"]);
      const value = async (expression: string) => (await session.evaluate(expression)).result;
      assert.equal(await value("numbers[1] + numbers[2]"), "5");
      assert.equal(await value('words[1] == "beta"'), "true");
      assert.equal(await value('text == "beta"'), "false");
      assert.equal(await value('ages["Ada"]'), "36");
      assert.equal(await value("unique"), "size=1 {8}");
      assert.equal(await value("bytes"), "size=3 {0, 7, 0}");
      assert.equal(await value("fixed"), "size=2 {10, 20}");
      assert.equal(await value("reals"), "size=2 {0.5, -1.25}");
      assert.equal(await value("point"), "{x = 3, y = 4}");
      assert.equal(await value("named"), '{x = 1, y = 2, name = "named"}');
      assert.equal(await value("named.name"), '"named"');
      assert.equal(await value("base"), "null");
      assert.equal(await value("nothing"), "0");
      const locals = await session.scope("Locals");
      assert.equal(locals.get("point")?.type, "Point");
      assert.equal(locals.get("words")?.type, "Array<String>");
      const words = await session.children(locals.get("words")?.variablesReference);
      assert.equal(words.get("[0]")?.value, '"alpha"');
      const globals = await session.scope("Globals");
      assert.equal(globals.get("greeting")?.value, '"hello"');
      assert.equal(globals.get("counter")?.value, "12");
      assert.equal(globals.get("greeting")?.evaluateName, "greeting");
      await session.end();
    });
  }

  for (const build of ["debug", "minimal", "stub"]) {
    it(`keeps a number a number, though there is a string where it would lead, ${build}`, async () => {
      const session = open(build);
      await session.runTo(["recurse-end"]);
      const [top] = await session.frames(1);
      const { scopes } = (await session.client.scopesRequest({ frameId: top?.id })).body;
      const variablesReference = scopes[0]?.variablesReference ?? 0;
      // Where the compiler has put the text of an error.
      const text = Buffer.from("Index out of range", "utf16le");
      const value = String(staticAddressOf(session.fixture.bytes, text));
      await session.client.setVariableRequest({ variablesReference, name: "n", value });
      assert.equal((await session.locals()).n, `${value} (perhaps "Index out of range")`);
      assert.equal((await session.evaluate("n + 1")).result, String(Number(value) + 1));
      await session.end();
    });
  }

  // Optimised, locals have no names. Which classes have which numbers a program tells that has a collector.
  for (const [build, arrays] of [
    ["optimised", ["size=2 {0.5, -1.25}", 'size=2 {"alpha", "beta"}', "size=2 {10, 20}", "size=1 {8}"]],
    ["optimised-minimal", []],
    ["optimised-stub", []],
  ] as const) {
    it(`has lines, frames and values where it is optimised, ${build}`, async () => {
      const session = open(build);
      const place = await session.runTo(["objects"]);
      session.assertAt(place, "objects");
      assert.equal(place.function, "as-values/objects");
      const values = new Set(Object.values(await session.locals()));
      const always = ['"grüße €!"', "size=3 {1, 2, 3}", 'size=1 {["Ada"] = 36}'];
      assert.deepEqual(
        [...always, ...arrays].filter((value) => !values.has(value)),
        [],
      );
      assert.ok(Object.keys(await session.locals()).every((name) => /^\$local\d+$/.test(name)));
      await session.breakAt(["recurse-end"]);
      await session.continue();
      await session.stoppedAt("recurse-end");
      assert.equal((await session.locals()).$local0, "7");
      await session.breakAt([]);
      const line = session.fixture.markers().lineOf("recurse-end");
      assert.equal((await session.step("next")).line, line + 1);
      await session.end();
    });
  }

  it("is stopped by conditions on its variables", async () => {
    const session = open("debug");
    await session.begin();
    await session.launch();
    const { lineOf } = session.fixture.markers();
    const { body } = await session.client.setBreakpointsRequest({
      source: { path: session.fixture.source() },
      breakpoints: [
        { line: lineOf("recurse-end"), condition: "n == 3" },
        { line: lineOf("objects"), condition: 'words[0] == "gamma"' },
      ],
    });
    assert.ok(body.breakpoints.every(({ verified }) => verified));
    await session.run();
    session.assertAt(await session.stopped(), "recurse-end");
    assert.equal((await session.locals()).n, "3");
    await session.end();
  });

  it("stops at an abort with its message, its place and its frames", async () => {
    const session = open("abort");
    await session.begin();
    await session.launch({ invoke: "failing", args: ["42"] });
    await session.run();
    const place = await session.stopped();
    assert.equal(place.reason, "exception");
    assert.match(place.body.text, /abort: Index out of range in ~lib\/array\.ts:\d+:\d+/);
    const frames = await session.frames();
    assert.deepEqual(
      frames.map(({ name }) => name),
      ["~lib/array/Array<i32>#__get", "as-values/fail", "as-values/failing"],
    );
    session.assertAt({ ...place, line: frames[1]?.line }, "fail");
    assert.equal((await session.locals()).index, "42");
    await session.continue();
    assert.equal(await session.exited(), 134);
    await session.end();
  });

  it("has the sources that its map holds the text of", async () => {
    const session = open("debug");
    await session.runTo(["scalars"]);
    const { sources } = (await session.client.send("loadedSources", {})).body as { sources: Message[] };
    const common = sources.find(({ path }) => path === "~lib/rt/common.ts");
    const reference = common?.sourceReference;
    const { body } = await session.client.sourceRequest({
      source: common as never,
      sourceReference: reference,
    });
    assert.match(body.content, /export const AL_BITS/);
    await session.end();
  });

  it("is told to run by its exports, after its top level", async () => {
    const session = open("reactor");
    await session.begin();
    await session.launch({ invoke: "failing", args: ["2"] });
    await session.breakAt(["fail"]);
    await session.run();
    session.assertAt(await session.stopped(), "fail");
    assert.equal((await session.locals()).numbers, "size=3 {1, 2, 3}");
    await session.continue();
    assert.equal(await session.exited(), 0);
    assert.match(session.client.heard.output("console"), /Results: 3/);
    assert.match(session.client.heard.output("stdout"), /objects 99/);
    await session.end();
  });

  it("has lines as a release build, too", async () => {
    const session = open("release");
    const seen = new Set<string>();
    let place: StopPlace | undefined = await session.runTo(["scalars", "objects", "recurse-end", "loop"]);
    const { stops } = session.fixture.markers();
    while (place !== undefined) {
      const { line } = place;
      seen.add(stops.find((stop) => stop.line === line)?.name ?? `line ${line}`);
      await session.continue();
      place = await session.stoppedOrExited();
    }
    assert.deepEqual([...seen].sort(), ["loop", "objects", "recurse-end", "scalars"]);
    await session.end();
  });

  it("without its source map is known by names, and says why", async () => {
    const session = open("missing");
    await session.begin();
    await session.launch();
    const [breakpoint] = await session.breakAt(["scalars"]);
    assert.equal(breakpoint?.verified, false);
    assert.match(breakpoint?.message, /as-values\.missing\.wasm\.map is not there.*`symbols`/);
    await session.client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "scalars" }] });
    await session.run();
    const place = await session.stopped();
    assert.equal(place.function, "as-values/scalars");
    assert.equal((await session.locals()).parameter, "7");
    await session.end();
  });

  it("takes its source map from `symbols`", async () => {
    const session = open("missing");
    const symbols = [`${fixture("as-values", "debug").path}.map`];
    session.assertAt(await session.runTo(["scalars"], { symbols }), "scalars");
    await session.end();
  });
});

describe("a program of C++ with a source map", () => {
  afterEach(() => DebugSession.abandonAll());

  it("stops at lines and has frames with lines", async () => {
    const session = new DebugSession(fixture("cpp-exceptions", "emscripten-map.O1"), { transport: "stdio" });
    session.assertAt(await session.runTo(["throw-number"], { args: ["number"] }), "throw-number");
    const frames = await session.frames();
    assert.match(frames[0]?.source.path, /cpp-exceptions\.cpp$/);
    assert.ok(frames.length > 1);
    await session.end();
  });
});

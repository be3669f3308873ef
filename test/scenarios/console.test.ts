import assert from "node:assert/strict";
import { DebugSession } from "../support/debug-session.ts";
import { fixture } from "../support/fixtures.ts";

interface Item {
  readonly label: string;
  readonly start: number;
  readonly length: number;
  readonly type: string;
  readonly sortText: string;
}

describe("the debug console", () => {
  afterEach(() => DebugSession.abandonAll());

  const open = async (guest = "calls", facts: object = {}, marker = "main"): Promise<DebugSession> => {
    const session = new DebugSession(fixture(guest, "dwarf5.O0"), { transport: "stdio" });
    await session.begin({ supportsInvalidatedEvent: true, ...facts });
    await session.launch();
    await session.breakAt([marker]);
    await session.run();
    await session.stopped();
    return session;
  };
  const typed = async (session: DebugSession, expression: string, context = "repl"): Promise<string> => {
    const [top] = await session.frames(1);
    const { client } = session;
    return client.evaluateRequest({ expression, frameId: top?.id, context }).then(
      ({ body }) => body.result,
      (error: Error) => error.message,
    );
  };
  const completed = async (session: DebugSession, text: string, place: object): Promise<readonly Item[]> => {
    const [top] = await session.frames(1);
    const answer = await session.client.send("completions", { text, frameId: top?.id, ...place });
    return (answer as { readonly body: { readonly targets: readonly Item[] } }).body.targets;
  };

  it("calls functions, hears what they print, and is told that variables may have changed", async () => {
    const session = await open();
    assert.equal(await typed(session, 'greet("you")'), "10");
    const { heard } = session.client;
    const { body } = await heard.wait("what it prints", (one) => one.event === "output");
    assert.deepEqual([body.category, body.output], ["stdout", "hello you\n"]);
    assert.deepEqual((await heard.event("invalidated")).areas, ["variables"]);
    assert.equal(await typed(session, "counter"), "1");
    await session.continue();
    assert.equal(await session.exited(), 0);
    await session.end();
  });

  it("says what type an expression has, with nothing left out of its name, and what it is made of", async () => {
    const session = await open("cpp-values", {}, "sequences");
    const { type } = await session.evaluate("words");
    assert.equal(type, "std::vector<std::string>");
    assert.match(await typed(session, ":whatis words"), /^std::__2::vector<std::__2::basic_string<char, /);
    assert.match(await typed(session, ":ptype words"), /^class std::__2::vector<.*\n\}$/s);
    assert.match(await typed(session, ":whatis"), /takes an expression or a type/);
    assert.match(await typed(session, ":whatis nowhere"), /nowhere/);
    await session.end();
  });

  it("may change the program, which a watch or a hover may not", async () => {
    const session = await open();
    for (const context of ["watch", "hover", "variables", "clipboard"]) {
      for (const text of ["small = 9", "counter++", "bump()", "settings.name = buffer"])
        assert.match(
          await typed(session, text, context),
          /only from the debug console, not here|cannot be/,
          text,
        );
    }
    assert.equal(await typed(session, "small", "watch"), "7");
    assert.equal(await typed(session, "counter", "watch"), "0");
    assert.equal(await typed(session, "small = 9"), "9");
    assert.equal(await typed(session, "small", "hover"), "9");
    await session.end();
  });

  it("is where an evaluation comes from that does not say where", async () => {
    const session = await open();
    const [top] = await session.frames(1);
    const { client } = session;
    const { body } = await client.send("evaluate", { expression: "small = 9", frameId: top?.id });
    assert.equal(body.result, "9");
    await session.end();
  });

  it("shows where in an expression an error is", async () => {
    const session = await open();
    assert.equal(
      await typed(session, "here.x + smal * 2"),
      "there is no variable `smal` here; did you mean `small`?\nhere.x + smal * 2\n         ^",
    );
    assert.equal(
      await typed(session, "here.x +\n\tsmal"),
      "there is no variable `smal` here; did you mean `small`?\n\tsmal\n\t^",
    );
    assert.equal(
      await typed(session, "here.x + smal * 2", "watch"),
      "there is no variable `smal` here; did you mean `small`?",
    );
    await session.end();
  });

  it("offers what may be typed where the cursor is, nearest first", async () => {
    const session = await open();
    const labels = (items: readonly Item[]) => items.map(({ label }) => label);
    assert.deepEqual(labels(await completed(session, "set", { column: 4 })), ["settings"]);
    const members = await completed(session, "1 + s->na + 2", { column: 10 });
    assert.deepEqual(labels(members), ["name"]);
    assert.deepEqual([members[0]?.start, members[0]?.length, members[0]?.type], [8, 2, "field"]);
    assert.deepEqual(labels(await completed(session, "s->at->", { column: 8 })), ["x", "y"]);
    const all = await completed(session, "", { column: 1 });
    assert.ok(labels(all).indexOf("sum") < labels(all).indexOf("counter"));
    assert.deepEqual(
      all.map(({ sortText }) => sortText),
      all.map(({ sortText }) => sortText).toSorted(),
    );
    // In the second line, behind a character that takes two units.
    const text = 'length_of("😀") +\nhere.x';
    const second = await completed(session, text, { column: 6, line: 2 });
    assert.deepEqual(
      second.map(({ label, start, length }) => [label, start, length]),
      [
        ["x", 6, 0],
        ["y", 6, 0],
      ],
    );
    const behind = await completed(session, 'length_of("😀") + sett', { column: 23 });
    assert.deepEqual(
      behind.map(({ label, start, length }) => [label, start, length]),
      [["settings", 19, 4]],
    );
    assert.deepEqual(labels(await completed(session, ":core", { column: 6 })), ["coredump"]);
    assert.deepEqual(labels(await completed(session, "$l", { column: 3 })), ["$local0"]);
    assert.deepEqual(await completed(session, '"sett', { column: 6 }), []);
    await session.end();
  });

  it("offers the same to Zed, which counts the cursor's column from 0 here", async () => {
    const session = await open("calls", { clientID: "zed" });
    const text = "s->at->";
    const offered = await completed(session, text, { column: text.length });
    assert.deepEqual(
      offered.map(({ label }) => label),
      ["x", "y"],
    );
    await session.end();
  });

  it("takes an expression in CodeLLDB's braces, as Zed's view of memory writes one", async () => {
    const session = await open();
    const braced = (text: string) => ["?$", "{", text, "}"].join("");
    assert.equal(await typed(session, braced("small + 1")), "8");
    assert.equal(await typed(session, braced("sizeof(struct settings *)")), "4");
    assert.match(await typed(session, braced("smal")), /^there is no variable `smal` here/);
    assert.match(await typed(session, braced("small"), "watch"), /expected|`\?`/);
    await session.end();
  });

  it("offers what is in namespaces, enumerations, classes and behind smart pointers of C++", async () => {
    const session = await open("cpp-calls");
    const labels = async (text: string) =>
      (await completed(session, text, { column: text.length + 1 })).map(({ label }) => label);
    assert.deepEqual(await labels("Level::"), ["low", "high"]);
    assert.ok((await labels("shapes::")).includes("Square"));
    assert.deepEqual(await labels("inner::de"), ["depth", "deeper"]);
    assert.deepEqual(await labels("owned->si"), ["side"]);
    assert.ok((await labels("shape->")).includes("area"));
    assert.deepEqual(await labels("numbers.siz"), ["size()", "size"]);
    await session.end();
  });

  it("breaks off a call that does not come back, and ends with the program when asked to meanwhile", async () => {
    const session = await open();
    const hanging = typed(session, "hang()");
    assert.match(await hanging, /`hang` had not returned after 5 seconds and was broken off/);
    assert.equal(await typed(session, "add(2, 3)"), "5");
    const again = typed(session, "hang()");
    await session.end();
    await again;
  });
});

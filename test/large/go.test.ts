import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { DebugSession } from "../support/debug-session.ts";
import type { Fixture } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import type { Message } from "../support/transcript.ts";

const build = fromRoot("test/large/build-go.mjs");
const { hasGo } = (await import(build)) as { readonly hasGo: () => boolean };

/** What a session needs of a guest. */
function programOf(file: string): Fixture {
  const path = fromRoot("build/large/go", file);
  return {
    path,
    compilationDir: "/nowhere",
    sourceFolder: "/nowhere",
    bytes: readFileSync(path),
  } as unknown as Fixture;
}

const namesOf = (frames: readonly Message[]): unknown[] => frames.map(({ name }) => name);

// Without a Go there is nothing to debug: `build-go.mjs` says so.
if (hasGo()) {
  describe("a program of Go, by the names of its functions", function () {
    this.timeout(300_000);

    before(() => {
      execFileSync(process.execPath, [build], { stdio: "inherit" });
    });
    afterEach(() => DebugSession.abandonAll());

    it("stops in functions and methods by their names, shows their code, and is stepped in it", async () => {
      const session = new DebugSession(programOf("words.wasm"), { transport: "stdio" });
      await session.begin();
      await session.launch();
      const { body } = await session.client.send("setFunctionBreakpoints", {
        breakpoints: [{ name: "main.(*counter).sorted" }, { name: "main.fib", hitCondition: "3" }],
      });
      assert.deepEqual(
        body.breakpoints.map(({ verified }: Message) => verified),
        [true, true],
      );
      await session.run();
      await session.stopped();
      const frames = await session.frames();
      assert.deepEqual(namesOf(frames).slice(0, 3), ["main.(*counter).sorted", "main.main", "runtime.main"]);
      const [top] = frames;
      const listing = await session.client.sourceRequest({
        source: top?.source,
        sourceReference: top?.source?.sourceReference ?? 0,
      });
      assert.match(listing.body.content, /main\.\(\*counter\)\.sorted/);
      const from = top?.line ?? 0;
      const next = await session.step("next");
      assert.equal(next.function, "main.(*counter).sorted");
      assert.ok(next.line > from);
      await session.continue();
      assert.equal((await session.stopped()).function, "main.fib");
      assert.deepEqual(namesOf(await session.frames()).slice(0, 3), ["main.fib", "main.fib", "main.fib"]);
      const { modules } = (await session.client.modulesRequest({})).body;
      assert.equal(modules[0]?.symbolStatus, "names only");
      await session.client.send("setFunctionBreakpoints", { breakpoints: [] });
      await session.continue();
      assert.equal(await session.exited(), 0);
      await session.end();
    });

    it("is told what to do where it was linked without names", async () => {
      const session = new DebugSession(programOf("words.bare.wasm"), { transport: "stdio" });
      await session.begin();
      await session.launch();
      const { modules } = (await session.client.modulesRequest({})).body;
      assert.equal(modules[0]?.symbolStatus, "none: linked with -s");
      await session.run();
      assert.equal(await session.exited(), 0);
      await session.end();
    });
  });
}

import assert from "node:assert/strict";
import type { DebugInfoStatus } from "../../src/debuginfo/debug-info.ts";
import { DebuggerRecorder } from "../support/debugger-recorder.ts";
import { FakeTarget } from "../support/fake-target.ts";
import { type ToyFunction, ToyGuest } from "../support/toy-guest.ts";

/** What comes of a breakpoint on a line (from 1): the line taken, and the message. */
async function set(
  functions: Readonly<Record<string, ToyFunction>>,
  path: string,
  line: number,
  status?: DebugInfoStatus,
): Promise<readonly [verified: boolean, line: number, message: string | undefined]> {
  const guest = new ToyGuest(functions, status);
  const recorder = new DebuggerRecorder(new FakeTarget(guest), guest.debugInfo);
  const [breakpoint] = await recorder.debugger.setBreakpoints(path, [{ line: line - 1 }]);
  assert.ok(breakpoint);
  return [breakpoint.verified, breakpoint.line + 1, breakpoint.message];
}

const main: Record<string, ToyFunction> = { main: { source: "/src/main.c", lines: [3, 6] } };

describe("a breakpoint", () => {
  it("on a line with code is verified there", async () => {
    assert.deepEqual(await set(main, "/src/main.c", 3), [true, 3, undefined]);
  });

  it("on a line without code says where it moved", async () => {
    assert.deepEqual(await set(main, "/src/main.c", 4), [
      true,
      6,
      "Line 4 has no code of its own: moved to line 6.",
    ]);
  });

  it("behind all code says so and stays where it was asked for", async () => {
    const [verified, line, message] = await set(main, "/src/main.c", 7);
    assert.deepEqual([verified, line], [false, 7]);
    assert.match(message ?? "", /no code at or after line 7/);
  });

  it("behind all code of AssemblyScript says what its compiler leaves out", async () => {
    const source = { main: { source: "/src/main.ts", lines: [3] } };
    const [, , message] = await set(source, "/src/main.ts", 7, { kind: "source-map" });
    assert.match(
      message ?? "",
      /^There is no code .* AssemblyScript's compiler writes no lines for code outside/,
    );
  });

  it("in a file that the program has no code from names the file", async () => {
    const [verified, , message] = await set(main, "/src/other.c", 3);
    assert.equal(verified, false);
    assert.match(message ?? "", /other\.c/);
    assert.match(message ?? "", /-g/);
  });

  it("in one of several files that fit names them", async () => {
    const functions = { f: { source: "/a/util.c", lines: [1] }, g: { source: "/b/util.c", lines: [1] } };
    const [verified, , message] = await set(functions, "/home/util.c", 1);
    assert.equal(verified, false);
    assert.match(message ?? "", /\/a\/util\.c, \/b\/util\.c/);
    assert.match(message ?? "", /"sourceFileMap": \{ "\/a": "\/home" \} or \{ "\/b": "\/home" \}/);
  });

  it("in a module without debug info says how to get some", async () => {
    const none = await set({ main: {} }, "/src/main.c", 3, { kind: "none", reason: "Compile it with -g." });
    assert.deepEqual(none, [false, 3, "Compile it with -g."]);
    const [, , names] = await set({ main: {} }, "/src/main.c", 3, { kind: "names" });
    assert.match(names ?? "", /-g/);
  });
});

import assert from "node:assert/strict";
import { assemblyScriptHost } from "../../../runtime/assemblyscript/host.ts";
import { assemblyScriptImports } from "../../../runtime/assemblyscript/imports.ts";
import { assemblyScriptNeeds } from "../../../runtime/embedded/assemblyscript-needs.ts";
import { readModule } from "../../../src/wasm/module.ts";
import { fixture } from "../../support/fixtures.ts";
import { call, F64, I32, i32Const, u32, WasmBuilder } from "../../support/wasm-builder.ts";

const unreachable = 0x00;

describe("what an AssemblyScript program imports", () => {
  const abortCall = [i32Const(0), i32Const(0), i32Const(0), i32Const(0), call(0)];
  const builder = () => new WasmBuilder().type([I32, I32, I32, I32]).type([]).type([], [F64]);
  const needsOf = (module: WasmBuilder) => assemblyScriptNeeds(readModule(module.build()));

  it("is what its compiler writes by itself", () => {
    const { names, abortsTrap } = assemblyScriptNeeds(readModule(fixture("as-values", "abort").bytes));
    assert.deepEqual({ names, abortsTrap }, { names: ["abort"], abortsTrap: true });
  });

  it("is known by name and type: what C leaves undefined is something else", () => {
    assert.deepEqual(needsOf(builder().import("env", "abort", "func", u32(1))).names, []);
    assert.deepEqual(needsOf(builder().import("host", "abort", "func", u32(0))).names, []);
    const both = builder().import("env", "abort", "func", u32(0)).import("env", "seed", "func", u32(2));
    assert.deepEqual(needsOf(both).names, ["abort", "seed"]);
  });

  it("may return from abort only where every call of it is followed by a trap", () => {
    const aborting = () =>
      builder()
        .import("env", "abort", "func", u32(0))
        .func(1, [], ...abortCall, unreachable);
    assert.equal(needsOf(aborting()).abortsTrap, true);
    assert.equal(needsOf(aborting().func(1, [], ...abortCall)).abortsTrap, false);
  });
});

describe("the host of an AssemblyScript program", () => {
  /** "hi" at 8, its size before it. */
  function memory(): Uint8Array {
    const bytes = new Uint8Array(64);
    bytes[4] = 4;
    bytes.set(new Uint8Array(new Uint16Array([0x68, 0x69]).buffer), 8);
    return bytes;
  }

  function host(abortsTrap = true) {
    const said: string[] = [];
    const names = [...assemblyScriptImports.keys()];
    const { env } = assemblyScriptHost(
      { names, abortsTrap },
      {
        memory,
        print: (stream, line) => said.push(`${stream}: ${line}`),
        aborted: (message) => said.push(message),
        exit: (code) => {
          throw new Error(`exit ${code}`);
        },
      },
    );
    return { said, calls: env as Record<string, (...values: number[]) => unknown> };
  }

  it("has a call for everything in its table", () => {
    assert.deepEqual(Object.keys(host().calls), [...assemblyScriptImports.keys()]);
  });

  it("says why a program aborts, and where", () => {
    const { said, calls } = host();
    calls.abort?.(8, 8, 3, 7);
    calls.abort?.(0, 0, 0, 0);
    assert.deepEqual(said, ["abort: hi in hi:3:7", "abort"]);
  });

  it("does not return from an abort that nothing follows", () => {
    assert.throws(() => host(false).calls.abort?.(8, 0, 0, 0), /^Error: abort: hi$/);
  });

  it("prints traces and what goes to the console", () => {
    const { said, calls } = host();
    calls.trace?.(8, 2, 1.5, -2, 0, 0, 0);
    calls.trace?.(8, 0, 1, 2, 3, 4, 5);
    calls["console.log"]?.(8);
    calls["console.error"]?.(8);
    assert.deepEqual(said, ["stdout: trace: hi 1.5, -2", "stdout: trace: hi", "stdout: hi", "stderr: hi"]);
  });

  it("reads no text where memory has none", () => {
    const { said, calls } = host();
    for (const pointer of [1, 3, 60, 64, 65, -1, 0x7fffffff]) calls["console.log"]?.(pointer);
    assert.deepEqual(new Set(said), new Set(["stdout: "]));
  });

  it("tells the time, and ends the program", () => {
    const { calls } = host();
    assert.ok(Math.abs((calls["Date.now"]?.() as number) - Date.now()) < 60_000);
    assert.equal(typeof calls.seed?.(), "number");
    assert.throws(() => calls["process.exit"]?.(3), /exit 3/);
  });
});

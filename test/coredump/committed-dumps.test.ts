import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { StackPages } from "../../src/debugger/stack-pages.ts";
import { StackUnwinder } from "../../src/debugger/stack-unwinder.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import { sha256Of } from "../support/coredump-contents.ts";
import { type CoredumpFixture, coredumpFixture, coredumpFixtures } from "../support/coredump-fixtures.ts";
import { dumpStop, openCoredump } from "../support/coredump-of.ts";
import { openInfo } from "../support/debug-info.ts";
import { symbolsOf } from "../support/paused-fixture.ts";

/** What is shown of a committed dump: `function:line(arguments)` of each frame with a line. */
async function backtrace(dump: CoredumpFixture): Promise<readonly string[]> {
  const { target } = openCoredump(dump.path, dump.program.bytes);
  const { info } = openInfo(dump.program.bytes);
  const symbols = symbolsOf(dump.program, target);
  const unwinder = new StackUnwinder(target, info, dumpStop, new StackPages(target, dumpStop));
  const shown: string[] = [];
  const { frames } = await target.frames(dumpStop, 0, 100);
  for (const [index, frame] of frames.entries()) {
    const position = frame.kind === "wasm" ? info.locate(frame.offset) : undefined;
    if (frame.kind !== "wasm" || !position?.source.path.startsWith("/build/")) continue;
    const stackPointer = await unwinder.stackPointerOf(index);
    const context = {
      stop: dumpStop,
      frame: index,
      function: frame.function,
      offset: frame.offset,
      stackPointer,
    };
    const list = (await symbols.parameters(context)).map(({ name, value }: Variable) => `${name}=${value}`);
    shown.push(`${info.functionAt(frame.offset)?.name}:${position.line + 1}(${list.join(", ")})`);
  }
  return shown;
}

describe("the committed coredumps", () => {
  it("are those that were recorded", () => {
    for (const { path, sha256, file } of coredumpFixtures()) {
      assert.equal(sha256Of(readFileSync(path)), sha256, file);
    }
  });

  const fib = (lineOf: (marker: string) => number, arguments_: (n: number) => string) => [
    `fib:${lineOf("fib-base")}(${arguments_(1)})`,
    ...[2, 3, 4, 5, 6].map((n) => `fib:${lineOf("fib-left")}(${arguments_(n)})`),
    `main:${lineOf("main-fib")}()`,
  ];

  for (const dialect of ["standard", "wasm-edit", "wasm-edit-without-instances"] as const)
    it(`of the dialect ${dialect} show every frame with its line and its arguments`, async () => {
      const dump = coredumpFixture(`steps.${dialect}.core`);
      const { dump: read, base } = openCoredump(dump.path, dump.program.bytes);
      assert.equal(read.dialect.dialect.name, dialect);
      assert.equal(base.base, dialect === "standard" ? "body" : "instructions");
      const markers = dump.program.markers();
      assert.deepEqual(
        await backtrace(dump),
        fib(
          (marker) => markers.lineOf(marker),
          (n) => `n=${n}`,
        ),
      );
    });

  for (const dialect of ["wasmedge", "wasmedge-for-wasmgdb"] as const)
    it(`of the dialect ${dialect} show where each frame was called, and no memory`, async () => {
      const dump = coredumpFixture(`steps.${dialect}.core`);
      const { dump: read, base, target } = openCoredump(dump.path, dump.program.bytes);
      assert.match(read.dialect.dialect.name, /^wasmedge/);
      assert.equal(base.base, "call-sites");
      assert.equal(target.missingMemory, "the coredump does not hold this memory");
      const [top, ...callers] = await backtrace(dump);
      const markers = dump.program.markers();
      // Where the innermost frame stood is not in such a dump: its function's beginning stands for it.
      assert.equal(top, `fib:${markers.lineOf("fib-test") - 1}(n=<the coredump does not hold this memory>)`);
      const expected = fib(
        (marker) => markers.lineOf(marker),
        () => "n=<the coredump does not hold this memory>",
      );
      assert.deepEqual(callers, expected.slice(1));
    });

  const deaths = [
    ["load", "trap_load", "offset=42"],
    ["divide", "trap_divide", "numerator=42"],
    ["unreachable", "trap_unreachable", "code=42"],
    ["abort", "trap_abort", "code=42"],
    ["indirect-type", "trap_indirect_type", "code=42"],
  ] as const;

  for (const [death, name, list] of deaths)
    it(`of Wasmtime at a trap (${death}) show arguments that it has not written, recovered from memory`, async () => {
      const dump = coredumpFixture(`traps.${death}.wasmtime.core`);
      const { dump: read, base } = openCoredump(dump.path, dump.program.bytes);
      assert.equal(read.dialect.dialect.name, "standard");
      assert.match(base.reason, /6 of 6|7 of 7|8 of 8/);
      assert.ok(read.threads[0]?.frames.every(({ locals }) => locals.length === 0));
      const markers = dump.program.markers();
      const frames = await backtrace(dump);
      // Cranelift makes one instruction of `if (…) __builtin_trap();`, on the line before.
      const line = markers.lineOf(death) - (death === "unreachable" ? 1 : 0);
      assert.ok(frames.includes(`${name}:${line}(${list})`), frames.join());
      assert.match(frames.at(-1) ?? "", new RegExp(`^main:${markers.lineOf("main-call")}\\(argc=2, argv=0x`));
    });

  it("of Wasmtime with a stack that ran over its end show the innermost of its frames", async () => {
    const dump = coredumpFixture("traps.linear-stack.wasmtime.core");
    const frames = await backtrace(dump);
    assert.ok(frames.length >= 15);
    assert.ok(
      frames.slice(1, 10).every((frame) => frame.startsWith("wide:")),
      frames.join(),
    );
  });

  it("have a table that is the module's own", async () => {
    const dump = coredumpFixture("traps.load.wasmtime.core");
    const { target } = openCoredump(dump.path, dump.program.bytes);
    assert.equal(typeof (await target.readTable(dumpStop, 0, 1)), "number");
    assert.equal(await target.readTable(dumpStop, 0, 0), undefined);
  });
});

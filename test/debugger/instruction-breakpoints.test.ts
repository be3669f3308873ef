import assert from "node:assert/strict";
import { toMemoryAddress, toModuleOffset } from "../../src/base/brand.ts";
import { statementOffset } from "../support/toy-guest.ts";
import { makeToy, straight, targetError, toySource } from "../support/toy-session.ts";

const first = statementOffset(straight, "main", 1);
const second = statementOffset(straight, "main", 2);

describe("breakpoints on instructions", () => {
  it("stop where there is a site, and are told as what they are", async () => {
    const { recorder } = makeToy(straight);
    const [set] = await recorder.debugger.setInstructionBreakpoints([second]);
    assert.deepEqual(set, { id: 1, point: second, verified: true });
    await recorder.debugger.start({ stopOnEntry: false });
    const told = await recorder.next();
    assert.deepEqual(told.event === "stopped" && told.description, {
      kind: "breakpoint",
      breakpoints: [1],
      onInstruction: true,
    });
  });

  it("do not stop elsewhere, and say why", async () => {
    const { recorder, target } = makeToy(straight);
    target.isSite = (point) => point === first;
    const set = await recorder.debugger.setInstructionBreakpoints([toModuleOffset(second + 1), first]);
    assert.deepEqual(
      set.map(({ verified, message }) => [verified, message]),
      [
        [false, "No statement begins here."],
        [true, undefined],
      ],
    );
    assert.deepEqual([...target.armed], [first]);
  });

  it("and those of sources do not take each other's place", async () => {
    const { recorder, target } = makeToy(straight);
    await recorder.debugger.setBreakpoints(toySource, [{ line: 0 }]);
    await recorder.debugger.setInstructionBreakpoints([second]);
    assert.deepEqual([...target.armed].sort(), [first, second]);
    await recorder.debugger.setBreakpoints(toySource, []);
    assert.deepEqual([...target.armed], [second]);
    await recorder.debugger.setInstructionBreakpoints([]);
    assert.deepEqual([...target.armed], []);
  });

  it("at the place of one of a source are hit with it, as a breakpoint like any", async () => {
    const { recorder } = makeToy(straight);
    await recorder.debugger.setBreakpoints(toySource, [{ line: 1 }]);
    await recorder.debugger.setInstructionBreakpoints([second]);
    await recorder.debugger.start({ stopOnEntry: false });
    const told = await recorder.next();
    assert.deepEqual(told.event === "stopped" && told.description, {
      kind: "breakpoint",
      breakpoints: [1, 2],
    });
  });

  it("keep their numbers while they are asked for again", async () => {
    const { recorder } = makeToy(straight);
    await recorder.debugger.setInstructionBreakpoints([first, second]);
    const again = await recorder.debugger.setInstructionBreakpoints([second, toModuleOffset(0x900)]);
    assert.deepEqual(
      again.map(({ id }) => id),
      [2, 3],
    );
  });

  it("of a program that has ended are not verified", async () => {
    const { recorder } = makeToy(straight);
    await recorder.debugger.start({ stopOnEntry: false });
    await recorder.next();
    const [set] = await recorder.debugger.setInstructionBreakpoints([first]);
    assert.deepEqual(set, { id: 1, point: first, verified: false, message: "The program has ended." });
  });
});

describe("steps by instruction", () => {
  const calling = {
    main: {
      source: toySource,
      lines: [1, 1, 2],
      *run(guest: Parameters<NonNullable<(typeof straight)["main"]["run"]>>[0]) {
        yield* guest.line(1);
        yield* guest.call("hidden");
        yield* guest.line(1, 1);
        yield* guest.line(2);
      },
    },
    hidden: { source: "/gone.c", lines: [7] },
  };
  const isShown = (path: string) => path === toySource;

  /** Stands at the first statement of `main`. */
  const begin = async () => {
    const { recorder } = makeToy(calling, { isShown });
    await recorder.debugger.start({ stopOnEntry: true });
    await recorder.next();
    return recorder;
  };

  it("over a call stop at the next statement, on the same line too", async () => {
    const recorder = await begin();
    await recorder.debugger.step("over", "instruction");
    assert.equal(await recorder.halt(), "step main:1");
    await recorder.debugger.step("over", "instruction");
    assert.equal(await recorder.halt(), "step main:2");
  });

  it("into a call stop in functions whose source cannot be shown", async () => {
    const recorder = await begin();
    await recorder.debugger.step("in", "instruction");
    assert.equal(await recorder.halt(), "step hidden:7");
    await recorder.debugger.step("out", "instruction");
    assert.equal(await recorder.halt(), "step main:1");
  });

  it("by line do neither", async () => {
    const recorder = await begin();
    await recorder.debugger.step("in", "line");
    assert.equal(await recorder.halt(), "step main:2");
  });
});

describe("memory", () => {
  /** Stands before the first instruction. */
  const begin = async () => {
    const toy = makeToy(straight);
    toy.target.memory = Uint8Array.of(1, 2, 3, 4);
    await toy.recorder.debugger.start({ stopOnEntry: true });
    await toy.recorder.next();
    return toy;
  };

  it("is read as far as it goes", async () => {
    const { recorder } = await begin();
    const bytes = await recorder.debugger.readMemory(0, toMemoryAddress(2), 10);
    assert.deepEqual([...bytes], [3, 4]);
    assert.deepEqual(await recorder.debugger.memorySizes(), [4n]);
  });

  it("is written, and whoever has read it before is told", async () => {
    const { recorder, target } = await begin();
    await recorder.debugger.writeMemory(0, toMemoryAddress(1), Uint8Array.of(9, 8));
    assert.deepEqual([...target.memory], [1, 9, 8, 4]);
    assert.deepEqual(recorder.memoryChanges, ["1 2"]);
    assert.deepEqual(recorder.told.at(-1), {
      event: "memoryChanged",
      change: { memory: 0, address: 1n, length: 2 },
    });
  });

  it("that is not there is not written to, and nobody is told", async () => {
    const { recorder } = await begin();
    const writing = recorder.debugger.writeMemory(0, toMemoryAddress(3), Uint8Array.of(9, 8));
    await assert.rejects(writing, targetError("bad-address"));
    assert.deepEqual(recorder.memoryChanges, []);
  });
});

import assert from "node:assert/strict";
import { toModuleOffset } from "../../src/base/brand.ts";
import type { StackShape } from "../../src/debuginfo/debug-info.ts";
import * as dw from "../../src/dwarf/constants.ts";
import type { FrameContext } from "../../src/symbols/frame-context.ts";
import type { Variable } from "../../src/symbols/variable.ts";
import type { DieSpec, UnitSpec } from "../support/dwarf-builder.ts";
import { endAll } from "../support/engine.ts";
import { fixture } from "../support/fixtures.ts";
import { pauseAt } from "../support/paused-fixture.ts";
import { baseType, codeRange, named, type SymbolGuestParts, symbolGuest } from "../support/symbol-guest.ts";

const int = baseType("int", dw.DW_ATE_signed, 4);

/** A unit whose function has `frameBase` and the variable `x` at offset 8 from it. */
function unitWith(frameBase: readonly number[]): UnitSpec {
  const x = named(dw.DW_TAG_variable, "x", {
    [dw.DW_AT_type]: { ref: "int" },
    [dw.DW_AT_location]: [dw.DW_OP_fbreg, 8],
  });
  const body: DieSpec = {
    tag: dw.DW_TAG_subprogram,
    attributes: { [dw.DW_AT_name]: "f", ...codeRange, [dw.DW_AT_frame_base]: frameBase },
    children: [x],
  };
  return { lowPc: 0, highPc: 0x100, root: { tag: dw.DW_TAG_compile_unit, children: [body, int] } };
}

const inLocal2 = [dw.DW_OP_WASM_location, 0, 2, dw.DW_OP_stack_value];
const inGlobal0 = [dw.DW_OP_WASM_location, 3, 0, 0, 0, 0, dw.DW_OP_stack_value];
const lost = { type: "unavailable", reason: "only the innermost frame's locals are kept" } as const;

/** A frame that stands 16 bytes below its entry, whose local 2 holds entry − 16. */
const shape: StackShape = {
  fixed: true,
  deltaAt: () => 16,
  localDelta: (local) => (local === 2 ? 16 : undefined),
};

async function x(parts: SymbolGuestParts): Promise<Variable> {
  const memory = new Uint8Array(256);
  memory[0x48] = 42;
  const guest = symbolGuest({ memory, ...parts });
  return guest.symbols.evaluate(guest.frame, "x");
}

describe("the frame base", () => {
  it("is what a Wasm local holds", async () => {
    const locals = [lost, lost, { type: "i32", value: 0x40 } as const];
    assert.equal((await x({ units: [unitWith(inLocal2)], locals })).value, "42");
  });

  it("of an outer frame follows from its stack pointer, where the local was not kept", async () => {
    const parts = { units: [unitWith(inLocal2)], locals: [lost, lost, lost], stackShape: shape };
    assert.equal((await x({ ...parts, frame: { frame: 1, stackPointer: 0x40n } })).value, "42");
  });

  it("is not guessed where the stack pointer or the function's shape is unknown", async () => {
    const parts = { units: [unitWith(inLocal2)], locals: [lost, lost, lost] };
    const reason = "only the innermost frame's locals are kept";
    assert.equal((await x({ ...parts, stackShape: shape })).unavailable, reason);
    const unknown: StackShape = { ...shape, deltaAt: () => undefined };
    const frame = { frame: 1, stackPointer: 0x40n };
    assert.equal((await x({ ...parts, stackShape: unknown, frame })).unavailable, reason);
    assert.equal(
      (await x({ ...parts, stackShape: { ...shape, localDelta: () => undefined }, frame })).unavailable,
      reason,
    );
  });

  it("in the stack pointer global is the frame's own, not the innermost one's", async () => {
    const parts = {
      units: [unitWith(inGlobal0)],
      globals: [{ type: "i32", value: 0x10 } as const],
      stackPointerGlobal: 0,
    };
    assert.equal((await x({ ...parts, frame: { frame: 1, stackPointer: 0x40n } })).value, "42");
    assert.equal((await x({ ...parts, globals: [{ type: "i32", value: 0x40 }] })).value, "42");
    const outer = await x({ ...parts, frame: { frame: 1 } });
    assert.equal(outer.unavailable, "the stack pointer of this frame is unknown");
  });
});

describe("frames of a real guest", () => {
  afterEach(endAll);

  it("show their own variables all the way out", async () => {
    const { running, symbols, frame } = await pauseAt(fixture("list", "dwarf5.O0"), "length-end");
    const { target, info } = running;
    const { frames } = await target.frames(frame.stop, 0, 100);
    const seen: string[] = [];
    let stackPointer = frame.stackPointer;
    for (const [index, of] of frames.entries()) {
      if (of.kind !== "wasm") continue;
      const context: FrameContext = {
        stop: frame.stop,
        frame: index,
        function: of.function,
        offset: of.offset,
        stackPointer,
      };
      const name = info.functionAt(of.offset)?.name;
      if (name === "length") seen.push(await id(context));
      if (name === "main") {
        seen.push((await symbols.evaluate(context, "head->name")).value);
        seen.push((await symbols.evaluate(context, "keys[3]")).value);
        seen.push((await symbols.evaluate(context, "tree->left->key")).value);
      }
      const delta = info.stackShape(of.function).deltaAt(of.offset);
      stackPointer =
        delta === undefined || stackPointer === undefined ? undefined : stackPointer + BigInt(delta);
    }
    assert.deepEqual(seen, ["null", "1", "2", "3", '"third"', "20", "30"]);

    async function id(context: FrameContext): Promise<string> {
      const [p = assert.fail()] = await symbols.parameters(context);
      return p.named === 0 ? "null" : (await symbols.evaluate(context, "p->id")).value;
    }
  });

  it("have one context for each inlined call", async () => {
    const { symbols, frame } = await pauseAt(fixture("steps", "dwarf5.O2"), "loops-return");
    const names = async (inlineDepth: number): Promise<string[]> => {
      const [locals] = await symbols.scopes({ ...frame, inlineDepth });
      return (await locals?.variables.children("named", 0, 100))?.map(({ name }) => name) ?? [];
    };
    assert.deepEqual(await names(0), ["limit", "total", "n"]);
    assert.deepEqual(await names(1), ["total"]);
  });

  it("give variables whose expressions mean them", async () => {
    const { symbols, frame } = await pauseAt(fixture("types", "dwarf5.O0"), "pointers");
    const wrong: string[] = [];
    let checked = 0;
    const check = async (variable: Variable, depth: number): Promise<void> => {
      if (variable.evaluateName === undefined) return;
      const again = await symbols.evaluate(frame, variable.evaluateName);
      checked++;
      const same = again.value === variable.value && again.memoryReference === variable.memoryReference;
      if (!same) wrong.push(`${variable.evaluateName}: ${again.value}, not ${variable.value}`);
      if (depth === 0) return;
      const children = [
        ...(await variable.children("named", 0, 8)),
        ...(await variable.children("indexed", 0, 3)),
      ];
      for (const child of children) {
        assert.notEqual(child.evaluateName, undefined, child.name);
        await check(child, depth - 1);
      }
    };
    for (const scope of await symbols.scopes(frame)) {
      if (scope.kind === "wasm") continue;
      for (const variable of await scope.variables.children("named", 0, 100)) await check(variable, 4);
    }
    assert.deepEqual(wrong, []);
    assert.ok(checked > 100, `${checked}`);
  });

  /** The variables of the innermost scope, and how often memory was asked for to show them. */
  async function readLocals(target: "as it is" | "with nothing at hand") {
    const { running, symbols, frame } = await pauseAt(fixture("types", "dwarf5.O0"), "scalars");
    const read = running.target.readMemory.bind(running.target);
    let reads = 0;
    running.target.readMemory = (...args) => {
      reads++;
      return read(...args);
    };
    if (target === "with nothing at hand") running.target.memoryAtHand = () => undefined;
    const [locals] = await symbols.scopes(frame);
    const variables = (await locals?.variables.children("named", 0, 100)) ?? [];
    return { shown: variables.map(({ name, value }) => `${name} = ${value}`), reads };
  }

  it("ask for the memory of all locals at once", async () => {
    const { shown, reads } = await readLocals("with nothing at hand");
    assert.equal(shown.length, 35);
    assert.equal(reads, 1);
  });

  it("ask for no memory that has come with the stop", async () => {
    const { shown, reads } = await readLocals("as it is");
    assert.equal(reads, 0);
    assert.deepEqual(shown, (await readLocals("with nothing at hand")).shown);
  });
});

describe("a program point", () => {
  afterEach(endAll);

  it("decides which block's variables are in scope", async () => {
    const { running, symbols, frame } = await pauseAt(fixture("types", "dwarf4.O0"), "innermost-scope");
    const [locals] = await symbols.scopes(frame);
    const shown = (await locals?.variables.children("named", 0, 100))?.map(({ name }) => name) ?? [];
    const { lineOf } = fixture("types", "dwarf4.O0").markers();
    assert.ok(running.lineAt(frame.offset) === lineOf("innermost-scope"));
    assert.equal(shown.length, 4);
    assert.equal(shown.filter((name) => /^value \(line \d+\)$/.test(name)).length, 2);
    const before = { ...frame, offset: toModuleOffset(running.point("inner-scope")) };
    const [outer] = await symbols.scopes(before);
    assert.equal(outer?.variables.named, 3);
  });
});

import assert from "node:assert/strict";
import type { Instrumented } from "../../src/instrument/instrument.ts";
import type { NamedSlots } from "../../src/instrument/named-slots.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { instantiate, instrumentEverywhere } from "../support/instrumented-guest.ts";
import { newerPrograms } from "../support/newer-programs.ts";
import { type Program, programs } from "../support/programs.ts";

/** All that can be seen of a program's run: results, traps, what it tells the host, and its memory at the end. */
interface Outcome {
  readonly events: readonly string[];
  readonly memory: Uint8Array | undefined;
}

function runOriginal(program: Program): Outcome {
  const events: string[] = [];
  const module = new WebAssembly.Module(program.bytes as BufferSource);
  const { exports } = new WebAssembly.Instance(module, importsTo(events));
  return call(program, exports, events);
}

function runInstrumented(
  program: Program,
  instrumented: Instrumented,
  arm: (site: number) => boolean,
): Outcome {
  const events: string[] = [];
  const { names, sites } = instrumented;
  const guest = instantiate(instrumented, (site) => assert.ok(arm(site)), importsTo(events));
  for (let word = 0; word < names.maskWords; word++) {
    let mask = 0;
    for (let bit = 0; bit < 32; bit++) {
      const site = word * 32 + bit;
      if (site < sites.count && arm(site)) mask |= 1 << bit;
    }
    guest.setMask(word, mask);
  }
  if (names.start !== undefined) guest.call(names.start);
  return call(program, guest.exports, events);
}

const importsTo = (events: string[]): WebAssembly.Imports => ({
  host: { log: (value: number) => events.push(`log ${value}`) },
});

function call(program: Program, exports: Record<string, unknown>, events: string[]): Outcome {
  for (const [name, ...args] of program.calls) {
    try {
      const result = (exports[name] as (...args: unknown[]) => unknown)(...args);
      events.push(`${name} = ${String(result)}`);
    } catch (error) {
      const text = error instanceof WebAssembly.Exception ? "an exception" : String(error);
      events.push(`${name}: ${text}`);
    }
  }
  const { memory } = exports;
  return { events, memory: memory instanceof WebAssembly.Memory ? new Uint8Array(memory.buffer) : undefined };
}

/** Says of all code that variables are in the first locals and operands. */
function everythingIn({ code }: WasmModule): NamedSlots {
  const slots = Array.from({ length: 8 }, (_, index) => index);
  return {
    begin: Uint32Array.from(slots, () => code.start),
    end: Uint32Array.from(slots, () => code.end),
    isOperand: Uint8Array.from(slots, (slot) => slot & 1),
    index: Uint32Array.from(slots, (slot) => slot >>> 1),
  };
}

describe("an instrumented module", () => {
  for (const program of programs) {
    it(`does what the original does, whatever is armed: ${program.name}`, () => {
      const original = runOriginal(program);
      const instrumented = instrumentEverywhere(program.bytes, { keepLocals: () => [0, 2] });
      const idle = runInstrumented(program, instrumented, () => false);
      const some = runInstrumented(program, instrumented, (site) => site % 3 === 1);
      const all = runInstrumented(program, instrumented, () => true);
      assert.ok(original.events.length >= program.calls.length);
      for (const outcome of [idle, some, all]) assert.deepEqual(outcome, original);
    });
  }

  for (const program of [...programs, ...newerPrograms]) {
    it(`does so with all operands and, at calls, locals kept: ${program.name}`, () => {
      if (!WebAssembly.validate(program.bytes as BufferSource)) return;
      const original = runOriginal(program);
      const module = readModule(program.bytes);
      const keepAtCalls = module.memories.length === 0;
      const keeping = { named: everythingIn(module), density: "instructions", keepAtCalls } as const;
      for (const writeBack of ["few", "all"] as const) {
        const instrumented = instrumentEverywhere(program.bytes, { ...keeping, writeBack });
        for (const arm of [() => false, () => true])
          assert.deepEqual(runInstrumented(program, instrumented, arm), original);
      }
    });
  }

  for (const program of newerPrograms) {
    it(`is valid where the original is, and does the same: ${program.name}`, () => {
      const instrumented = instrumentEverywhere(program.bytes);
      const isValid = WebAssembly.validate(program.bytes as BufferSource);
      assert.equal(WebAssembly.validate(instrumented.bytes), isValid);
      if (!isValid) return;
      const original = runOriginal(program);
      assert.deepEqual(
        runInstrumented(program, instrumented, () => false),
        original,
      );
      assert.deepEqual(
        runInstrumented(program, instrumented, () => true),
        original,
      );
    });
  }

  it("stops at every site as often as its instruction runs", () => {
    const program = programs[0];
    assert.ok(program);
    const counts = new Map<number, number>();
    const instrumented = instrumentEverywhere(program.bytes);
    const count = (site: number) => counts.set(site, (counts.get(site) ?? 0) + 1);
    const guest = instantiate(instrumented, count, importsTo([]));
    guest.setAll(-1);
    guest.call("fib", 10);
    // fib(10) takes 177 calls, 89 of which end at once.
    const expected = [...Array(4).fill(177), 89, 89, ...Array(10).fill(88), 177];
    assert.equal(instrumented.sites.count, 17);
    assert.deepEqual(
      Array.from({ length: 17 }, (_, site) => counts.get(site)),
      expected,
    );
  });
});

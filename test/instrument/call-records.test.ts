import assert from "node:assert/strict";
import { findCall, OPERAND, WRITTEN_HEADER } from "../../src/instrument/call-table.ts";
import { type Instrumented, instrument } from "../../src/instrument/instrument.ts";
import type { NamedSlots } from "../../src/instrument/named-slots.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assemble } from "../support/assemble.ts";
import { instantiate } from "../support/instrumented-guest.ts";
import { I32, I64, u32, WasmBuilder } from "../support/wasm-builder.ts";

// A module without a memory of its own: where its records are is then memory 0, and any engine takes it.

/** Says of all code that these slots hold variables. */
function naming(bytes: Uint8Array, locals: readonly number[], operands: readonly number[] = []): NamedSlots {
  const { code } = readModule(bytes);
  const rows = [
    ...locals.map((index) => ({ index, isOperand: 0 })),
    ...operands.map((index) => ({ index, isOperand: 1 })),
  ];
  return {
    begin: Uint32Array.from(rows, () => code.start),
    end: Uint32Array.from(rows, () => code.end),
    isOperand: Uint8Array.from(rows, ({ isOperand }) => isOperand),
    index: Uint32Array.from(rows, ({ index }) => index),
  };
}

const none = { offset: new Uint32Array(0), line: new Uint32Array(0) };

function withRecords(
  bytes: Uint8Array,
  locals: readonly number[],
  operands?: readonly number[],
): Instrumented {
  const instrumented = instrument(readModule(bytes), {
    sites: none,
    named: naming(bytes, locals, operands),
    keepAtCalls: true,
  });
  assert.ok(WebAssembly.validate(instrumented.bytes));
  return instrumented;
}

/** The records there are, innermost first, as what each keeps: by local, or by operand with a `o` in front. */
class Records {
  readonly #instrumented: Instrumented;
  readonly #exports: Record<string, unknown>;

  constructor(instrumented: Instrumented, exports: Record<string, unknown>) {
    this.#instrumented = instrumented;
    this.#exports = exports;
  }

  get pointer(): number {
    return (this.#exports[this.#names.pointer] as WebAssembly.Global).value as number;
  }

  /** Values of i32 in the record that ends at `end`, of the call in row `row`, and where it begins. */
  at(end: number, row: number): { readonly values: Record<string, number>; readonly start: number } {
    const { calls } = this.#instrumented;
    const start = end - (calls.sizeBytes[row] as number);
    const view = this.#view;
    assert.equal(view.getUint32(start, true), row + 1);
    const values: Record<string, number> = {};
    for (let at = calls.valueStart[row] as number; at < (calls.valueStart[row + 1] as number); at++) {
      const slot = calls.valueSlot[at] as number;
      const name = slot >= OPERAND ? `o${slot - OPERAND}` : String(slot);
      values[name] = view.getInt32(start + (calls.valueAt[at] as number), true);
    }
    return { values, start };
  }

  write(start: number, row: number, local: number, value: number): void {
    const { calls } = this.#instrumented;
    for (let at = calls.valueStart[row] as number; at < (calls.valueStart[row + 1] as number); at++) {
      if (calls.valueSlot[at] === local)
        this.#view.setInt32(start + (calls.valueAt[at] as number), value, true);
    }
    this.#view.setUint32(start, (row + 1) | WRITTEN_HEADER, true);
    (this.#exports[this.#names.written] as WebAssembly.Global).value = 1;
  }

  get #names() {
    return this.#instrumented.names.records ?? assert.fail("no records");
  }

  get #view(): DataView {
    return new DataView((this.#exports[this.#names.memory] as WebAssembly.Memory).buffer);
  }
}

/** Function 0 is imported and called by function 1 (f). */
const calling = (code: string, locals: [number, number][] = []): Uint8Array =>
  new WasmBuilder()
    .type([], [])
    .type([I32, I32], [I32])
    .import("h", "f", "func", u32(0))
    .func(1, locals, assemble(code))
    .export("f", "func", 1)
    .build();

describe("a record of a call", () => {
  it("holds the locals that are named while the call lasts, and nothing is left of it afterwards", () => {
    const instrumented = withRecords(calling("call 0\nlocal.get 0\nlocal.get 1\ni32.add"), [0, 1]);
    let seen: Record<string, number> = {};
    const guest = instantiate(instrumented, undefined, {
      h: { f: () => (seen = records.at(records.pointer, 0).values) },
    });
    const records = new Records(instrumented, guest.exports);
    assert.equal(guest.call("f", 3, 4), 7);
    assert.deepEqual(seen, { 0: 3, 1: 4 });
    assert.equal(records.pointer, 0);
  });

  it("holds operands that are named below those that the call takes, and leaves the stack as it was", () => {
    const bytes = new WasmBuilder()
      .type([I32, I64], [I32])
      .type([I32, I32], [I32])
      .import("h", "f", "func", u32(0))
      .func(1, [], assemble("local.get 0\nlocal.get 1\ni64.const 9\ncall 0\ni32.add"))
      .export("f", "func", 1)
      .build();
    const instrumented = withRecords(bytes, [], [0]);
    let seen: Record<string, number> = {};
    const guest = instantiate(instrumented, undefined, {
      h: {
        f: (value: number, wide: bigint) => {
          seen = records.at(records.pointer, 0).values;
          return value * Number(wide);
        },
      },
    });
    const records = new Records(instrumented, guest.exports);
    assert.equal(guest.call("f", 5, 7), 5 + 7 * 9);
    assert.deepEqual(seen, { o0: 5 });
  });

  it("gives a local back as it has been written meanwhile", () => {
    const instrumented = withRecords(calling("call 0\nlocal.get 0\nlocal.get 1\ni32.add"), [0, 1]);
    const guest = instantiate(instrumented, undefined, {
      h: { f: () => records.write(records.at(records.pointer, 0).start, 0, 1, 100) },
    });
    const records = new Records(instrumented, guest.exports);
    assert.equal(guest.call("f", 3, 4), 103);
    assert.equal(guest.call("f", 3, 5), 103);
  });

  it("lies behind those of the calls around it, recursion or not", () => {
    const code =
      "local.get 0\ni32.eqz\nif\ncall 0\ni32.const 0\nreturn\nend\nlocal.get 0\ni32.const 1\ni32.sub\nlocal.get 1\ncall 1";
    const instrumented = withRecords(calling(code), [0]);
    const { calls } = instrumented;
    const seen: number[] = [];
    const guest = instantiate(instrumented, undefined, {
      h: {
        f: () => {
          let end = records.pointer;
          // The innermost function calls the host, all others themselves.
          for (let row = 0; end > 0; row = 1) {
            const { values, start } = records.at(end, row);
            seen.push(values[0] as number);
            end = start;
          }
        },
      },
    });
    const records = new Records(instrumented, guest.exports);
    guest.call("f", 4, 0);
    assert.equal(calls.count, 2);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.equal(records.pointer, 0);
  });

  it("is still there after a trap", () => {
    const instrumented = withRecords(
      calling(
        "local.get 1\ni32.eqz\nif\nlocal.get 0\ni32.const 0\ni32.div_s\nreturn\nend\nlocal.get 0\ni32.const 0\ncall 1",
      ),
      [0],
    );
    const guest = instantiate(instrumented, undefined, { h: { f: () => {} } });
    const records = new Records(instrumented, guest.exports);
    assert.throws(() => guest.call("f", 11, 1), /divide by zero/);
    assert.deepEqual(records.at(records.pointer, 0).values, { 0: 11 });
  });

  it("is forgotten by a function that catches an exception, whatever the exception has passed", () => {
    const bytes = new WasmBuilder()
      .type([], [])
      .type([I32, I32], [I32])
      .import("h", "f", "func", u32(0))
      .tag(0)
      .func(
        1,
        [],
        assemble("try\nlocal.get 0\nlocal.get 1\ncall 2\ndrop\ncatch 0\ncall 0\nend\ncall 0\ni32.const 1"),
      )
      .func(1, [], assemble("local.get 0\nlocal.get 1\ncall 3"))
      .func(1, [], assemble("throw 0"))
      .export("f", "func", 1)
      .build();
    const instrumented = withRecords(bytes, [0]);
    const pointers: number[] = [];
    const guest = instantiate(instrumented, undefined, { h: { f: () => pointers.push(records.pointer) } });
    const records = new Records(instrumented, guest.exports);
    guest.call("f", 1, 2);
    const row = findCall(instrumented.calls, instrumented.calls.offset[0] as number) ?? -1;
    assert.equal(pointers.length, 2);
    for (const pointer of pointers) assert.equal(pointer, instrumented.calls.sizeBytes[row]);
    assert.equal(records.pointer, 0);
  });

  it("is a ring's: a stack too deep for it loses its outermost records and does not trap", () => {
    const instrumented = withRecords(calling("call 0\ni32.const 0"), [0, 1]);
    const { records } = instrumented.names;
    const guest = instantiate(instrumented, undefined, { h: { f: () => {} } });
    const pointer = guest.exports[records?.pointer ?? ""] as WebAssembly.Global;
    pointer.value = (1 << 24) - 4;
    assert.equal(guest.call("f", 1, 2), 0);
    assert.equal(pointer.value, (1 << 24) - 4);
  });

  it("is not made where the memory would be a second one and that is not wanted", () => {
    const bytes = calling("call 0\ni32.const 0");
    const { names, calls } = instrument(readModule(bytes), { sites: none, named: naming(bytes, [0]) });
    assert.equal(names.records, undefined);
    assert.equal(calls.count, 0);
  });
});

import assert from "node:assert/strict";
import { CodeModule, type CodeSlots, NoSuchSlot } from "../../../runtime/embedded/code-module.ts";
import { readLogRecords } from "../../../runtime/embedded/log-records.ts";
import { BreakpointActions } from "../../../runtime/guest/breakpoint-actions.ts";
import type { GuestCode, GuestNumber, LoggedValue } from "../../../src/target/guest-code.ts";

describe("breakpoints in the guest thread", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const count = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
  const exports = { memory, count };
  const slots: CodeSlots = {
    memory: { name: "memory", type: { addressType: "i32", minimum: 1n, shared: false } },
    local: () => undefined,
    global: (index, type) => (index === 0 && type === "i32" ? { name: "count", mutable: true } : undefined),
  };

  const countCode: GuestCode = { op: "global", type: "i32", index: 0 };
  const i32 = (value: number): GuestCode => ({ op: "const", type: "i32", value });
  const load = (address: GuestCode): GuestCode => ({
    ...{ op: "load", type: "i32", size: 4, sign: "unsigned" },
    ...{ address, offset: 0 },
  });

  const actionsFor = (...codes: readonly (readonly [GuestCode, GuestNumber])[]) => {
    const module = new CodeModule();
    for (const [code, type] of codes) module.add(code, type, slots);
    const told: { readonly log: number; readonly values: readonly LoggedValue[] }[] = [];
    const actions = new BreakpointActions({ exports, memory: "memory" }, (records) =>
      told.push(...readLogRecords(records)),
    );
    return { actions, told, code: module.bytes() };
  };

  beforeEach(() => {
    count.value = 0;
  });

  it("pass where no condition is true, and stop where one is", () => {
    const isThree: GuestCode = { op: "apply", instruction: "i32.eq", operands: [countCode, i32(3)] };
    const { actions, code } = actionsFor([isThree, "i32"]);
    actions.set([{ site: 7, breakpoint: 1, condition: 0 }], code);
    assert.equal(actions.at(7), "pass");
    count.value = 3;
    assert.deepEqual(actions.at(7), { hit: [1], asked: [], failed: [] });
    assert.equal(actions.at(8), "no-rules");
  });

  it("count what their condition leaves, over all their places and from one set of rules to the next", () => {
    const { actions, code } = actionsFor([countCode, "i32"]);
    const rule = { breakpoint: 1, condition: 0, hits: { operator: "==", count: 3 } } as const;
    const places = [
      { ...rule, site: 1 },
      { ...rule, site: 2 },
    ];
    actions.set(places, code);
    assert.equal(actions.at(1), "pass");
    count.value = 1;
    assert.equal(actions.at(1), "pass");
    assert.equal(actions.at(2), "pass");
    actions.set(places, code);
    assert.deepEqual(actions.at(1), { hit: [1], asked: [], failed: [] });
    assert.equal(actions.at(1), "pass");
  });

  it("fail once, with the evaluator's reason, and are false after that", () => {
    const reasons: readonly [GuestCode, string][] = [
      [load(i32(-16)), "memory out of bounds"],
      [load({ op: "non-null", type: "i32", value: countCode }), "null pointer"],
      [{ op: "divide", type: "i32", left: i32(1), right: countCode }, "division by zero"],
      [{ op: "apply", instruction: "i32.rem_u", operands: [i32(1), countCode] }, "division by zero"],
    ];
    for (const [condition, reason] of reasons) {
      const { actions, code } = actionsFor([condition, "i32"]);
      actions.set([{ site: 1, breakpoint: 4, condition: 0 }], code);
      assert.deepEqual(actions.at(1), { hit: [], asked: [], failed: [{ breakpoint: 4, reason }] });
      assert.equal(actions.at(1), "pass");
    }
  });

  it("leave to others what they cannot decide", () => {
    const { actions } = actionsFor();
    actions.set(
      [
        { site: 1, breakpoint: 1, ask: true },
        { site: 1, breakpoint: 2 },
      ],
      new Uint8Array(0),
    );
    assert.deepEqual(actions.at(1), { hit: [2], asked: [1], failed: [] });
  });

  it("log numbers exactly, texts to their end, and why there is none", () => {
    new Uint8Array(memory.buffer).set([0x68, 0x69, 0], 100);
    const { actions, told, code } = actionsFor(
      [{ op: "const", type: "i64", value: -(2n ** 63n) }, "i64"],
      [{ op: "const", type: "f64", value: 0.1 }, "f64"],
      [i32(100), "i32"],
      [i32(-16), "i32"],
      [load(i32(-16)), "i32"],
    );
    const values = [
      { code: 0 },
      { code: 1, isFloat: true },
      { code: 2, unitBytes: 1, length: 50 },
      { code: 3, unitBytes: 1, length: 50 },
      { code: 4 },
    ];
    actions.set([{ site: 1, breakpoint: 1, log: { number: 9, values } }], code);
    assert.equal(actions.at(1), "pass");
    const [{ log, values: heard } = { log: 0, values: [] }] = told;
    assert.equal(log, 9);
    const bytes = (value: LoggedValue | undefined) =>
      value?.kind === "number" ? Buffer.from(value.bytes) : Buffer.alloc(8);
    assert.equal(bytes(heard[0]).readBigInt64LE(), -(2n ** 63n));
    assert.equal(bytes(heard[1]).readDoubleLE(), 0.1);
    assert.deepEqual(
      heard
        .slice(2)
        .map((value) => (value.kind === "text" ? { ...value, bytes: [...(value.bytes ?? [])] } : value)),
      [
        { kind: "text", address: 100n, bytes: [0x68, 0x69, 0] },
        { kind: "text", address: 0xfffffff0n, bytes: [] },
        { kind: "failed", reason: "memory out of bounds" },
      ],
    );
  });

  it("keep their rules when V8 does not take the code of others", () => {
    const { actions } = actionsFor();
    actions.set([{ site: 1, breakpoint: 1 }], new Uint8Array(0));
    assert.throws(() => actions.set([], Uint8Array.of(1, 2, 3)), WebAssembly.CompileError);
    assert.deepEqual(actions.at(1), { hit: [1], asked: [], failed: [] });
  });

  it("are refused code that reads what the engine does not keep", () => {
    const module = new CodeModule();
    for (const code of [
      { op: "local", type: "i32", index: 0 },
      { op: "global", type: "f64", index: 0 },
    ] as const)
      assert.throws(() => module.add(code, code.type, slots), NoSuchSlot);
    assert.ok(module.isEmpty);
  });
});

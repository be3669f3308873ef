import assert from "node:assert/strict";
import { toDefinedFuncIndex, toModuleOffset } from "../../src/base/brand.ts";
import type { StackShape } from "../../src/debuginfo/debug-info.ts";
import { readStackShape } from "../../src/debuginfo/stack-shape.ts";
import { CodeReader } from "../../src/wasm/code-reader.ts";
import { readIndexSpaces } from "../../src/wasm/index-spaces.ts";
import { findOpcode, RETURN } from "../../src/wasm/instructions.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { findBodyAt, readFunctionBody } from "../../src/wasm/sections/code.ts";
import { assemble } from "../support/assemble.ts";
import { allFixtures } from "../support/fixtures.ts";
import {
  END,
  I32,
  I64,
  i32Const,
  i64Const,
  moduleOf,
  section,
  sized,
  u32,
  vec,
} from "../support/wasm-builder.ts";

/** The shape of a function in the text format, and where its lines marked `;; @name` are. */
interface Shaped {
  readonly shape: StackShape;
  /** The delta before a marked line. */
  delta(mark: string): number | undefined;
  local(local: number, mark: string): number | undefined;
  readonly offsets: Readonly<Record<string, number>>;
}

/** Global 0 is the stack pointer, function 0 can be called, locals 0 to 4 are of the pointer's type. */
function shaped(text: string, pointer: "i32" | "i64" = "i32"): Shaped {
  const lines = text.split("\n").filter((line) => line.replace(/;;.*/, "").trim() !== "");
  const type = pointer === "i32" ? I32 : I64;
  const locals = vec([u32(5), type]);
  const init = pointer === "i32" ? i32Const(0x10000) : i64Const(0x10000n);
  const bytes = moduleOf(
    section(1, vec([0x60, vec(), vec()])),
    section(3, vec(u32(0), u32(0))),
    section(6, vec([type, 1, init, END], [type, 1, init, END])),
    section(10, vec(sized(vec(), END), sized(locals, assemble(text), END))),
  );
  const module = readModule(bytes);
  const body = toDefinedFuncIndex(1);
  const offsets: Record<string, number> = {};
  let at: number = readFunctionBody(bytes, module.code, body).instructionsStart;
  for (const line of lines) {
    const mark = /@(\w+)/.exec(line)?.[1];
    if (mark !== undefined) offsets[mark] = at;
    at += assemble(line).length;
  }
  offsets.end = at;
  const shape = readStackShape(module, body, 0);
  const offsetOf = (mark: string) => {
    const offset = offsets[mark];
    if (offset === undefined) throw new Error(`no mark ${mark}`);
    return toModuleOffset(offset);
  };
  return {
    shape,
    delta: (mark) => shape.deltaAt(offsetOf(mark)),
    local: (local, mark) => shape.localDelta(local, offsetOf(mark)),
    offsets,
  };
}

const prologue = `
  global.get 0
  i32.const 16
  i32.sub
  local.tee 0
  global.set 0`;

const epilogue = `
  local.get 0
  i32.const 16
  i32.add
  global.set 0`;

describe("the stack shape of a function", () => {
  it("follows the stack pointer from the prologue to the epilogue", () => {
    const { delta, local, shape } = shaped(`
      global.get 0  ;; @entry
      i32.const 16
      i32.sub
      local.tee 0
      global.set 0  ;; @before
      call 0        ;; @body
      ${epilogue}
      nop           ;; @after`);
    assert.deepEqual([delta("entry"), delta("before"), delta("body"), delta("after")], [0, 0, 16, 0]);
    assert.deepEqual([local(0, "entry"), local(0, "body"), local(0, "after")], [undefined, 16, 16]);
    assert.equal(shape.fixed, true);
    assert.equal(shape.leaf, false);
  });

  it("follows sizes that unoptimised code keeps in locals", () => {
    const { delta, local } = shaped(`
      global.get 0
      local.set 0
      i32.const 48
      local.set 1
      local.get 0
      local.get 1
      i32.sub
      local.set 2
      local.get 2
      global.set 0
      nop          ;; @body
      i32.const 48
      local.set 3
      local.get 2
      local.get 3
      i32.add
      local.set 4
      local.get 4
      global.set 0
      nop          ;; @after`);
    assert.deepEqual([delta("body"), delta("after")], [48, 0]);
    assert.deepEqual([local(0, "body"), local(1, "body"), local(2, "body")], [0, undefined, 48]);
  });

  it("knows 64-bit stack pointers", () => {
    const { delta } = shaped(
      `
      global.get 0
      i64.const 32
      i64.sub
      global.set 0
      nop          ;; @body`,
      "i64",
    );
    assert.equal(delta("body"), 32);
  });

  it("calls a function without a frame of its own not fixed", () => {
    const { shape, delta } = shaped("call 0\nnop ;; @body");
    assert.equal(shape.fixed, false);
    assert.equal(shape.leaf, false);
    assert.equal(delta("body"), 0);
  });

  it("knows leaf functions, tail calls aside", () => {
    assert.equal(shaped("nop").shape.leaf, true);
    assert.equal(shaped("return_call 0").shape.leaf, true);
    assert.equal(shaped("i32.const 0\ncall_indirect (type 0)").shape.leaf, false);
  });

  it("is not fixed when calls are made at different depths", () => {
    assert.equal(shaped(`call 0\n${prologue}\ncall 0`).shape.fixed, false);
  });

  it("gives up where the frame grows by an unknown size", () => {
    const { delta, local, shape } = shaped(`
      ${prologue}
      global.get 0
      local.get 1
      i32.sub
      global.set 0
      call 0       ;; @body
      ${epilogue}
      nop          ;; @after`);
    assert.deepEqual([delta("body"), delta("after")], [undefined, 0]);
    assert.equal(local(0, "body"), 16);
    assert.equal(shape.fixed, false);
  });

  it("does not take other globals, or other arithmetic, for the stack pointer's", () => {
    const { delta } = shaped(`
      global.get 1
      i32.const 16
      i32.sub
      global.set 1
      nop          ;; @other
      global.get 0
      i32.const -32
      i32.and
      global.set 0
      nop          ;; @aligned`);
    assert.deepEqual([delta("other"), delta("aligned")], [0, undefined]);
  });

  it("keeps what both ways of an if agree on", () => {
    const { delta, local } = shaped(`
      ${prologue}
      local.get 1
      if
        global.get 0
        local.set 2
        call 0
      else
        i32.const 4
        local.set 2
      end
      nop          ;; @agreed
      local.get 1
      if
        ${epilogue}
      end
      nop          ;; @split`);
    assert.deepEqual([delta("agreed"), delta("split")], [16, undefined]);
    assert.equal(local(0, "agreed"), 16);
    assert.equal(local(2, "agreed"), undefined);
  });

  it("knows nothing where no execution comes, and goes on behind it", () => {
    const { delta, shape, offsets } = shaped(`
      ${prologue}
      block
        local.get 1
        br_if 0
        ${epilogue}
        return
        nop        ;; @dead
      end
      nop          ;; @alive`);
    assert.deepEqual([delta("dead"), delta("alive")], [undefined, 16]);
    const isDead = (mark: string) => shape.isDead?.(toModuleOffset(offsets[mark] ?? 0));
    assert.deepEqual([isDead("dead"), isDead("alive")], [true, false]);
  });

  it("takes a loop's turns into account", () => {
    const { delta } = shaped(`
      ${prologue}
      loop
        nop        ;; @steady
        call 0
        local.get 1
        br_if 0
      end
      loop
        nop        ;; @growing
        global.get 0
        i32.const 8
        i32.sub
        global.set 0
        local.get 1
        br_if 0
      end
      nop          ;; @after`);
    assert.deepEqual([delta("steady"), delta("growing"), delta("after")], [16, undefined, undefined]);
  });

  it("takes back what an inner loop loses in the loops around it", () => {
    const { local } = shaped(`
      ${prologue}
      loop
        nop          ;; @outer
        loop
          nop        ;; @inner
          local.get 1
          br_if 0
        end
        i32.const 0
        local.set 0
        local.get 1
        br_if 0
      end`);
    assert.deepEqual([local(0, "outer"), local(0, "inner")], [undefined, undefined]);
  });

  it("follows br_table to all its targets", () => {
    const { delta } = shaped(`
      block
        block
          ${prologue}
          local.get 1
          br_table 0 1
        end
        nop        ;; @first
        ${epilogue}
        br 0
      end
      nop          ;; @second`);
    assert.deepEqual([delta("first"), delta("second")], [16, undefined]);
  });

  it("loses the stack pointer where an exception arrives, until it is put back", () => {
    const { delta, local } = shaped(`
      ${prologue}
      try
        call 0
        i32.const 1
        local.set 3
      catch_all
        nop          ;; @caught
        local.get 0
        global.set 0
        nop          ;; @restored
      end
      nop            ;; @after`);
    assert.deepEqual([delta("caught"), delta("restored"), delta("after")], [undefined, 16, 16]);
    assert.equal(local(0, "caught"), 16);
  });

  it("loses it likewise where a try_table branches to", () => {
    const { delta } = shaped(`
      ${prologue}
      block
        try_table (catch_all 0)
          call 0
        end
        return
      end
      nop            ;; @caught
      local.get 0
      global.set 0
      nop            ;; @restored`);
    assert.deepEqual([delta("caught"), delta("restored")], [undefined, 16]);
  });

  it("says from where on an instruction may run again", () => {
    const { shape, offsets } = shaped(`
      nop
      loop          ;; @loop
        br 0
      end`);
    assert.equal(shape.straightUntil, offsets.loop);
    const straight = shaped("nop");
    assert.equal(straight.shape.straightUntil, (straight.offsets.end ?? 0) + 1);
  });

  it("is unknown, and no error, for a body that is malformed", () => {
    const bytes = moduleOf(
      section(1, vec([0x60, vec(), vec()])),
      section(3, vec(u32(0))),
      section(10, vec(sized(vec(), 0xff, END))),
    );
    const shape = readStackShape(readModule(bytes), toDefinedFuncIndex(0), 0);
    assert.equal(shape.fixed, false);
    assert.equal(shape.deltaAt(toModuleOffset(30)), undefined);
  });

  it("is that of a module without a stack pointer where there is none", () => {
    const module = readModule(
      moduleOf(
        section(1, vec([0x60, vec(), vec()])),
        section(3, vec(u32(0))),
        section(10, vec(sized(vec(), assemble("call 0"), END))),
      ),
    );
    const shape = readStackShape(module, toDefinedFuncIndex(0), undefined);
    assert.equal(shape.deltaAt(toModuleOffset(module.code.bodyStarts[0] ?? 0)), undefined);
    assert.equal(shape.fixed, false);
    assert.equal(shape.leaf, false);
  });

  it("ends at the delta it began with, in every function of every fixture", () => {
    let known = 0;
    for (const fixture of allFixtures()) {
      // Their global 0 is no stack pointer.
      if (fixture.sources.some((source) => /\.(?:ts|wat)$/.test(source))) continue;
      const module = readModule(fixture.bytes);
      for (const { offset, delta, name } of returns(module)) {
        if (delta === undefined) continue;
        known++;
        assert.equal(delta, 0, `${fixture.name} ${fixture.build}, ${name}, 0x${offset.toString(16)}`);
      }
    }
    assert.ok(known > 1000, `only ${known} returns`);
  });
});

/** The deltas at which the functions of a module return. */
function* returns(
  module: WasmModule,
): Generator<{ offset: number; delta: number | undefined; name: string }> {
  const { imported } = readIndexSpaces(module);
  for (let body = 0; body < module.code.count; body++) {
    const index = toDefinedFuncIndex(body);
    const { instructionsStart, end } = readFunctionBody(module.bytes, module.code, index);
    assert.equal(findBodyAt(module.code, instructionsStart), index);
    const shape = readStackShape(module, index, 0);
    const reader = new CodeReader(module.bytes, instructionsStart, end);
    while (reader.next()) {
      const isLast = reader.end === end;
      if (reader.opcode !== RETURN && reader.opcode !== findOpcode("return_call") && !isLast) continue;
      const offset = toModuleOffset(reader.offset);
      yield { offset, delta: shape.deltaAt(offset), name: `func[${body + imported.functions}]` };
    }
  }
}

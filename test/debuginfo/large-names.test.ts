import assert from "node:assert/strict";
import { toFuncIndex, toModuleOffset } from "../../src/base/brand.ts";
import { MalformedError } from "../../src/base/errors.ts";
import { resolveFunction } from "../../src/debugger/function-breakpoints.ts";
import { ModuleNames } from "../../src/debuginfo/module-names.ts";
import { readModule, type WasmModule } from "../../src/wasm/module.ts";
import { NAME_SECTION, readNameSection } from "../../src/wasm/sections/name.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";
import { custom, flat, moduleOf, section, sized, text, u32, vec } from "../support/wasm-builder.ts";

/** As many functions as a large Go program has, with names as long as that one's: a name section of some megabytes. */
const functions = 60_000;
const nameOf = (index: number): string =>
  `github.com/example/project/internal/package${index % 500}.(*Type${index}).Method${index}`;

function largeModule(): WasmModule {
  const indexes = Array.from({ length: functions }, (_, index) => index);
  const names = vec(...indexes.map((index) => [u32(index), text(nameOf(index))]));
  return readModule(
    moduleOf(
      section(1, vec([0x60, 0, 0])),
      section(3, vec(...indexes.map(() => 0))),
      section(10, vec(...indexes.map(() => sized(0, 0x01, 0x0b)))),
      custom("name", 1, sized(names)),
    ),
  );
}

describe("a name section of megabytes", () => {
  const module = largeModule();

  it("is as large as it is meant to be", () => {
    const [names] = module.customSections(NAME_SECTION);
    assert.ok(names && names.end - names.start > 4_000_000);
  });

  it("names every function", () => {
    const { info } = openInfo(module);
    assert.deepEqual(info.status, { kind: "names" });
    for (let index = 0; index < functions; index += 997) {
      const start = toModuleOffset(module.code.bodyStarts[index] as number);
      assert.equal(info.functionAt(start)?.name, nameOf(index));
    }
    const names = new ModuleNames(module, info);
    assert.equal(names.functionName(toFuncIndex(functions - 1)), nameOf(functions - 1));
  });

  it("is searched for one function, by its whole name or the last of it", () => {
    const { info } = openInfo(module);
    for (const name of [nameOf(43_210), "Method43210", "(*Type43210).Method43210"]) {
      const resolution = resolveFunction(info, name);
      assert.ok(resolution.kind === "resolved", name);
      assert.deepEqual(resolution.points, [toModuleOffset(module.code.bodyStarts[43_210] as number)]);
    }
    const index = resolveFunction(info, "func[7]");
    assert.ok(index.kind === "resolved");
    assert.equal(index.points.length, 1);
  });
});

describe("damaged name sections", () => {
  /** Numbers from 0 to 1, the same for each seed. */
  function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
  }

  function damaged(module: WasmModule, seed: number): WasmModule {
    const random = randomFrom(seed);
    const bytes = Uint8Array.from(flat(module.bytes));
    const [names] = module.customSections(NAME_SECTION);
    assert.ok(names);
    for (let changes = 1 + random() * 12; changes > 0; changes--) {
      bytes[names.start + Math.floor(random() * (names.end - names.start))] = Math.floor(random() * 256);
    }
    return readModule(bytes);
  }

  for (const [guest, build] of [
    ["as-values", "debug"],
    ["wat-names", "names"],
  ] as const) {
    it(`cost names and nothing else: ${guest}`, () => {
      const whole = readModule(fixture(guest, build).bytes);
      let refused = 0;
      for (let seed = 1; seed <= 150; seed++) {
        const module = damaged(whole, seed);
        const { info } = openInfo(module);
        const names = new ModuleNames(module, info);
        for (const [body, start] of module.code.bodyStarts.entries()) {
          const found = info.functionAt(toModuleOffset(start));
          assert.equal(typeof found?.name, "string", `seed ${seed}, function ${body}`);
          const index = toFuncIndex(found?.index ?? 0);
          for (const { name } of names.slots.namedLocals(index)) assert.notEqual(name, "");
          names.managed?.isReference(index, "local", 0);
        }
        names.slots.findGlobal("counter", "as-values/scalars");
        for (let id = 0; id < 20; id++) names.managed?.fieldsOf(id);
        try {
          const cursor = module.customCursor(NAME_SECTION);
          assert.ok(cursor);
          for (const _ of readNameSection(cursor).names("function").entries());
        } catch (error) {
          assert.ok(error instanceof MalformedError, `seed ${seed}: ${String(error)}`);
          refused++;
        }
      }
      assert.ok(refused > 0);
    });
  }
});

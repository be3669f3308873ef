import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Gimli } from "gimli-wasm";
import { toModuleOffset, toStopNumber } from "../../src/base/brand.ts";
import { openDebugInfo } from "../../src/debuginfo/open-debug-info.ts";
import type { RawValue, Target } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import { allFixtures } from "../support/fixtures.ts";
import { fromRoot } from "../support/paths.ts";
import { symbolsOf } from "../support/paused-fixture.ts";

/** Every so many statements of a module, so that the suite stays quick. */
const stride = 5;

/** Builds with a line table, but with variables in another file or nowhere. */
const undescribed = /^(?:split|package|single|lines)/;

/** A guest whose memory counts upwards and whose locals hold addresses in it. */
function anyGuest(): Target {
  const memory = Uint8Array.from({ length: 1 << 17 }, (_, index) => index % 256);
  const slots: readonly RawValue[] = Array.from({ length: 64 }, (_, index) => ({
    type: "i32",
    value: 4096 + index * 64,
  }));
  const target: Partial<Target> = {
    state: "paused",
    locals: async () => slots,
    globals: async () => slots,
    memorySizes: async () => [BigInt(memory.length)],
    readMemory: async (_stop, _memory, address, length) =>
      memory.slice(Number(address), Number(address) + length),
    readTable: async () => undefined,
  };
  // Nothing under test asks for more than what is here.
  return target as Target;
}

describe("every statement of every fixture", () => {
  const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));

  for (const { name, build, bytes } of allFixtures()) {
    it(`has a text for each variable in scope: ${name} as ${build}`, async () => {
      const { info } = openDebugInfo(readModule(bytes), gimli);
      const symbols = symbolsOf({ bytes }, anyGuest());
      let shown = 0;
      const { offset } = info.statements();
      for (let index = 0; index < offset.length; index += stride) {
        const at = toModuleOffset(offset[index] as number);
        const func = info.functionAt(at) ?? assert.fail(`no function at ${at}`);
        const frame = {
          stop: toStopNumber(1),
          frame: 0,
          function: func.index,
          offset: at,
          stackPointer: 65536n,
        };
        for (const scope of await symbols.scopes(frame)) {
          if (scope.kind !== "locals") continue;
          for (const variable of await scope.variables.children("named", 0, 1000)) {
            assert.ok(variable.value.length > 0 && variable.value.length < 900, variable.value);
            assert.ok(variable.type !== undefined && !variable.type.includes("…"), variable.type);
            await variable.children("named", 0, 3);
            await variable.children("indexed", 0, 3);
            shown++;
          }
        }
      }
      const isDescribed = info.status.kind === "dwarf" && !undescribed.test(build);
      assert.equal(shown > 0, isDescribed && offset.length > 0, `${shown} variables`);
    });
  }
});

import assert from "node:assert/strict";
import { withSymbols } from "../../../adapter/launch/separate-symbols.ts";
import { readModule } from "../../../src/wasm/module.ts";
import { custom, moduleOf, text } from "../../support/wasm-builder.ts";

describe("the debug info that a module says is elsewhere", () => {
  for (const [what, name] of [
    ["a name that is too long for any file", `${"a".repeat(300)}.wasm`],
    ["a name with a zero in it", "a\0b.wasm"],
  ] as const) {
    it(`is not there under ${what}`, () => {
      const module = readModule(moduleOf(custom("external_debug_info", text(name))));
      const { elsewhere, problems } = withSymbols("/guests/app.wasm", module, []);
      assert.match(elsewhere ?? "", /^The debug info of app\.wasm is to be in .* which is not there: /);
      assert.deepEqual(problems, []);
    });
  }
});

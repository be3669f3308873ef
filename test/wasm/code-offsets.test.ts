import assert from "node:assert/strict";
import { toCodeOffset, toModuleOffset } from "../../src/base/brand.ts";
import { codeOffsetOf, moduleOffsetOf } from "../../src/wasm/code-offsets.ts";
import { readModule } from "../../src/wasm/module.ts";
import { assertMalformed } from "../support/malformed.ts";
import { WasmBuilder } from "../support/wasm-builder.ts";

describe("code offsets", () => {
  const module = readModule(new WasmBuilder().type([]).func(0, []).build());
  const { code } = module;

  it("count from the function count, the payload's first byte", () => {
    assert.equal(module.bytes[code.start], 1);
    assert.equal(moduleOffsetOf(code, toCodeOffset(0)), code.start);
    assert.equal(codeOffsetOf(code, code.start), 0);
  });

  it("turn into module offsets and back", () => {
    const body = toModuleOffset(code.bodyStarts[0] ?? 0);
    assert.equal(codeOffsetOf(code, body), 2);
    assert.equal(moduleOffsetOf(code, toCodeOffset(2)), body);
  });

  it("may be the one just behind the section, where line programs end, and none beyond", () => {
    const size = code.end - code.start;
    assert.equal(moduleOffsetOf(code, toCodeOffset(size)), code.end);
    assertMalformed(() => moduleOffsetOf(code, toCodeOffset(size + 1)), {
      code: "address-past-code",
      section: "code",
      offset: code.end,
    });
    assertMalformed(() => moduleOffsetOf(code, toCodeOffset(0xffff_ffff)), {
      code: "address-past-code",
      section: "code",
      offset: code.end,
    });
  });
});

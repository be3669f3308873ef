import assert from "node:assert/strict";
import { readModule } from "../../src/wasm/module.ts";
import { openInfo } from "../support/debug-info.ts";
import { fixture } from "../support/fixtures.ts";

describe("preparing breakpoints", () => {
  const { bytes } = fixture("unrolled", "dwarf5.O2");

  it("changes nothing of what they resolve to", () => {
    const [prepared, other] = [openInfo(bytes).info, openInfo(bytes).info];
    prepared.prepareBreakpoints?.();
    for (const [id, source] of prepared.sources().entries()) {
      for (let line = 0; line < 130; line++) {
        const same = other.sources()[id];
        assert.ok(same);
        assert.deepEqual(prepared.resolveLine(source, line), other.resolveLine(same, line));
      }
    }
  });

  it("is quiet about units that cannot be read, which whoever asks about their functions is told of", () => {
    const broken = bytes.slice();
    const info = readModule(bytes).customSections(".debug_info")[0];
    assert.ok(info);
    broken.fill(0xff, info.start + 4, info.start + 12);
    const opened = openInfo(broken).info;
    opened.prepareBreakpoints?.();
    assert.ok(opened.statements().offset.length > 0);
  });
});

import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gimli } from "gimli-wasm";
import { readModuleFile } from "../../../adapter/launch/module-file.ts";
import { toModuleOffset } from "../../../src/base/brand.ts";
import { MalformedError } from "../../../src/base/errors.ts";
import { openDebugInfo } from "../../../src/debuginfo/open-debug-info.ts";
import { readModule } from "../../../src/wasm/module.ts";
import { fixture } from "../../support/fixtures.ts";
import { fromRoot } from "../../support/paths.ts";

describe("a large module's file", () => {
  const guest = fixture("cpp-values", "dwarf5.O0");
  const whole = readModule(guest.bytes);
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "wasm-dap-module-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives all that a small one does, though its DWARF is not read before it is wanted", () => {
    const lazy = readModuleFile(guest.path, 0);
    assert.deepEqual(lazy.sections, whole.sections);
    const [unread] = lazy.customSections(".debug_info");
    // Where headers are looked for, a few bytes more are read.
    assert.ok(unread && lazy.bytes.subarray(unread.start + 64, unread.end).every((byte) => byte === 0));
    for (const { kind, name } of whole.sections) {
      if (kind !== "custom") continue;
      assert.deepEqual(lazy.sectionBytes(name), whole.sectionBytes(name), name);
      assert.equal(lazy.customCursor(name)?.u8(), whole.customCursor(name)?.u8(), name);
    }
    const [from, length] = [unread.start - 20, 100];
    assert.deepEqual(lazy.read(from, length), guest.bytes.slice(from, from + length));
    assert.deepEqual(lazy.read(0, guest.bytes.length + 1), guest.bytes);
  });

  it("has the same lines, functions and problems", () => {
    const gimli = Gimli.fromBytes(readFileSync(fromRoot("gimli-wasm/gimli.wasm")));
    const one = openDebugInfo(readModuleFile(guest.path, 0), gimli).info;
    const other = openDebugInfo(whole, gimli).info;
    assert.deepEqual(one.statements(), other.statements());
    assert.deepEqual(
      one.sources().map(({ path }) => path),
      other.sources().map(({ path }) => path),
    );
    assert.deepEqual(one.status, other.status);
    const names = (info: typeof one) =>
      info.statements().offset.reduce((all, offset) => {
        const at = info.functionAt(toModuleOffset(offset));
        return all.add(`${at?.index} ${at?.name}`);
      }, new Set<string>());
    assert.deepEqual(names(one), names(other));
    assert.deepEqual(one.problems, []);
  });

  it("that was replaced since is told so, and not read as if it were the same", () => {
    const path = join(folder, "app.wasm");
    writeFileSync(path, guest.bytes);
    const lazy = readModuleFile(path, 0);
    appendFileSync(path, Uint8Array.of(0, 2, 1, 0x61));
    const changed = (error: unknown): boolean =>
      error instanceof MalformedError && /has been changed since the program was started/.test(error.message);
    assert.throws(() => lazy.sectionBytes(".debug_line"), changed);
    rmSync(path);
    assert.throws(() => lazy.sectionBytes(".debug_line"), changed);
  });

  it("that is cut off is malformed as a small one is", () => {
    const path = join(folder, "cut.wasm");
    for (const length of [4, 9, 100, guest.bytes.length - 1]) {
      writeFileSync(path, guest.bytes.slice(0, length));
      let expected = "";
      try {
        readModule(guest.bytes.slice(0, length));
      } catch (error) {
        expected = (error as Error).message;
      }
      assert.throws(() => readModuleFile(path, 0), { message: expected });
    }
  });
});

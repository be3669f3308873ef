import assert from "node:assert/strict";
import { ByteCursor, ByteWriter } from "../../src/base/bytes.ts";
import { sourceOf } from "../../src/coredump/byte-source.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import { readNotes, writeNotes } from "../../src/coredump/notes-section.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { fullDump, fullNotes } from "../support/full-dump.ts";
import { assertMalformed } from "../support/malformed.ts";
import { flat, sized, text, u32 } from "../support/wasm-builder.ts";

const read = (bytes: Uint8Array) => readNotes(new ByteCursor(bytes, "wasm-dap"));

describe("the notes of a coredump", () => {
  it("read as they were written", () => {
    const writer = new ByteWriter();
    writeNotes(writer, fullNotes);
    assert.deepEqual(read(writer.toBytes()), fullNotes);
  });

  it("say nothing where there are none", () => {
    const nothing = { modules: [], hostFrames: [], values: [], tables: [] };
    const writer = new ByteWriter();
    writeNotes(writer, nothing);
    assert.equal(writer.length, 0);
    assert.equal(read(new Uint8Array(0)).tool, undefined);
  });

  it("have one encoding, which docs/coredump.md gives", () => {
    const bytes = flat(
      [0, sized(text("tool 1"))],
      [1, sized(u32(1_700_000_000_123n))],
      [2, sized(u32(99))],
      [3, sized(0, 6, text("divide by zero"))],
      [4, sized(u32(1), u32(0), sized([0xaa]), sized([0xbb, 0xcc]))],
      [5, sized(u32(1), u32(0), u32(2), text("run"), text(""), u32(0))],
      [6, sized(u32(1), u32(0), u32(3), 0, u32(4), 0x70, text("null"))],
      [7, sized(u32(1), u32(0), u32(0), u32(10), u32(1), u32(2), u32(2), u32(300), u32(301))],
    );
    assert.deepEqual(read(bytes), {
      ...{ tool: "tool 1", time: 1_700_000_000_123, processId: 99 },
      stop: { kind: "trap", trap: "integer-divide-by-zero", message: "divide by zero" },
      modules: [{ module: 0, sha256: Uint8Array.of(0xaa), buildId: Uint8Array.of(0xbb, 0xcc) }],
      hostFrames: [{ thread: 0, before: 2, name: "run", path: undefined, line: undefined }],
      values: [{ thread: 0, frame: 3, kind: "local", index: 4, value: { type: "ref", value: "null" } }],
      tables: [
        {
          ...{ instance: 0, table: 0, size: 10 },
          functions: new Map([
            [2, 300],
            [3, 301],
          ]),
        },
      ],
    });
  });

  it("pass over parts that later versions may add", () => {
    assert.equal(read(flat([99, sized([1, 2, 3])], [2, sized(u32(7))])).processId, 7);
  });

  it("refuse words that do not exist, and parts that are too short or too long", () => {
    const at = (offset: number, code: "bad-structure" | "unexpected-end" | "trailing-bytes") => ({
      ...{ code, section: "wasm-dap", offset },
    });
    assertMalformed(() => read(flat([3, sized(99, 0, text(""))])), at(2, "bad-structure"));
    assertMalformed(() => read(flat([3, sized(0, 99, text(""))])), at(3, "bad-structure"));
    assertMalformed(() => read(flat([2, sized(u32(7), 1)])), at(3, "trailing-bytes"));
    assertMalformed(() => read(flat([2, u32(9), 1])), at(2, "unexpected-end"));
    assertMalformed(
      () => read(flat([6, sized(u32(1), u32(0), u32(0), 0, u32(0), 0x55, 0)])),
      at(7, "bad-structure"),
    );
  });

  it("decide the dialect: wasm-dap writes the standard's", () => {
    const { dialect, notes } = readCoredump(new CoredumpFile(sourceOf(fullDump())));
    assert.deepEqual(notes, fullNotes);
    assert.equal(dialect.reason, "wasm-dap 0.0.0 wrote it");
  });
});

import { ByteWriter } from "../../src/base/bytes.ts";
import type { CoredumpNotes } from "../../src/coredump/coredump-notes.ts";
import { writeNotes } from "../../src/coredump/notes-section.ts";
import { type DumpContents, encodeDump, f64, i32, i64, missing } from "./coredump-encoders.ts";
import { custom, flat } from "./wasm-builder.ts";

/** Notes with something of everything. */
export const fullNotes: CoredumpNotes = {
  tool: "wasm-dap 0.0.0",
  time: 1_700_000_000_123,
  processId: 4242,
  stop: { kind: "trap", trap: "integer-overflow", message: "divide result unrepresentable" },
  modules: [{ module: 0, sha256: new Uint8Array(32).fill(7), buildId: Uint8Array.of(1, 2, 3) }],
  hostFrames: [
    { thread: 0, before: 0, name: "fd_write", path: "/host.js", line: 12 },
    { thread: 0, before: 2, name: "run", path: undefined, line: undefined },
  ],
  values: [
    {
      thread: 0,
      frame: 1,
      kind: "local",
      index: 1,
      value: { type: "v128", value: new Uint8Array(16).fill(9) },
    },
    { thread: 0, frame: 0, kind: "operand", index: 0, value: { type: "ref", value: "function 3" } },
    { thread: 0, frame: 0, kind: "global", index: 1, value: { type: "ref", value: "null" } },
  ],
  tables: [
    {
      ...{ instance: 0, table: 0, size: 100 },
      functions: new Map([
        [1, 5],
        [2, 6],
        [50, 7],
      ]),
    },
  ],
};

export const fullContents: DumpContents = {
  executable: "app.wasm",
  modules: ["app.wasm"],
  instances: [{ module: 0, memories: [0], globals: [0, 1] }],
  threads: [
    {
      name: "main",
      frames: [
        { instance: 0, function: 8, codeOffset: 60, locals: [i32(-1), missing], operands: [missing] },
        { instance: 0, function: 7, codeOffset: 3, locals: [i64(5n), missing, f64(0.5)], operands: [] },
      ],
    },
  ],
  memories: [{ pages: 1, data: [[65_000, new TextEncoder().encode("hello")]] }],
  globals: [i32(65_000), i32(0)],
};

/** A coredump as wasm-dap writes them, with notes. */
export function fullDump(): Uint8Array {
  const notes = new ByteWriter();
  writeNotes(notes, fullNotes);
  return flat(encodeDump(fullContents, "standard"), custom("wasm-dap", notes.toBytes()));
}

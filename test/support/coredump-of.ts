import { createHash } from "node:crypto";
import { CoredumpTarget } from "../../runtime/coredump/coredump-target.ts";
import { openFile } from "../../runtime/coredump/file-source.ts";
import { saveCoredump } from "../../runtime/coredump/save-coredump.ts";
import { type StopNumber, toStopNumber } from "../../src/base/brand.ts";
import { sourceOf } from "../../src/coredump/byte-source.ts";
import type { Coredump } from "../../src/coredump/coredump.ts";
import { CoredumpFile } from "../../src/coredump/coredump-file.ts";
import type { StopNote } from "../../src/coredump/coredump-notes.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { findOffsetBase, placeFrames } from "../../src/coredump/place-frames.ts";
import { readCoredump } from "../../src/coredump/read-coredump.ts";
import { coredumpPieces } from "../../src/coredump/write-coredump.ts";
import type { Target } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";

/** Number of the one stop of a coredump in these tests. */
export const dumpStop: StopNumber = toStopNumber(1);

/** Writes what a target holds at a stop to a file. Answers the file's size. */
export function writeCoredump(
  path: string,
  target: Target,
  stop: StopNumber,
  note: StopNote = { kind: "breakpoint", trap: undefined, message: "" },
): Promise<number> {
  const { bytes } = target.module;
  return saveCoredump(
    path,
    coredumpPieces(target, stop, {
      executable: "app.wasm",
      code: new ModuleCode(readModule(bytes)),
      sha256: createHash("sha256").update(bytes).digest(),
      ...{ tool: "wasm-dap 0.0.0", time: 1_700_000_000_000, processId: 42, stop: note },
    }),
  );
}

/** A coredump's first thread as its first instance sees it. */
export function openCoredump(dump: string | Uint8Array, module: Uint8Array, path = "app.wasm") {
  const source = typeof dump === "string" ? openFile(dump) : sourceOf(dump);
  const code = new ModuleCode(readModule(module));
  const file = new CoredumpFile(source);
  const read: Coredump = readCoredump(file, { codeOf: () => code });
  const stacks = read.threads.map(({ frames }) => frames.map((frame) => ({ frame, code })));
  const base = findOffsetBase(stacks, read.dialect.dialect.offsets);
  const instance = read.threads[0]?.frames[0]?.instance ?? 0;
  const target = new CoredumpTarget({
    ...{ dump: read, thread: 0, instance, module: { path, bytes: module }, code },
    placed: placeFrames(stacks[0] ?? [], base.base),
    nameOf: (frame) => `func[${frame.function}]`,
    stop: dumpStop,
  });
  return { dump: read, target, base };
}

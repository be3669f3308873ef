import { createHash } from "node:crypto";
import { type StopNumber, toMemoryAddress } from "../../src/base/brand.ts";
import type { DialectName, OffsetBase } from "../../src/coredump/dialects.ts";
import { ModuleCode } from "../../src/coredump/module-code.ts";
import { StackPages } from "../../src/debugger/stack-pages.ts";
import { StackUnwinder } from "../../src/debugger/stack-unwinder.ts";
import type { DebugInfo } from "../../src/debuginfo/debug-info.ts";
import type { Target, TargetFrame } from "../../src/target/target.ts";
import { readModule } from "../../src/wasm/module.ts";
import { type DumpContents, type DumpFrame, type DumpValue, i32, missing } from "./coredump-encoders.ts";

type WasmFrame = Extract<TargetFrame, { readonly kind: "wasm" }>;

/** From where the producers of each dialect count. */
export const basesOfDialects: Readonly<Record<DialectName, OffsetBase>> = {
  standard: "body",
  "wasm-edit": "instructions",
  "wasm-edit-without-instances": "instructions",
  wasmedge: "call-sites",
  "wasmedge-for-wasmgdb": "call-sites",
};

/**
 * What a producer would have written of a paused guest: every local that is known or can be told from the stack
 * pointer, and offsets from where that producer counts.
 */
export async function contentsOf(
  target: Target,
  stop: StopNumber,
  info: DebugInfo,
  base: OffsetBase,
): Promise<DumpContents> {
  const code = new ModuleCode(readModule(target.module.bytes));
  const { frames } = await target.frames(stop, 0, 1000);
  const wasm = frames.filter((frame) => frame.kind === "wasm");
  const unwinder = new StackUnwinder(target, info, stop, new StackPages(target, stop));
  const dumped: DumpFrame[] = [];
  for (const [index, frame] of wasm.entries()) {
    const pointer = await unwinder.stackPointerOf(index);
    dumped.push({
      instance: 0,
      function: frame.function,
      codeOffset: offsetFrom(base, frame, wasm[index + 1], code),
      locals: await localsOf(target, stop, index, frame, info, code, pointer),
      operands: [],
    });
  }
  const [size = 0n] = await target.memorySizes(stop);
  const memory = await target.readMemory(stop, 0, toMemoryAddress(0), Number(size));
  const globals = (await target.globals(stop)).flatMap((value) =>
    value.type === "i32" ? [i32(value.value)] : [],
  );
  return {
    executable: "app.wasm",
    modules: ["app.wasm"],
    instances: [{ module: 0, memories: [0], globals: globals.map((_, index) => index) }],
    threads: [{ name: "main", frames: dumped }],
    memories: [{ pages: memory.length / 65_536, data: nonZeroPages(memory) }],
    globals,
  };
}

function offsetFrom(
  base: OffsetBase,
  frame: WasmFrame,
  caller: WasmFrame | undefined,
  code: ModuleCode,
): number {
  const body = code.bodyOf(frame.function);
  switch (base) {
    case "body":
      return frame.offset - (body?.start ?? 0);
    case "instructions":
      return frame.offset - (body?.instructionsStart ?? 0);
    case "code-section":
      return frame.offset - code.codeStart;
    case "file":
      return frame.offset;
    case "call-sites":
      // Of the outermost frame the producer has nothing but rubbish.
      return caller?.offset ?? 0;
  }
}

async function localsOf(
  target: Target,
  stop: StopNumber,
  index: number,
  frame: WasmFrame,
  info: DebugInfo,
  code: ModuleCode,
  pointer: bigint | undefined,
): Promise<readonly DumpValue[]> {
  const known = await target.locals(stop, index);
  const shape = info.stackShape(frame.function);
  const delta = shape.deltaAt(frame.offset);
  return (code.localTypes(frame.function) ?? []).map((type, local): DumpValue => {
    const value = known[local];
    if (
      value &&
      (value.type === "i32" || value.type === "f32" || value.type === "f64" || value.type === "i64")
    ) {
      return value;
    }
    const by = shape.localDelta(local, frame.offset);
    if (type !== "i32" || by === undefined || delta === undefined || pointer === undefined) return missing;
    return i32(Number(BigInt.asIntN(32, pointer + BigInt(delta) - BigInt(by))));
  });
}

function nonZeroPages(memory: Uint8Array): [number, Uint8Array][] {
  const pages: [number, Uint8Array][] = [];
  for (let address = 0; address < memory.length; address += 4096) {
    const page = memory.subarray(address, address + 4096);
    if (page.some((byte) => byte !== 0)) pages.push([address, page]);
  }
  return pages;
}

/** SHA-256 in hexadecimal. */
export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

import { assemble } from "./assemble.ts";
import { I32, u32, WasmBuilder } from "./wasm-builder.ts";

/**
 * A program with a memory of so many bytes that writes 5,000 of the value 7 at every multiple of `strideBytes` and then
 * traps, by a load from behind its memory's end.
 */
export function largeMemoryProgram(sizeBytes: number, strideBytes: number): Uint8Array {
  const pages = sizeBytes / 65_536;
  return new WasmBuilder()
    .type([])
    .memory([1, u32(pages), u32(pages)])
    .func(
      0,
      [[1, I32]],
      assemble(`
        loop
          local.get 0
          i32.const 7
          i32.const 5000
          memory.fill
          local.get 0
          i32.const ${strideBytes}
          i32.add
          local.tee 0
          i32.const ${sizeBytes}
          i32.lt_u
          br_if 0
        end
        local.get 0
        i32.load
        drop`),
    )
    .export("_start", "func", 0)
    .export("memory", "memory", 0)
    .build();
}

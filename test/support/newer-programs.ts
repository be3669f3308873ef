import { assemble } from "./assemble.ts";
import { builder, type Program } from "./programs.ts";
import { I32, I64 } from "./wasm-builder.ts";

/** `try_table` with its exceptions as references: not on every engine. */
const exceptionReferences: Program = {
  name: "exceptions as references",
  bytes: builder()
    .type([I32], [I32])
    .type([], [I32, 0x69])
    .tag(0)
    .func(
      1,
      [[1, I32]],
      assemble(`
        block (type 2)
          try_table (catch_ref 0 0)
            i32.const 3
            local.set 1
            local.get 0
            throw 0
          end
          unreachable
        end
        drop
        local.get 1
        i32.add`),
    )
    .export("f", "func", 1)
    .build(),
  calls: [["f", 4]],
};

/** 64-bit addresses and a second memory: not on every engine. */
const manyMemories: Program = {
  name: "several memories, one with 64-bit addresses",
  bytes: builder()
    .type([I64], [I64])
    .memory([0, 1])
    .memory([4, 1])
    .func(
      1,
      [],
      assemble(
        "local.get 0\ni64.const 77",
        Uint8Array.of(0x37, 0x43, 1, 8), // i64.store 1 offset=8
        "i32.const 0\ni32.const 5\ni32.store\nlocal.get 0",
        Uint8Array.of(0x29, 0x43, 1, 8), // i64.load 1 offset=8
      ),
    )
    .export("memory", "memory", 1)
    .export("f", "func", 1)
    .build(),
  calls: [
    ["f", 16n],
    ["f", 1n << 40n],
  ],
};

/** A struct, references that are never null, branches on casts: not on every engine. */
const managed: Program = {
  name: "structs and typed references",
  bytes: builder()
    .rawType(0x5f, 1, I32, 1) // (struct (field (mut i32)))
    .type([I32], [I32])
    .func(
      2,
      [
        [1, Uint8Array.of(0x63, 1)], // (ref null 1)
        [1, Uint8Array.of(0x64, 1)], // (ref 1)
      ],
      assemble(
        "local.get 0",
        Uint8Array.of(0xfb, 0x00, 1), // struct.new 1
        "local.tee 2\nlocal.set 1\nblock\nlocal.get 1\nbr_on_null 0",
        Uint8Array.of(0xfb, 0x02, 1, 0), // struct.get 1 0
        "local.get 2",
        Uint8Array.of(0xfb, 0x02, 1, 0),
        "i32.add\nreturn\nend\ni32.const -1",
      ),
    )
    .export("f", "func", 1)
    .build(),
  calls: [["f", 5]],
};

/** Programs that only newer engines accept. */
export const newerPrograms: readonly Program[] = [exceptionReferences, manyMemories, managed];

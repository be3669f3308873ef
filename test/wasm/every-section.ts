import {
  END,
  FUNCREF,
  globalGet,
  I32,
  I64,
  i32Const,
  limits,
  sized,
  text,
  u32,
  V128,
  vec,
  WasmBuilder,
} from "../support/wasm-builder.ts";

/**
 * A small module that has every section and every form of entry the readers know, of every proposal. Not
 * meant to be instantiated, and no engine has to accept it as a whole.
 */
export function everySection(): Uint8Array {
  return new WasmBuilder()
    .custom("dylink.0", [1, 2, 3], 1)
    .type([I32, I64], [V128, FUNCREF])
    .type([])
    .rawType(0x4e, vec([0x50, vec(), 0x5f, vec([0x78, 1], [0x63, 3, 0])], [0x4f, vec(2), 0x5e, [0x64, 2], 1]))
    .import("env", "f", "func", u32(1))
    .import("env", "t", "table", 0x6f, limits(1, 2))
    .import("env", "m", "memory", 7, 1, u32(2n ** 40n))
    .import("env", "g", "global", I32, 0)
    .import("env", "e", "tag", 0, 1)
    .func(
      1,
      [
        [1, I32],
        [2, [0x63, 2]],
      ],
      i32Const(1),
      0x1a,
    )
    .func(1, [])
    .table(0x70, [5, 1, u32(2n ** 33n)])
    .table([0x40, 0x00, 0x63, 2], [limits(1), 0xd0, 0x71, END])
    .memory([9, 1, 2, 0])
    .tag(1)
    .global(I32, "mutable", i32Const(66560))
    .global(V128, "constant", 0xfd, 0x0c, new Uint8Array(16).fill(END))
    .global([0x63, 3], "constant", i32Const(1), 0xfb, 0x1c, 0xfb, 0x1b, 0xd2, 1, 0x43, 0, 0, 0, 0)
    .global(I32, "constant", globalGet(0), i32Const(8), 0x6a)
    .export("f", "func", 1)
    .export("größe", "global", 1)
    .start(2)
    .rawElements(0, i32Const(0), END, vec(1, 2))
    .rawElements(1, 0, vec(1))
    .rawElements(2, 1, i32Const(0), END, 0, vec(1))
    .rawElements(3, 0, vec(1))
    .rawElements(4, i32Const(0), END, vec([0xd2, 1, END]))
    .rawElements(5, 0x70, vec([0xd0, 0x70, END]))
    .rawElements(6, 1, i32Const(0), END, [0x64, 0x70], vec([0xd2, 1, END]))
    .rawElements(7, 0x70, vec())
    .dataCount()
    .data(8, 1, 2, 3)
    .rawData(1, sized(4, 5))
    .rawData(2, 1, globalGet(0), END, sized(6))
    .custom("metadata.code.branch_hint", vec([1, vec([5, 1, 0])]), 10)
    .custom("sourceMappingURL", text("app.wasm.map"))
    .custom("external_debug_info", text("app.debug.wasm"))
    .custom("build_id", sized(1, 2, 3, 4))
    .custom("name", [
      [0, sized(text("app"))],
      [1, sized(vec([1, text("main")], [2, text("start")]))],
      [2, sized(vec([1, vec([0, text("argc")])]))],
    ])
    .custom("producers", vec())
    .build();
}

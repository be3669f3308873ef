/*
 * Watches a memory of a module that has two, the second with 64-bit addresses, which not every Node can run. Prints what
 * was told: of a range in the second, then of one in the first.
 */
import { assemble } from "../support/assemble.ts";
import { I32, I64, WasmBuilder } from "../support/wasm-builder.ts";
import { watchedGuest } from "../support/watched-guest.ts";

const bytes = new WasmBuilder()
  .type([I64, I32])
  .memory([0, 1])
  .memory([4, 1])
  .func(
    0,
    [],
    assemble(
      "local.get 0\ni64.const 77",
      Uint8Array.of(0x37, 0x43, 1, 8), // i64.store 1 offset=8
      "local.get 1\ni32.const 5\ni32.store",
      "local.get 0\ni32.const 1\ni64.const 3",
      Uint8Array.of(0xfc, 11, 1), // memory.fill 1
    ),
  )
  .export("f", "func", 0)
  .build();

const guest = watchedGuest(bytes);
guest.watch(1, { start: 100, end: 104 });
for (const address of [80n, 85n, 95n, 98n, 104n, 200n]) guest.call("f", address, 100);
const inSecond = [...guest.told];
guest.told.length = 0;
guest.watch(1, undefined);
guest.watch(0, { start: 100, end: 104 });
guest.call("f", 96n, 100);
process.stdout.write(JSON.stringify([inSecond, guest.told]));

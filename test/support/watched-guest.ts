import { tableable, tableableStored } from "../../runtime/guest/tableable.ts";
import { type ByteRange, watchBounds } from "../../runtime/guest/watch-bounds.ts";
import { type Instrumented, instrument } from "../../src/instrument/instrument.ts";
import { readModule } from "../../src/wasm/module.ts";

/** A store as the host hears of it. */
export type ToldStore = readonly [memory: number, address: number, bytes: number];

/** An instance whose stores are checked. */
export interface WatchedGuest {
  readonly instrumented: Instrumented;
  readonly exports: Record<string, unknown>;
  /** What was told, in order. */
  readonly told: ToldStore[];
  /** Offsets of the stores at which the guest was suspended. */
  readonly suspended: number[];
  watch(memory: number, range: ByteRange | undefined): void;
  call(name: string, ...args: unknown[]): unknown;
}

/**
 * Instantiates a module with its stores checked and no other site; every store that is told suspends, with `onSuspend`.
 * `stackPointer` is the index of that global.
 */
export function watchedGuest(
  bytes: Uint8Array,
  onSuspend: () => void = () => {},
  stackPointer?: number,
): WatchedGuest {
  const module = readModule(bytes);
  const instrumented = instrument(module, {
    sites: { offset: new Uint32Array(0), line: new Uint32Array(0) },
    checkStores: { stackPointer },
  });
  const { names, sites, stores } = instrumented;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(instrumented.bytes));
  const exports = instance.exports as Record<string, unknown>;
  const told: ToldStore[] = [];
  const suspended: number[] = [];
  const table = exports[names.suspendTable] as WebAssembly.Table;
  table.set(
    0,
    tableable((id) => {
      suspended.push(stores.offset[id - sites.count] ?? -1);
      onSuspend();
    }),
  );
  table.set(
    1,
    tableableStored((...store) => {
      told.push(store);
      return store[2] > 0 ? 1 : 0;
    }),
  );
  const call = (name: string, ...args: unknown[]) =>
    (exports[name] as (...all: unknown[]) => unknown)(...args);
  return {
    instrumented,
    exports,
    told,
    suspended,
    watch(memory, range) {
      const type = module.memories[memory];
      call(names.watches[memory] ?? "", ...watchBounds(range, type?.addressType === "i64"));
    },
    call,
  };
}

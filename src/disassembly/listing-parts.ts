import type { ModuleNames } from "../debuginfo/module-names.ts";
import type { WasmModule } from "../wasm/module.ts";
import type { Disassembly } from "./disassembly.ts";

/** What listings are made of. */
export interface ListingParts {
  /** Path of the module, which those of listings begin with. */
  readonly path: string;
  readonly module: WasmModule;
  readonly names: ModuleNames;
  readonly disassembly: Disassembly;
  /** Places where the program can be stopped, above which they are fewer than its instructions. */
  readonly mostPoints?: number;
}

import { Dwarf } from "./dwarf.ts";
import type { SectionLoader } from "./sections.ts";

/**
 * The core, compiled and ready. It serves any number of modules: each `Dwarf` it opens has a memory of its
 * own, so that closing one gives everything back.
 */
export class Gimli {
  readonly #module: WebAssembly.Module;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Compiles the bytes of `gimli.wasm`, synchronously. Throws the platform's `CompileError` if they are not it. */
  static fromBytes(core: Uint8Array | ArrayBuffer): Gimli {
    return new Gimli(new WebAssembly.Module(core));
  }

  /** Takes a `WebAssembly.Module` of `gimli.wasm`: what browsers need, which refuse to compile large modules synchronously. */
  static fromModule(core: object): Gimli {
    return new Gimli(core as WebAssembly.Module);
  }

  /** The DWARF of one module, whose sections `load` gives. Reads nothing yet, so it cannot fail on bad input. */
  open(load: SectionLoader): Dwarf {
    return new Dwarf(this.#module, load);
  }
}

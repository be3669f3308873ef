import type { WasmModule } from "../../src/wasm/module.ts";
import type { ImportedMemory } from "../suspend/messages.ts";

/**
 * The memories that a module wants from its host, as AssemblyScript's `--importMemory` and wasm-ld's `--import-memory` make them.
 * Any memory of these limits will do: what is in it at the start is the module's own.
 */
export function importedMemories(module: WasmModule): readonly ImportedMemory[] {
  return module.imports.flatMap(({ module: from, name, type }): ImportedMemory[] => {
    if (type.kind !== "memory") return [];
    const limits = type.memory;
    const maximum = limits.maximum === undefined ? null : Number(limits.maximum);
    const { shared: isShared, addressType, minimum } = limits;
    return [{ module: from, name, minimum: Number(minimum), maximum, isShared, is64: addressType === "i64" }];
  });
}

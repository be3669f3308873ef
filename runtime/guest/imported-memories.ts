import { TargetError } from "../../src/base/errors.ts";
import type { ImportedMemory } from "../suspend/messages.ts";

/** What the types of Node 20 do not know. */
interface MemoryLimits {
  readonly initial: number | bigint;
  readonly maximum?: number | bigint;
  readonly shared?: true;
  readonly address?: "i64";
}

/** A memory for each that a guest imports, by module and name. @throws {TargetError} `launch-failed`: the engine gives none of that size. */
export function givenMemories(memories: readonly ImportedMemory[], path: string): WebAssembly.Imports {
  const given: Record<string, Record<string, WebAssembly.Memory>> = {};
  for (const { module, name, minimum, maximum, isShared, is64 } of memories) {
    const pages = (count: number): number | bigint => (is64 ? BigInt(count) : count);
    const limits: MemoryLimits = {
      initial: pages(minimum),
      ...(maximum === null ? {} : { maximum: pages(maximum) }),
      ...(isShared ? { shared: true } : {}),
      ...(is64 ? { address: "i64" } : {}),
    };
    try {
      given[module] = {
        ...given[module],
        [name]: new WebAssembly.Memory(limits as WebAssembly.MemoryDescriptor),
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TargetError(
        "launch-failed",
        `${path} imports a memory of ${minimum} pages, ${module}.${name}, which cannot be had: ${why}.`,
      );
    }
  }
  return given;
}

/** Imports of both, of one module too. */
export function withMemories(
  imports: WebAssembly.Imports,
  memories: WebAssembly.Imports,
): WebAssembly.Imports {
  const all = { ...imports };
  for (const [module, items] of Object.entries(memories)) all[module] = { ...all[module], ...items };
  return all;
}

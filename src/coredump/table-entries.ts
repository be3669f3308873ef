import type { StopNumber } from "../base/brand.ts";
import type { Target } from "../target/target.ts";
import { heapTypeOf } from "../wasm/value-type.ts";
import type { TableNote } from "./coredump-notes.ts";
import type { ModuleCode } from "./module-code.ts";

/** Entries looked at of one table, and asked for at a time. */
const mostEntries = 65_536;
const batch = 512;

/**
 * What the tables of functions hold, as far as the target can tell: entries that a table had from the beginning, of
 * very large ones the first.
 */
export async function readTables(
  target: Target,
  stop: StopNumber,
  { spaces }: ModuleCode,
): Promise<readonly TableNote[]> {
  const notes: TableNote[] = [];
  for (const [table, { type, limits }] of spaces.tables.entries()) {
    if (!holdsFunctions(type)) continue;
    const size = Math.min(Number(limits.minimum), mostEntries);
    const functions = new Map<number, number>();
    for (let start = 0; start < size; start += batch) {
      const entries = Array.from({ length: Math.min(batch, size - start) }, (_, at) =>
        target.readTable(stop, table, start + at),
      );
      for (const [at, func] of (await Promise.all(entries)).entries()) {
        if (func !== undefined) functions.set(start + at, func);
      }
    }
    notes.push({ instance: 0, table, size, functions });
  }
  return notes;
}

function holdsFunctions(type: Parameters<typeof heapTypeOf>[0]): boolean {
  const heap = heapTypeOf(type);
  return heap?.kind === "concrete" || heap?.name === "func";
}

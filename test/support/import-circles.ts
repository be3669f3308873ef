import type { SourceImport } from "./source-imports.ts";

/**
 * Groups of files that import each other, straight or by way of others, types included: each sorted, and the groups
 * by their first file. Every file of a group reaches every other one of it (Tarjan's strongly connected components).
 */
export function importCircles(imports: readonly SourceImport[]): readonly (readonly string[])[] {
  const importedBy = new Map<string, string[]>();
  for (const { file, path } of imports) {
    if (path !== undefined) importedBy.set(file, [...(importedBy.get(file) ?? []), path]);
  }
  const circles: string[][] = [];
  const order = new Map<string, number>();
  /** Files whose circle is not complete yet, in the order in which they were met. */
  const open: string[] = [];

  /** Number of the first open file that can be reached from this one. */
  function visit(file: string): number {
    const own = order.size;
    order.set(file, own);
    open.push(file);
    let first = own;
    for (const imported of importedBy.get(file) ?? []) {
      if (!order.has(imported)) first = Math.min(first, visit(imported));
      else if (open.includes(imported)) first = Math.min(first, order.get(imported) ?? own);
    }
    if (first === own) {
      const circle = open.splice(open.indexOf(file)).sort();
      if (circle.length > 1 || importedBy.get(file)?.includes(file)) circles.push(circle);
    }
    return first;
  }

  for (const file of importedBy.keys()) if (!order.has(file)) visit(file);
  return circles.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
}

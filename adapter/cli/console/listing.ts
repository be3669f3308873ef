import type { CodeRow } from "../../../src/disassembly/disassembly.ts";
import type { Style } from "../report/style.ts";

/** Rows of code as text; an arrow marks the one at `here`. Offsets are bytes from byte 0 of the module. */
export function rowLines(rows: readonly CodeRow[], here: number | undefined, style: Style): string[] {
  let current: string | undefined;
  const lines: string[] = [];
  for (const row of rows) {
    if (row.kind === "instruction" && row.function !== current) {
      current = row.function;
      lines.push(`${style.name(current)}:`);
    }
    const arrow = row.offset === here ? "=>" : "  ";
    const offset = style.faint(`0x${Math.max(0, row.offset).toString(16).padStart(8, "0")}`);
    lines.push(`${arrow} ${offset}  ${row.text}`);
  }
  return lines;
}

/** Lines of a source with their numbers, from `first` (0-based) on; an arrow marks `here`. */
export function sourceLines(
  lines: readonly string[],
  first: number,
  count: number,
  here: number | undefined,
  style: Style,
): string[] {
  return lines.slice(first, first + count).map((text, at) => {
    const number = first + at;
    const shown = `${number === here ? "->" : "  "}${String(number + 1).padStart(5)} | ${text}`.trimEnd();
    return number === here ? style.good(shown) : shown;
  });
}

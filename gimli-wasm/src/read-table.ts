import type { LineTableColumns } from "./columns.ts";
import type { Core } from "./core.ts";

/** Rows that the core decodes at once: its memory never shrinks, and a large program has millions of rows. */
const rowsAtOnce = 1 << 16;

/** Columns as `of_functions` in rust/src/table.rs puts them, and the rows as they come. The section and the functions' bounds must have been given. */
export function readTable(core: Core): LineTableColumns {
  const table = core.ask("line_table", ".debug_line");
  const [foreign = 0, count = 0] = table.u32(3);
  const facts = { programs: table.u32(0), firstSlot: table.u32(1), failed: table.u8(2), foreign };
  const rows = {
    address: new Uint32Array(count),
    slot: new Uint32Array(count),
    line: new Uint32Array(count),
    column: new Uint16Array(count) as Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
    flags: new Uint8Array(count),
  };
  let at = 0;
  while (at < count) {
    const next = core.ask("line_table_rows", ".debug_line", rowsAtOnce);
    const taken = next.into(0, rows.address, at);
    next.into(1, rows.slot, at);
    next.into(2, rows.line, at);
    const column = next.u32(3);
    if (rows.column instanceof Uint16Array && column.some((of) => of > 0xffff)) {
      rows.column = Uint32Array.from(rows.column);
    }
    rows.column.set(column.subarray(0, taken), at);
    next.into(4, rows.flags, at);
    if (taken === 0) break;
    at += taken;
  }
  return { ...rows, ...facts };
}

/** Rows of a table by what its column has in them, those of one number as they stand; `undefined` where it rises as it is. */
export function rowsInOrder(column: Uint32Array): readonly number[] | undefined {
  if (isRising(column)) return undefined;
  return Array.from(column.keys()).sort((a, b) => (column[a] as number) - (column[b] as number) || a - b);
}

/** The column with its rows in another order. */
export function inOrderOf<T extends Uint32Array | Int32Array | Uint16Array | Uint8Array>(
  column: T,
  order: readonly number[],
): T {
  return column.map((_, row) => column[order[row] as number] as number) as T;
}

function isRising(column: Uint32Array): boolean {
  for (let row = 1; row < column.length; row++) {
    if ((column[row] as number) < (column[row - 1] as number)) return false;
  }
  return true;
}

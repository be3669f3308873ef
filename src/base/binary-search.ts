/** A column of numbers that never falls. */
type RisingColumn = Uint32Array | Float64Array | readonly number[];

/** Index of the first entry ≥ `value` of those before `end`; `end` when there is none. */
export function lowerBound(column: RisingColumn, value: number, end = column.length): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first entry > `value` of those before `end`; `end` when there is none. */
export function upperBound(column: RisingColumn, value: number, end = column.length): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

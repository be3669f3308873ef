import type { Variable } from "../../src/symbols/variable.ts";

/** How many elements a client that cannot page is given at once. */
const rangeSize = 1000;

/**
 * Elements `start` ≤ i < `start + count` of a long array as ranges, for clients that cannot ask for pages.
 *
 * Without them such a client would fetch a million elements to draw the first twenty. At most
 * `rangeSize` ranges; each opens into smaller ones until they hold elements.
 */
export function toIndexRanges(
  array: Variable,
  start = 0,
  count: number = array.indexed,
): readonly Variable[] | undefined {
  if (count <= rangeSize) return undefined;
  let size = rangeSize;
  while (count / size > rangeSize) size *= rangeSize;
  const ranges: Variable[] = [];
  for (let first = start; first < start + count; first += size) {
    ranges.push(toRange(array, first, Math.min(size, start + count - first)));
  }
  return ranges;
}

function toRange(array: Variable, first: number, count: number): Variable {
  const smaller = toIndexRanges(array, first, count);
  const range: Variable = {
    name: `[${first}..${first + count - 1}]`,
    value: "",
    named: smaller?.length ?? 0,
    indexed: smaller === undefined ? count : 0,
    writable: false,
    kind: "virtual",
    children: async (filter, start, wanted) =>
      smaller === undefined
        ? array.children(filter, first + start, wanted)
        : smaller.slice(start, start + wanted),
    assign: () => Promise.reject(new Error("a range of elements has no value of its own")),
    asHex: async () => range,
  };
  return range;
}

/**
 * A function that computes on its first call and answers the same from then on.
 *
 * When `compute` throws nothing is kept, and the next call computes again.
 */
export function once<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
}

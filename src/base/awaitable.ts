/**
 * A value, or the promise of one that has to be fetched first.
 *
 * Most of what a paused guest is asked for is at hand already. A promise for each of it, through each function on its way,
 * would cost more than all the rest. To `await` one is as good as ever, where few are made.
 */
export type Awaitable<T> = T | Promise<T>;

/** What `use` makes of a value: now, if it is at hand. */
export function whenKnown<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/** All of some values. Rejects as the first that fails. */
export function together<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  return values.some(isPromise) ? Promise.all(values) : (values as readonly T[]);
}

/** What all of `make` come to, begun one after the other without waiting. Rejects as the first that fails. */
export function allOf<T>(make: readonly (() => Awaitable<T>)[]): Awaitable<readonly T[]> {
  return together(make.map(begun));
}

const isPromise = (value: unknown): boolean => value instanceof Promise;

/** What fails at once must not leave those begun before it behind, with nobody to take their failures. */
function begun<T>(make: () => Awaitable<T>): Awaitable<T> {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What a command ends with whose time was up, as `timeout` of coreutils does. */
export const timeoutStatus = 124;

/** How long a program whose time is up may take to stand still, in milliseconds; then it is ended where it is. */
export const standStillMs = 5000;

/** A moment after which a program is ended. */
export interface Deadline {
  /** Settles then; never without a limit. */
  readonly due: Promise<"due">;
  /** It does not matter any more. */
  cancel(): void;
}

/** A deadline after so many seconds from now; one that never comes for `undefined`. */
export function startDeadline(seconds: number | undefined): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const due = new Promise<"due">((resolve) => {
    if (seconds !== undefined) timer = setTimeout(() => resolve("due"), seconds * 1000);
  });
  return { due, cancel: () => clearTimeout(timer) };
}

/** Waits for a promise, but no longer than this. Answers whether it has settled. */
export async function withinMs(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const settled = promise.then(
    () => true as const,
    () => true as const,
  );
  const answer = await Promise.race([settled, late]);
  clearTimeout(timer);
  return answer;
}

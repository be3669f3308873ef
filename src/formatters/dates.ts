/** Seconds from 1970 that have a date as JavaScript counts them, in either direction. */
const lastSecond = 8_640_000_000_000n;

/** The date and time in UTC so many seconds after the beginning of 1970: `2024-02-29 12:00:00`; `undefined` for what is too far off. */
export function dateText(seconds: bigint): string | undefined {
  if (seconds > lastSecond || seconds < -lastSecond) return undefined;
  return new Date(Number(seconds) * 1000)
    .toISOString()
    .replace(/\.000Z$/, "")
    .replace("T", " ");
}

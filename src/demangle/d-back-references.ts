import type { DReader } from "./d-reader.ts";
import { NotMangled } from "./reader.ts";

/** What was read before, at as many characters before this `Q` as the number behind it says. */
export function readBackReference<T>(reader: DReader, read: (reader: DReader) => T): T {
  const start = reader.position;
  reader.expect("Q");
  const distance = readBackNumber(reader);
  if (distance < 1 || distance > start) throw new NotMangled();
  return reader.elsewhere(start - distance, () => read(reader));
}
/** A number of letters, the last of which is small. */
export function readBackNumber(reader: DReader): number {
  const letters = reader.match(/[A-Z]*[a-z]/y);
  let value = 0;
  for (const letter of letters) value = value * 26 + (letter.toLowerCase().charCodeAt(0) - 97);
  if (!Number.isSafeInteger(value)) throw new NotMangled();
  return value;
}

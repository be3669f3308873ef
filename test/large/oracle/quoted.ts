const escapes: Readonly<Record<string, string>> = {
  ...{ n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v", e: "\x1b", "0": "\0" },
};

/** Text in quotation marks as a debugger shows it. */
export interface Quoted {
  readonly bytes: Buffer;
  /** Whether it goes on: `"abc"…`. */
  readonly isCut: boolean;
}

/** The quoted text that a value is or ends in, such as `0x00012345 "a\n"`; nothing where there is none. */
export function readQuoted(value: string): Quoted | undefined {
  const [, quoted, more] = /"((?:[^"\\]|\\.)*)"(…?)$/s.exec(value) ?? [];
  if (quoted === undefined) return undefined;
  const parts = quoted.split(/(\\x[0-9a-f]{2}|\\U[0-9a-f]{8}|\\.)/s).map(bytesOf);
  return { bytes: Buffer.concat(parts), isCut: more !== "" };
}

function bytesOf(part: string): Buffer {
  if (part.startsWith("\\x")) return Buffer.from(part.slice(2), "hex");
  if (part.startsWith("\\U")) return Buffer.from(String.fromCodePoint(Number.parseInt(part.slice(2), 16)));
  const letter = part[1] ?? "";
  return Buffer.from(part.startsWith("\\") ? (escapes[letter] ?? letter) : part);
}

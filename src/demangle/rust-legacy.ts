/** What escapes in Rust's older mangling stand for. Source: rustc, "Legacy Symbol Mangling Scheme". */
const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ SP: "@", BP: "*", RF: "&", LT: "<", GT: ">", LP: "(", RP: ")", C: "," }),
);

/**
 * A name in Rust's older mangling, which is a C++ name without types whose last part is a hash; `undefined` for any other.
 * The hash is left out.
 */
export function demangleRustLegacy(name: string): string | undefined {
  const found = /^_ZN(.*)17h[0-9a-f]{16}E(\.[\w.]+)?$/s.exec(name);
  if (!found) return undefined;
  const parts: string[] = [];
  for (let rest = found[1] ?? ""; rest !== ""; ) {
    const digits = /^[1-9]\d*/.exec(rest)?.[0];
    if (digits === undefined) return undefined;
    const end = digits.length + Number(digits);
    if (end > rest.length) return undefined;
    parts.push(unescapeRust(rest.slice(digits.length, end)));
    rest = rest.slice(end);
  }
  return parts.length === 0 ? undefined : parts.join("::");
}

/** A part of a path with what its escapes stand for. */
export function unescapeRust(part: string): string {
  // An identifier cannot begin with an escape, so that a line is put before it.
  const text = part.startsWith("_$") ? part.slice(1) : part;
  return text
    .replace(/\$(\w+)\$/g, (all, code: string) => {
      const named = escapes.get(code);
      if (named !== undefined) return named;
      const point = /^u([0-9a-f]{1,6})$/.exec(code)?.[1];
      const value = point === undefined ? Number.NaN : Number.parseInt(point, 16);
      return value >= 0x20 && value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000)
        ? String.fromCodePoint(value)
        : all;
    })
    .replace(/\.\./g, "::");
}

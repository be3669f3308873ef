/** How `print` may show a value: the letter after `/`, as in gdb, and the suffix of an expression that means the same. */
export const valueFormats: ReadonlyMap<string, { readonly suffix: string; readonly about: string }> = new Map(
  [
    ["x", { suffix: "x", about: "hexadecimal" }],
    ["d", { suffix: "d", about: "decimal" }],
    ["o", { suffix: "o", about: "octal" }],
    ["t", { suffix: "b", about: "binary" }],
    ["c", { suffix: "c", about: "characters" }],
    ["s", { suffix: "s", about: "text" }],
    ["r", { suffix: "!", about: "without formatters" }],
  ],
);

/** The integer that a text begins with, as values of characters and enumerations do: `97 'a'`. */
export function integerOf(text: string): bigint | undefined {
  const [, digits] = /^(-?(?:0x[0-9a-f]+|\d+))(?![\d.e])/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
}

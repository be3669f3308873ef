/**
 * Decodes an identifier as Rust mangles what is not ASCII: punycode with `_` for the delimiter. `undefined` if it is malformed.
 * Source: RFC 3492, "Decoding procedure".
 */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf("_");
  const output = [...text.slice(0, Math.max(0, delimiter))];
  let [index, point, bias] = [0, 128, 72];
  for (let at = delimiter + 1; at < text.length; ) {
    const before = index;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = digitOf(text[at++] ?? "");
      if (digit < 0) return undefined;
      index += digit * weight;
      const threshold = Math.min(26, Math.max(1, k - bias));
      if (digit < threshold) break;
      weight *= 36 - threshold;
      if (weight > 2 ** 31) return undefined;
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    point += Math.floor(index / length);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    index %= length;
    output.splice(index++, 0, String.fromCodePoint(point));
  }
  return output.join("");
}

const digitOf = (digit: string): number => "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(digit || "-");

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}

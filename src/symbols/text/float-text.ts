import { readFloat, readInteger } from "../values/number.ts";

/**
 * A floating-point number in the fewest digits that give the same number again, in the manner of
 * JavaScript: `3.5`, `1e+300`, `-0`; `inf` and `nan` as C writes them. `undefined` for sizes that are no
 * IEEE 754 format: 2, 4, 8 and 16 bytes are.
 */
export function floatText(bytes: Uint8Array): string | undefined {
  const number = readFloat(bytes);
  if (number === undefined) return undefined;
  if (Number.isNaN(number)) return "nan";
  // A quad may be finite where the double nearest to it is not.
  if (bytes.length === 16) return quadText(readInteger(bytes, "unsigned"));
  if (!Number.isFinite(number)) return number < 0 ? "-inf" : "inf";
  return bytes.length === 8 ? doubleText(number) : shortText(number, bytes.length);
}

/** A double in the fewest digits that give it again. */
export function doubleText(number: number): string {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number < 0 ? "-inf" : "inf";
  return Object.is(number, -0) ? "-0" : String(number);
}

function shortText(number: number, sizeBytes: number): string {
  // Neighbours of a half are at least 2⁻¹¹ of it apart, those of a float 2⁻²⁴.
  const digits = sizeBytes === 2 ? 5 : 9;
  for (let precision = 1; precision < digits; precision++) {
    const rounded = Number(number.toPrecision(precision));
    const same =
      sizeBytes === 4 ? Math.fround(rounded) === number : Math.abs(rounded - number) <= halfGap(number);
    if (same) return doubleText(rounded === 0 ? number : rounded);
  }
  return doubleText(Number(number.toPrecision(digits)));
}

/** A little under half the distance between neighbouring 16-bit numbers. */
function halfGap(number: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(number) || 2 ** -14)), -14);
  return 2 ** (exponent - 11) * 0.999;
}

const fractionBits = 112n;

/** binary128: exact arithmetic on integers, since no JavaScript number can hold one. */
function quadText(bits: bigint): string {
  const sign = bits >> 127n ? "-" : "";
  const biased = (bits >> fractionBits) & 0x7fffn;
  const fraction = bits & ((1n << fractionBits) - 1n);
  if (biased === 0x7fffn) return `${sign}inf`;
  if (biased === 0n && fraction === 0n) return `${sign}0`;
  const significand = biased === 0n ? fraction : fraction | (1n << fractionBits);
  const exponent = (biased || 1n) - 16383n - fractionBits;
  // The value is value/unit, and half the distance to its neighbours is half/unit.
  const value = 2n * significand * (exponent > 0n ? 1n << exponent : 1n);
  const half = exponent > 0n ? 1n << exponent : 1n;
  const unit = exponent > 0n ? 2n : 1n << (1n - exponent);
  let power = decimalPower(value, unit);
  for (let precision = 1; ; precision++) {
    const shift = power - precision + 1;
    const up = shift < 0 ? 10n ** BigInt(-shift) : 1n;
    const down = shift > 0 ? 10n ** BigInt(shift) : 1n;
    const digits = (2n * value * up + unit * down) / (2n * unit * down);
    const error = digits * down * unit - value * up;
    if ((error < 0n ? -error : error) >= half * up && precision < 36) continue;
    let text = digits.toString();
    if (text.length > precision) power += 1;
    text = text.replace(/0+$/, "");
    return sign + placed(text, power);
  }
}

/** The greatest `k` with 10ᵏ ≤ value/unit. */
function decimalPower(value: bigint, unit: bigint): number {
  const bitLength = value.toString(16).length - unit.toString(16).length;
  let power = Math.floor((bitLength - 1) * 1.2041199826559248) - 1;
  const isAtLeast = (k: number) =>
    k >= 0 ? value >= unit * 10n ** BigInt(k) : value * 10n ** BigInt(-k) >= unit;
  while (isAtLeast(power + 1)) power++;
  return power;
}

/** Digits with the point where JavaScript's own number format would put it; the first digit stands for 10^`power`. */
function placed(digits: string, power: number): string {
  if (power >= 21 || power < -7) {
    const rest = digits.slice(1);
    return `${digits[0]}${rest && `.${rest}`}e${power < 0 ? "-" : "+"}${Math.abs(power)}`;
  }
  if (power < 0) return `0.${"0".repeat(-power - 1)}${digits}`;
  if (digits.length <= power + 1) return digits.padEnd(power + 1, "0");
  return `${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

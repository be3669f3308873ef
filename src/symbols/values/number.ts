/** An integer from little-endian bytes. */
export function readInteger(bytes: Uint8Array, sign: "signed" | "unsigned"): bigint {
  const { length } = bytes;
  if (length <= 6) return BigInt(sign === "signed" ? signedNumber(bytes) : unsignedNumber(bytes));
  let value = 0n;
  for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index] as number);
  return sign === "signed" ? BigInt.asIntN(length * 8, value) : value;
}

/** Of few bytes, which nearly all integers have: a number is exact, and made in a fraction of the time. */
function unsignedNumber(bytes: Uint8Array): number {
  let value = 0;
  for (let index = bytes.length - 1; index >= 0; index--) value = value * 256 + (bytes[index] as number);
  return value;
}

function signedNumber(bytes: Uint8Array): number {
  const value = unsignedNumber(bytes);
  const limit = 2 ** (bytes.length * 8 - 1);
  return value >= limit ? value - limit * 2 : value;
}

/** Little-endian bytes of an integer, wrapped to `sizeBytes`. */
export function integerBytes(value: bigint, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  let rest = BigInt.asUintN(sizeBytes * 8, value);
  for (let index = 0; index < sizeBytes; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

/** The nearest double to a floating-point number of 2, 4, 8 or 16 bytes; `undefined` for other sizes. */
export function readFloat(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (bytes.length) {
    case 2:
      return readHalf(view.getUint16(0, true));
    case 4:
      return view.getFloat32(0, true);
    case 8:
      return view.getFloat64(0, true);
    case 16:
      return readQuad(readInteger(bytes, "unsigned"));
    default:
      return undefined;
  }
}

/** Bytes of a number as a floating-point type of 4, 8 or 16 bytes; `undefined` for other sizes. */
export function floatBytes(value: number, sizeBytes: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  if (sizeBytes === 4) view.setFloat32(0, value, true);
  else if (sizeBytes === 8) view.setFloat64(0, value, true);
  else if (sizeBytes === 16) return integerBytes(quadBits(value), 16);
  else return undefined;
  return bytes;
}

function readHalf(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 0x400) * 2 ** (exponent - 25));
}

function readQuad(bits: bigint): number {
  const sign = bits >> 127n ? -1 : 1;
  const exponent = Number((bits >> 112n) & 0x7fffn);
  const fraction = bits & ((1n << 112n) - 1n);
  if (exponent === 0x7fff) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * 0;
  // The 113 bits of the significand are rounded once, to odd in their last kept place, so that the
  // conversion to 53 bits rounds as from the whole number.
  const significand = fraction | (1n << 112n);
  const kept = (significand >> 50n) | (significand & ((1n << 50n) - 1n) ? 1n : 0n);
  const scale = exponent - 16383 - 62;
  if (scale > 970) return sign * Number.POSITIVE_INFINITY;
  return scale < -1000
    ? sign * Number(kept) * 2 ** -537 * 2 ** (scale + 537)
    : sign * Number(kept) * 2 ** scale;
}

function quadBits(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = (bits >> 63n) << 127n;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (exponent === 0x7ff) return sign | (0x7fffn << 112n) | (fraction << 60n);
  if (exponent !== 0) return sign | (BigInt(exponent - 1023 + 16383) << 112n) | (fraction << 60n);
  if (fraction === 0n) return sign;
  // A subnormal double is a normal number here: its leading bit becomes the implicit one.
  const width = fraction.toString(2).length;
  const normal = (fraction << BigInt(113 - width)) & ((1n << 112n) - 1n);
  return sign | (BigInt(width - 1075 + 16383) << 112n) | normal;
}

/** Length of the unit or line program that begins with these bytes, its header included; NaN where they are too few. */
export function unitLengthAt(bytes: Uint8Array): number {
  if (bytes.length < 12) return Number.NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 12);
  const length = view.getUint32(0, true);
  return length < firstReserved ? 4 + length : 12 + Number(view.getBigUint64(4, true));
}

/** Lengths from here on are none: the largest says that eight bytes follow with the length. */
const firstReserved = 0xffff_fff0;

/** So many bytes of a line program tell the length of its header. */
export const lineHeaderStart = 24;

/** Length of the header of the line program that begins with these bytes; NaN where they are too few. */
export function lineHeaderLengthAt(bytes: Uint8Array): number {
  if (bytes.length < lineHeaderStart) return Number.NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, lineHeaderStart);
  const isWide = view.getUint32(0, true) >= firstReserved;
  const version = isWide ? 12 : 4;
  // From version 5 on two sizes come first.
  const at = version + 2 + (view.getUint16(version, true) >= 5 ? 2 : 0);
  return isWide ? at + 8 + Number(view.getBigUint64(at, true)) : at + 4 + view.getUint32(at, true);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of well-formed UTF-8, or `undefined` when it is not. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const ascii = decodeShortAscii(bytes);
  if (ascii !== undefined) return ascii;
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text of bytes meant as UTF-8, with U+FFFD for what is not: for names that people read. */
export function decodeUtf8Leniently(bytes: Uint8Array): string {
  return decodeShortAscii(bytes) ?? lenient.decode(bytes);
}

/** The UTF-8 of a text; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Names are short and ASCII, where the platform's decoder spends most of its time on being called. */
function decodeShortAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > 64) return undefined;
  let text = "";
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

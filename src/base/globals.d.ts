/**
 * The platform globals pure code may use, and no others.
 *
 * `src` compiles with `types: []`, so that neither Node nor the DOM is in reach. Every line here is a
 * decision: it must exist in Node, browsers and workers alike, and must not do I/O.
 */
interface TextDecoder {
  decode(input?: Uint8Array): string;
}
declare var TextDecoder: {
  new (label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean }): TextDecoder;
};

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
declare var TextEncoder: { new (): TextEncoder };

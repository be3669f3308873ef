// (module (import "h" "f" (func (param i32))) (export "f" (func 0)))
const wrapperModule = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x01, 0x7f, 0x00, 0x02, 0x07, 0x01,
  0x01, 0x68, 0x01, 0x66, 0x00, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00,
];

/**
 * A JavaScript function of one i32 as something a Wasm table accepts.
 *
 * `WebAssembly.Function` would do it and is not there by default on any Node; a module that imports the function
 * and exports it again makes it an exported function, and V8 calls it without a frame of the module in between.
 */
export function tableable(callback: (value: number) => void): (value: number) => void {
  const module = new WebAssembly.Module(new Uint8Array(wrapperModule));
  return new WebAssembly.Instance(module, { h: { f: callback } }).exports.f as (value: number) => void;
}

/** `(module (import "h" "f" (func <type>)) (export "f" (func 0)))`, of a type as the binary format has it. */
function wrapperModule(...type: readonly number[]): Uint8Array<ArrayBuffer> {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, type.length + 1, 0x01, ...type];
  const imports = [0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00];
  return Uint8Array.from([...header, ...types, ...imports, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00]);
}

/**
 * A JavaScript function of one i32 as something a Wasm table accepts.
 *
 * `WebAssembly.Function` would do it and is not there by default on any Node; a module that imports the function
 * and exports it again makes it an exported function, and V8 calls it without a frame of the module in between.
 */
export function tableable(callback: (value: number) => void): (value: number) => void {
  return wrapped(callback, wrapperModule(0x60, 0x01, 0x7f, 0x00));
}

/** As `tableable`, for what is told of a store: a memory's index, an address and a number of bytes. */
export function tableableStored(
  callback: (memory: number, address: number, bytes: number) => number,
): typeof callback {
  return wrapped(callback, wrapperModule(0x60, 0x03, 0x7f, 0x7c, 0x7c, 0x01, 0x7f));
}

function wrapped<T extends (...args: number[]) => unknown>(callback: T, module: Uint8Array<ArrayBuffer>): T {
  return new WebAssembly.Instance(new WebAssembly.Module(module), { h: { f: callback } }).exports.f as T;
}

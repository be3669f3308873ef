/**
 * The exception that ends a guest: no guest handler can catch it, every host `finally` on the way runs.
 *
 * A JavaScript exception would be caught by the guest's own `catch_all`. An error that a *trap* made is not:
 * V8 marks the object itself as uncatchable for Wasm, and the mark stays when JavaScript throws it again.
 * So a module of our own traps once and its error is kept. Checked on Node 20, 22, 24 and 26.
 */
export class GuestEnd {
  readonly error: Error = trapError();
  #exitCode: number | undefined;

  /** Throws through the guest towards its entry; `exitCode` is `undefined` when the debugger ends it. */
  unwind(exitCode: number | undefined): never {
    this.#exitCode = exitCode;
    throw this.error;
  }

  /** What the guest ended with, when `thrown` is this end. */
  explains(thrown: unknown): { readonly exitCode: number | undefined } | undefined {
    return thrown === this.error ? { exitCode: this.#exitCode } : undefined;
  }
}

// (module (func (export "t") unreachable))
const trapModule = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00,
  0x07, 0x05, 0x01, 0x01, 0x74, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b,
];

function trapError(): Error {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(trapModule)));
  try {
    (instance.exports.t as () => void)();
  } catch (error) {
    return error as Error;
  }
  throw new Error("an unreachable instruction did not trap");
}

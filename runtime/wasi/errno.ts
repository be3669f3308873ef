/**
 * Error numbers that the host answers by itself; node:wasi answers the rest in the same numbering.
 *
 * Source: WASI preview 1, `errno`; `wasi_unstable` numbers them alike.
 */
export const Errno = {
  success: 0,
  again: 6,
  badf: 8,
  fault: 21,
  inval: 28,
  notdir: 54,
  notsock: 57,
  notsup: 58,
  spipe: 70,
  notcapable: 76,
} as const;

/** Why a call cannot be done. Thrown inside the host only: the guest gets `errno` as the call's result. */
export class WasiError extends Error {
  override readonly name = "WasiError";
  readonly errno: number;
  constructor(errno: number) {
    super(`WASI errno ${errno}`);
    this.errno = errno;
  }
}

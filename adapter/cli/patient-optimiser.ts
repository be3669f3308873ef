import { setFlagsFromString } from "node:v8";

/** What of a function has to be executed before it is optimised, in bytes, about. `wasm` counts for modules instantiated from then on. */
const patience = { script: 1_000_000, wasm: 13_000_000 };

/**
 * Has V8 wait longer before it optimises code of this process: a session is answered in short bursts, each of them over
 * before optimised code would pay, and on few cores the compiler takes its time from the program, which is started
 * meanwhile, and from the client.
 *
 * Measured on Node 20 and two cores: the first stop comes a tenth earlier, a step with its stack and 20 locals takes a fifth
 * less, its slowest tenth a quarter; and a module of 140 MB is no slower to load. Later versions of V8 are as patient by
 * themselves, and some have no such flags.
 */
export function optimisePatiently(): void {
  if (Number.parseInt(process.versions.v8, 10) >= 12) return;
  setFlagsFromString(`--interrupt-budget=${patience.script}`);
  setFlagsFromString(`--wasm-tiering-budget=${patience.wasm}`);
}

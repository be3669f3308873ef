import { setFlagsFromString } from "node:v8";

/**
 * Has V8 wait longer before it optimises code of this process: a session is answered in short bursts, each of them over
 * before optimised code would pay, and on few cores the compiler takes its time from the program, which is started
 * meanwhile, and from the client.
 *
 * Measured on Node 20 and two cores: a step with its stack and 20 locals takes a fifth less, its slowest tenth a quarter.
 * Later versions of V8 are as patient by themselves, and some have no such flags.
 */
export function optimisePatiently(): void {
  setBudgets({ script: 1_000_000, wasm: 13_000_000 });
}

/** Has V8 optimise as soon as it does by itself: for long work, such as reading and rewriting a large module. */
export function optimiseEagerly(): void {
  setBudgets({ script: 67_584, wasm: 1_800_000 });
}

/** What of a function has to be executed before it is optimised, in bytes, about. `wasm` counts for modules instantiated from then on. */
function setBudgets({ script, wasm }: { readonly script: number; readonly wasm: number }): void {
  if (Number.parseInt(process.versions.v8, 10) >= 12) return;
  setFlagsFromString(`--interrupt-budget=${script}`);
  setFlagsFromString(`--wasm-tiering-budget=${wasm}`);
}

import { TargetError } from "../../src/base/errors.ts";
import { DebuggerRecorder, type RecorderOptions } from "./debugger-recorder.ts";
import { FakeTarget } from "./fake-target.ts";
import { type ToyFunction, ToyGuest } from "./toy-guest.ts";

/** A toy program under the debugger, not started. */
export function makeToy(functions: Readonly<Record<string, ToyFunction>>, options?: RecorderOptions) {
  const guest = new ToyGuest(functions);
  const target = new FakeTarget(guest);
  return { guest, target, recorder: new DebuggerRecorder(target, guest.debugInfo, options) };
}

/** A toy program stopped at its first statement: `first` says where. */
export async function beginToy(functions: Readonly<Record<string, ToyFunction>>, options?: RecorderOptions) {
  const toy = makeToy(functions, options);
  await toy.recorder.debugger.start({ stopOnEntry: true });
  const first = await toy.recorder.halt();
  const step = async (kind: "over" | "in" | "out"): Promise<string> => {
    await toy.recorder.debugger.step(kind);
    return toy.recorder.halt();
  };
  return { ...toy, first, step };
}

/** Lets everything go on that can. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The source of the programs below. */
export const toySource = "/src/a.c";

/** Lines 1 to 3. */
export const straight: Record<string, ToyFunction> = { main: { source: toySource, lines: [1, 2, 3] } };

/** The same, with a wait on line 1. */
export const waiting: Record<string, ToyFunction> = {
  main: {
    source: toySource,
    lines: [1, 2, 3],
    *run(guest) {
      yield* guest.line(1);
      yield { kind: "busy" };
      yield* guest.line(2);
      yield* guest.line(3);
    },
  },
};

/** For `assert.rejects`. */
export const targetError = (code: string) => (error: unknown) =>
  error instanceof TargetError && error.code === code;

import type { Calls, HostParts } from "./calls.ts";
import { Errno } from "./errno.ts";

/** The guest's own end and its giving way: `proc_exit`, `proc_raise`, `sched_yield`. */
export function processCalls({ console }: Pick<HostParts, "console">): Calls {
  return {
    proc_exit(code: number): number {
      return console.exit(code);
    },

    /**
     * There is nobody to handle a signal, so the default action is all there is: to ignore it, or to end the guest
     * with the status a shell shows for it. Stopping and continuing are the debugger's business.
     */
    proc_raise(signal: number): number {
      if (signal > lastSignal) return Errno.inval;
      if (stopSignals.has(signal)) return Errno.notsup;
      if (ignoredSignals.has(signal)) return Errno.success;
      return console.exit(128 + shellNumber(signal));
    },

    sched_yield(): number {
      console.wait(0, () => false);
      return Errno.success;
    },
  };
}

// Source: WASI preview 1, `signal`, with its default actions.
const lastSignal = 30;
/** none, pipe, chld, cont, urg, winch */
const ignoredSignals: ReadonlySet<number> = new Set([0, 13, 16, 17, 22, 27]);
/** stop, tstp, ttin, ttou */
const stopSignals: ReadonlySet<number> = new Set([18, 19, 20, 21]);

/** A signal's number on Linux, which has one more between term and chld. */
const shellNumber = (signal: number): number => (signal <= 15 ? signal : signal + 1);

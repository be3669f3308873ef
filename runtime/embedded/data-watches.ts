import type { FuncIndex } from "../../src/base/brand.ts";
import type { GuestCode } from "../../src/target/guest-code.ts";
import type { DataChange, DataWatch, PlacedWatch, StopReason } from "../../src/target/target.ts";
import type { GuestStopReason, GuestWatch } from "../suspend/messages.ts";
import { addCode, slotsOf } from "./breakpoint-rules.ts";
import { CodeModule, type CodeSlots } from "./code-module.ts";
import type { Answered, Debuggee } from "./debuggee.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";

/**
 * What is watched of a guest's memories, on its way to the guest thread.
 *
 * @param functionHere Finds the function of the innermost frame; `undefined` where there is none, or the guest runs.
 */
export async function setDataWatches(
  watches: readonly DataWatch[],
  guest: InstrumentedGuest,
  ask: Debuggee["ask"],
  functionHere: () => Promise<FuncIndex | undefined>,
): Promise<readonly PlacedWatch[]> {
  const code = new CodeModule();
  const slots: CodeSlots = { ...slotsOf(guest), local: () => undefined };
  const isFramed = watches.some(({ inFrame }) => inFrame);
  const func = isFramed ? await functionHere() : undefined;
  const frame =
    func === undefined ? {} : { frame: { sites: guest.sitesOf(func), stores: guest.storesOf(func) } };
  const prepared = watches.map(
    (watch): GuestWatch => ({
      ...ruleOf(watch, (condition) => addCode(code, condition, "i32", slots)),
      memory: watch.memory,
      address: Number(watch.address),
      length: watch.length,
      ...(watch.mask ? { mask: Buffer.from(watch.mask).toString("hex") } : {}),
      ...(watch.changesOnly ? { changesOnly: true } : {}),
      ...(watch.inFrame ? frame : {}),
    }),
  );
  const body = code.isEmpty ? undefined : code.bytes();
  const answered: Answered = await ask({ q: "watch", watches: prepared }, body);
  return watches.map((_, at): PlacedWatch => {
    const reason = answered.refused?.[at] ?? null;
    return reason === null ? { kind: "placed" } : { kind: "refused", reason };
  });
}

/** A stop at watched memory, in the target's terms. */
export function dataReason(reason: Extract<GuestStopReason, { kind: "data" }>): StopReason {
  const { changes, rules, host } = reason;
  return {
    kind: "data",
    rules,
    ...(host === undefined ? {} : { host }),
    changes: changes.map(
      ({ breakpoint, offset, before, after }): DataChange => ({
        breakpoint,
        offset,
        before: fromHex(before),
        after: fromHex(after),
      }),
    ),
  };
}

/** What the guest thread cannot decide is left to the one who resumes it. */
function ruleOf(
  { rule: { breakpoint, condition, hits, ask } }: DataWatch,
  add: (code: GuestCode) => number | undefined,
) {
  const added = condition && add(condition);
  const known = added === undefined ? {} : { condition: added };
  if (ask || (condition && added === undefined)) return { breakpoint, ...known, ask: true } as const;
  return { breakpoint, ...known, ...(hits ? { hits } : {}) };
}

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

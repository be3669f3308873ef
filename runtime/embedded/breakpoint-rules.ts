import type { ModuleOffset } from "../../src/base/brand.ts";
import type { BreakpointRule, GuestCode, GuestLog, GuestNumber } from "../../src/target/guest-code.ts";
import type { PlacedPoints } from "../../src/target/target.ts";
import type { GuestLogSource, GuestRule } from "../suspend/messages.ts";
import { CodeModule, type CodeSlots, NoSuchSlot } from "./code-module.ts";
import type { InstrumentedGuest } from "./instrumented-guest.ts";
import { readLogRecords } from "./log-records.ts";

/** Rules ready to be sent: plain data, and the module with their code. */
export interface PreparedRules {
  /** Sites to arm. */
  readonly sites: readonly number[];
  readonly rules: readonly GuestRule[];
  readonly code: Uint8Array | undefined;
  /** Numbers of the logs among them. */
  readonly logs: readonly number[];
}

/**
 * The rules of one target on their way to its guest thread, and the logs they tell on their way back.
 *
 * Logs have numbers that are never used twice, since lines of rules that have been replaced may still be under way.
 */
export class BreakpointRules {
  readonly #guest: InstrumentedGuest;
  readonly #logs = new Map<number, GuestLog>();
  #nextLog = 1;

  constructor(guest: InstrumentedGuest) {
    this.#guest = guest;
  }

  /** Makes the rules at some sites ready. What the engine has no slot for is asked at a stop instead. */
  prepare(
    places: ReadonlyMap<number, readonly ModuleOffset[]>,
    rulesAt: (place: PlacedPoints) => readonly BreakpointRule[] | undefined,
  ): PreparedRules {
    const code = new CodeModule();
    const sites: number[] = [];
    const rules: GuestRule[] = [];
    for (const [site, asked] of places) {
      const here = rulesAt({ point: this.#guest.sites.offsetOf(site), asked });
      if (here?.length === 0) continue;
      sites.push(site);
      const slots = here && this.#slotsAt(site);
      if (slots) for (const rule of here) rules.push(this.#prepareRule(rule, site, code, slots));
    }
    const logs = rules.flatMap(({ log }) => (log ? [log.number] : []));
    return { sites, rules, code: code.isEmpty ? undefined : code.bytes(), logs };
  }

  /** Forgets all logs but these: nothing of the others is under way any more. */
  keepLogs(numbers: readonly number[]): void {
    const kept = new Set(numbers);
    for (const number of this.#logs.keys()) if (!kept.has(number)) this.#logs.delete(number);
  }

  /** Takes what the guest thread has logged. */
  told(records: Uint8Array): void {
    for (const { log, values } of readLogRecords(records)) this.#logs.get(log)?.tell(values);
  }

  #prepareRule(rule: BreakpointRule, site: number, code: CodeModule, slots: CodeSlots): GuestRule {
    const { breakpoint, hits, log } = rule;
    const add = (of: GuestCode, type: GuestNumber) => addCode(code, of, type, slots);
    const condition = rule.condition && add(rule.condition, "i32");
    const sources = log?.values.map((value): GuestLogSource | undefined => {
      const { type } = value;
      const added = add(value.kind === "number" ? value.code : value.address, type);
      if (added === undefined) return undefined;
      if (value.kind === "number") return { code: added, isFloat: type === "f32" || type === "f64" };
      return { code: added, unitBytes: value.unitBytes, length: value.length };
    });
    const known = sources?.filter((source) => source !== undefined);
    const head = { site, breakpoint, ...(condition === undefined ? {} : { condition }) };
    const isAsked =
      rule.ask || (rule.condition && condition === undefined) || known?.length !== sources?.length;
    if (isAsked) return { ...head, ask: true };
    if (!log || !known) return { ...head, ...(hits ? { hits } : {}) };
    const number = this.#nextLog++;
    this.#logs.set(number, log);
    return { ...head, ...(hits ? { hits } : {}), log: { number, values: known } };
  }

  #slotsAt(site: number): CodeSlots {
    const guest = this.#guest;
    const spills = guest.spills(site);
    return {
      ...slotsOf(guest),
      local: (index, type) => {
        const spill = spills.find((candidate) => candidate.local === index);
        return spill?.type === type ? spill.names[0] : undefined;
      },
    };
  }
}

/** What code finds wherever the guest stands. */
export const slotsOf = (guest: InstrumentedGuest): Omit<CodeSlots, "local"> => ({
  memory: guest.firstMemory,
  global: (index, type) => {
    const global = guest.globals[index];
    return global?.type === type ? global : undefined;
  },
});

/** Adds code to a module; `undefined` where the engine has no slot for what it reads. */
export function addCode(
  module: CodeModule,
  code: GuestCode,
  type: GuestNumber,
  slots: CodeSlots,
): number | undefined {
  try {
    return module.add(code, type, slots);
  } catch (error) {
    if (error instanceof NoSuchSlot) return undefined;
    throw error;
  }
}

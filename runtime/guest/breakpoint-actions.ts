import type { GuestRule, GuestRuleOutcome } from "../suspend/messages.ts";
import { LogWriter } from "./log-writer.ts";
import {
  type Code,
  decideRule,
  instantiateCode,
  noOutcome,
  type ReadyRule,
  type RuleCount,
  reasonOf,
} from "./rule-decision.ts";

/** What the rules need of the guest. */
export interface ActionsGuest {
  readonly exports: WebAssembly.Exports;
  /** Export name of memory 0. */
  readonly memory: string | undefined;
}

interface ReadyBreakpoint extends ReadyRule<GuestRule> {
  readonly log: readonly Code[];
}

/** Breakpoints at a site that are no stop, or what they came to. */
export type ActionsOutcome = GuestRuleOutcome | "pass" | "no-rules";

/**
 * Decides in the guest thread what the breakpoints at a site do: conditions, counts of arrivals, logs.
 *
 * The code comes as a module of its own, which V8 compiles: a condition that is false costs a few nanoseconds.
 */
export class BreakpointActions {
  readonly #guest: ActionsGuest;
  readonly #log: (record: Uint8Array<ArrayBuffer>) => void;
  readonly #writer = new LogWriter();
  #bySite = new Map<number, readonly ReadyBreakpoint[]>();
  #counts = new Map<number, RuleCount>();

  /** `log` sends a record on its way. */
  constructor(guest: ActionsGuest, log: (record: Uint8Array<ArrayBuffer>) => void) {
    this.#guest = guest;
    this.#log = log;
  }

  /** Replaces all rules. Throws what V8 says about `code`, and nothing has changed then. */
  set(rules: readonly GuestRule[], code: Uint8Array): void {
    const codeOf = code.length > 0 ? instantiateCode(this.#guest.exports, code) : () => undefined;
    const counts = new Map<number, RuleCount>();
    const bySite = new Map<number, ReadyBreakpoint[]>();
    for (const rule of rules) {
      const { breakpoint, site, condition, log } = rule;
      const count = counts.get(breakpoint) ??
        this.#counts.get(breakpoint) ?? { arrivals: 0, hasFailed: false };
      counts.set(breakpoint, count);
      const values = (log?.values ?? []).map((value) => codeOf(value.code) as Code);
      const ready = {
        rule,
        condition: condition === undefined ? undefined : codeOf(condition),
        log: values,
        count,
      };
      const others = bySite.get(site);
      if (others) others.push(ready);
      else bySite.set(site, [ready]);
    }
    this.#bySite = bySite;
    this.#counts = counts;
  }

  /** Called at an armed site. */
  at(site: number): ActionsOutcome {
    const rules = this.#bySite.get(site);
    if (rules === undefined) return "no-rules";
    let outcome: ReturnType<typeof noOutcome> | undefined;
    for (let index = 0; index < rules.length; index++) {
      const ready = rules[index] as ReadyBreakpoint;
      const { breakpoint, log, ask } = ready.rule;
      const decision = decideRule(ready);
      if (decision === "nothing") continue;
      if (decision !== "meant") {
        outcome ??= noOutcome();
        outcome.failed.push({ breakpoint, reason: decision.reason });
      } else if (log !== undefined) {
        this.#tell(ready);
      } else {
        outcome ??= noOutcome();
        (ask ? outcome.asked : outcome.hit).push(breakpoint);
      }
    }
    return outcome ?? "pass";
  }

  #tell({ rule: { log }, log: values }: ReadyBreakpoint): void {
    if (log === undefined) return;
    const writer = this.#writer;
    writer.begin(log.number);
    for (let index = 0; index < log.values.length; index++) {
      const { unitBytes, length = 0, isFloat = false } = log.values[index] as (typeof log.values)[number];
      try {
        const value = (values[index] as Code)();
        if (unitBytes === undefined) writer.number(value, isFloat);
        else writer.text(value, this.#text(value, unitBytes, length));
      } catch (error) {
        writer.failed(reasonOf(error));
      }
    }
    this.#log(writer.end());
  }

  /** The bytes from an address to the first unit that is 0, with it, or `length`; `undefined` where there is no memory. */
  #text(address: number | bigint, unitBytes: number, length: number): Uint8Array | undefined {
    const memory = this.#guest.exports[this.#guest.memory ?? ""];
    const start = typeof address === "bigint" ? Number(BigInt.asUintN(64, address)) : address >>> 0;
    if (!(memory instanceof WebAssembly.Memory) || start === 0) return new Uint8Array(0);
    if (start >= memory.buffer.byteLength) return undefined;
    const bytes = new Uint8Array(memory.buffer, start, Math.min(length, memory.buffer.byteLength - start));
    for (let at = 0; at + unitBytes <= bytes.length; at += unitBytes) {
      let unit = 0;
      for (let index = 0; index < unitBytes; index++) unit |= bytes[at + index] as number;
      if (unit === 0) return bytes.subarray(0, at + unitBytes);
    }
    return bytes;
  }
}

import { type Awaitable, whenKnown } from "../../src/base/awaitable.ts";
import { TargetError } from "../../src/base/errors.ts";
import type { RawValue, TargetFrame, WasmValue } from "../../src/target/target.ts";
import type { EncodedValue } from "../suspend/messages.ts";
import { CallRecords, fillIn, type RecordsGuest } from "./call-records.ts";
import type { InstrumentedGuest, Spill } from "./instrumented-guest.ts";
import { decodeRaw, encodeWasm } from "./wasm-values.ts";

/** What is asked of the paused guest to read and write what its frames hold. All reject as the target does. */
export interface FrameQuestions {
  frames(start: number, end: number): Awaitable<readonly TargetFrame[]>;
  globals(names: readonly string[]): Awaitable<readonly EncodedValue[]>;
  setGlobal(name: string, value: EncodedValue): Promise<void>;
  readMemory(name: string, address: number, length: number): Promise<Uint8Array>;
  writeMemory(name: string, address: number, bytes: Uint8Array): Promise<void>;
}

/** Where a guest stands. */
export interface StopPlace {
  /** The site or store, where it stands at one. */
  readonly site: number | undefined;
  /** Whether its frames are gone: a trap's. */
  readonly postMortem: boolean;
  /** Whether its frames are those of an earlier moment, and what they kept has been written over: an exception's. */
  readonly isUnwound?: boolean;
}

const one: EncodedValue = { t: "i32", bits: "00000001" };

/**
 * Locals and operands of the frames of one stop: the innermost frame's from where its probe has spilled them, others'
 * from what their functions keep while they make calls.
 */
export class FrameValues {
  readonly #guest: InstrumentedGuest;
  readonly #ask: FrameQuestions;
  readonly #place: StopPlace;
  readonly #records: CallRecords | undefined;

  constructor(guest: InstrumentedGuest, ask: FrameQuestions, place: StopPlace) {
    this.#guest = guest;
    this.#ask = ask;
    this.#place = place;
    const { calls } = guest.instrumented;
    const innermost = place.site === undefined ? "anywhere" : "at a site";
    this.#records =
      this.#hasRecords && place.isUnwound !== true
        ? new CallRecords(calls, this.#recordsGuest(), innermost)
        : undefined;
  }

  locals(frame: number): Awaitable<readonly RawValue[]> {
    return whenKnown(this.#ask.frames(frame, frame + 1), ([at]) => {
      if (at === undefined || at.kind !== "wasm") return [];
      const types = this.#guest.localTypes(at.function);
      const site = this.#siteOf(frame);
      if (site === undefined) return this.#recordedLocals(frame, types);
      return this.#spilled(types, this.#guest.spills(site), "not live here");
    });
  }

  async #recordedLocals(frame: number, types: readonly string[]): Promise<readonly RawValue[]> {
    const recorded = await this.#records?.valuesOf(frame);
    const missing = {
      type: "unavailable",
      reason: this.#whyNot(frame, recorded, notNamed),
    } as const;
    const values: RawValue[] = types.map(() => missing);
    return recorded === undefined || recorded === "lost" ? values : fillIn(values, recorded, "local");
  }

  async operands(frame: number): Promise<readonly RawValue[]> {
    const site = this.#siteOf(frame);
    if (site !== undefined) {
      const spills = this.#guest.operandSpills(site);
      const types = Array.from<string>({ length: spills.at(-1) ? (spills.at(-1)?.local ?? 0) + 1 : 0 });
      for (const { local, type } of spills) types[local] = type;
      return this.#spilled(types, spills, notNamed);
    }
    const [at] = await this.#ask.frames(frame, frame + 1);
    if (at === undefined || at.kind !== "wasm") return [];
    const recorded = await this.#records?.valuesOf(frame);
    const reason = this.#whyNot(frame, recorded, notNamed);
    const values = this.#guest
      .namedOperands(at.offset)
      .map((): RawValue => ({ type: "unavailable", reason }));
    return recorded === undefined || recorded === "lost" ? values : fillIn(values, recorded, "operand");
  }

  /** What is on top of the innermost frame's operand stack, where it stands behind a call. */
  async returned(): Promise<RawValue | undefined> {
    const { site } = this.#place;
    const spill = site === undefined ? undefined : this.#guest.returnSpill(site);
    return spill && decodeRaw(spill.type, await this.#ask.globals(spill.names));
  }

  async writeLocal(frame: number, local: number, value: WasmValue): Promise<void> {
    const site = this.#siteOf(frame);
    if (site === undefined) {
      const recorded = await this.#records?.valuesOf(frame);
      const isKept =
        Array.isArray(recorded) && recorded.some(({ kind, index }) => kind === "local" && index === local);
      if (!isKept || !this.#records) throw cannotWrite(local, this.#whyNot(frame, recorded, notNamed));
      return this.#records.writeLocal(frame, local, value);
    }
    const spill = this.#guest.spills(site).find((item) => item.local === local);
    if (spill === undefined) throw cannotWrite(local, "not live here");
    if (!this.#guest.isUsed(site, local))
      throw cannotWrite(local, "the program does not use it any more, so that a change would have no effect");
    if (this.#guest.isReadOnly(site))
      throw new TargetError(
        "unsupported",
        `Local ${local} cannot be written here: optimised code keeps many locals alive at once, and to write them back at each statement would slow it down.`,
      );
    for (const [i, encoded] of encodeWasm(value).entries())
      await this.#ask.setGlobal(spill.names[i] ?? "", encoded);
  }

  get #hasRecords(): boolean {
    return this.#guest.instrumented.names.records !== undefined;
  }

  /** The site at which a frame stands, when its locals were copied there: the innermost wasm frame at a probe. */
  #siteOf(frame: number): number | undefined {
    return frame === 0 ? this.#place.site : undefined;
  }

  #spilled(
    types: readonly (string | undefined)[],
    spills: readonly Spill[],
    otherwise: string,
  ): Awaitable<readonly RawValue[]> {
    return whenKnown(this.#ask.globals(spills.flatMap((spill) => spill.names)), (read) => {
      const values: RawValue[] = types.map(() => ({ type: "unavailable", reason: otherwise }));
      let from = 0;
      for (const { local, names } of spills) {
        values[local] = decodeRaw(types[local] ?? "i32", read.slice(from, from + names.length));
        from += names.length;
      }
      return values;
    });
  }

  #whyNot(frame: number, recorded: unknown, otherwise: string): string {
    if (this.#place.isUnwound === true) return "the guest has been unwound since it stood here";
    if (frame === 0)
      return this.#place.postMortem
        ? "the guest's frames are gone after a trap"
        : "the guest was paused between two statements";
    if (recorded === "lost") return "what the function kept of it has been lost";
    return this.#guest.whyNothingAtCalls ?? otherwise;
  }

  #recordsGuest(): RecordsGuest {
    const names = this.#guest.instrumented.names.records ?? { memory: "", pointer: "", written: "" };
    return {
      frames: async (start, end) => this.#ask.frames(start, end),
      pointer: async () => {
        const value = decodeRaw("i32", await this.#ask.globals([names.pointer]));
        return value.type === "i32" ? value.value : 0;
      },
      read: (address, length) => this.#ask.readMemory(names.memory, address, length),
      write: async (address, bytes) => {
        await this.#ask.writeMemory(names.memory, address, bytes);
        await this.#ask.setGlobal(names.written, one);
      },
    };
  }
}

const notNamed = "no variable lies in it here";

const cannotWrite = (local: number, why: string): TargetError =>
  new TargetError("unsupported", `Local ${local} cannot be written: ${why}.`);

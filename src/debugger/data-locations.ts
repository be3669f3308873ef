import { type MemoryAddress, toMemoryAddress, toModuleOffset } from "../base/brand.ts";
import type { DebugInfo, FunctionInfo } from "../debuginfo/debug-info.ts";
import type { CodePlace, FrameContext } from "../symbols/frame-context.ts";
import type { Symbols } from "../symbols/symbols.ts";
import { type MemoryStorage, maskOf } from "../symbols/values/storage.ts";
import { ExpressionError, type Variable } from "../symbols/variable.ts";
import type { GuestCode } from "../target/guest-code.ts";
import type { DataQuery, FoundData } from "./debugger-types.ts";
import { resolveFunction } from "./function-breakpoints.ts";
import type { PausedGuest } from "./paused-guest.ts";

/** Bytes of a memory that can be watched. */
export interface DataLocation {
  /** By which it is found again; see `DataLocations`. */
  readonly id: string;
  /** What a user calls it. */
  readonly label: string;
  readonly memory: number;
  readonly address: MemoryAddress;
  /** Bytes. */
  readonly length: number;
  /** Bits that count. */
  readonly mask?: Uint8Array;
  /** Whether they belong to a frame, and are something else when that has returned. */
  readonly inFrame: boolean;
  /** What they mean; bytes, without. */
  readonly storage?: MemoryStorage;
  /** Where conditions are looked up. */
  readonly place?: CodePlace;
}

/** Most bytes watched for one breakpoint. */
const mostBytes = 2 ** 24;

interface LocationParts {
  readonly symbols: Symbols;
  readonly debugInfo: DebugInfo;
  /** Where the C stack begins, going down; absent where there is none. */
  readonly stackTop?: bigint | undefined;
}

/**
 * Finds what in memory can be watched, and names it by an id that means the same bytes later:
 *
 * - `=EXPRESSION @FUNCTION` is looked up anew in each run of the program: what lies at an address fixed when it was linked;
 * - `0xADDRESS+LENGTH` with a name in parentheses is those bytes, whatever is in them; memory n begins at n · 2⁴⁰;
 * - `STOP.FRAME EXPRESSION` belongs to a frame of that stop, and to this run.
 */
export class DataLocations {
  readonly #parts: LocationParts;
  readonly #known = new Map<string, DataLocation>();

  constructor(parts: LocationParts) {
    this.#parts = parts;
  }

  /** Finds what a user points at, in a paused guest. */
  async find(paused: PausedGuest, query: DataQuery): Promise<FoundData> {
    if (query.kind === "bytes") return this.#bytes(query);
    try {
      const variable = query.kind === "variable" ? query.variable : await this.#evaluate(paused, query);
      return await this.#variable(paused, variable, query.length);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return refused(`${error.message[0]?.toUpperCase()}${ended(error.message.slice(1))}`);
    }
  }

  /** What an id means; a sentence where it means nothing any more. `paused` is the guest, if it stands still. */
  async resolve(id: string, paused: PausedGuest | undefined): Promise<DataLocation | string> {
    const known = this.#known.get(id);
    if (known) return known;
    const bytes = /^0x([0-9a-f]+)\+(\d+)(?: \((.*)\))?$/.exec(id);
    if (bytes) {
      const [, address = "", length = "", label] = bytes;
      const found = this.#bytes({ ...toMemoryPlace(BigInt(`0x${address}`)), length: Number(length) });
      if (found.kind === "refused") return found.reason;
      const location = this.#known.get(found.id) as DataLocation;
      return label === undefined ? location : this.#keep({ ...location, id, label });
    }
    const fixed = /^=(.*?)(?: @(.*))?$/s.exec(id);
    if (!fixed) return "What it watched belonged to a call that is over.";
    if (!paused) return "What it watches can be looked up when the program stands still.";
    return this.#fixed(id, fixed[1] ?? "", fixed[2], paused);
  }

  async #evaluate(
    paused: PausedGuest,
    { text, frame }: Extract<DataQuery, { kind: "expression" }>,
  ): Promise<Variable> {
    const context = frame && (await paused.context(frame));
    if (context) return this.#parts.symbols.evaluate(context, text);
    return this.#parts.symbols.evaluate(this.#contextIn(undefined, paused), text);
  }

  async #variable(paused: PausedGuest, variable: Variable, length: number | undefined): Promise<FoundData> {
    const { stored, name, evaluateName } = variable;
    if (!stored) return refused(`${name} is no variable: there is nothing to watch.`);
    const { storage, frame } = stored;
    if (storage.kind === "none") return refused(`${name} cannot be watched: ${storage.reason}.`);
    const label = evaluateName ?? name;
    const size = length ?? storage.length;
    const isWhole = size === storage.length;
    // A bit-field has no address of its own.
    const addressed = storage.bits ? label.replace(/(?:\.|->)\w+$/, "") : label;
    const code = evaluateName === undefined ? undefined : this.#addressCode(frame, addressed);
    const isFixed = code !== undefined && isConstant(code);
    const inFrame = !isFixed && (await this.#isInFrame(paused, frame, storage, code));
    const mask = isWhole ? maskOf(storage) : undefined;
    const id =
      isFixed && isWhole
        ? `=${label} @${this.#functionName(frame)}`
        : inFrame
          ? `${frame.stop}.${frame.frame} ${label}${isWhole ? "" : ` +${size}`}`
          : bytesId(0, storage.address, size, label);
    return this.#found(
      {
        ...{ id, label, memory: 0, address: storage.address, length: size, inFrame, place: frame },
        ...(mask ? { mask } : {}),
        ...(isWhole ? { storage } : {}),
      },
      isFixed && isWhole,
    );
  }

  #bytes({ memory, address, length }: Omit<Extract<DataQuery, { kind: "bytes" }>, "kind">): FoundData {
    const label = `${length} ${length === 1 ? "byte" : "bytes"} at 0x${address.toString(16)}`;
    const id = bytesId(memory, address, length);
    return this.#found({ id, label, memory, address, length, inFrame: false }, true);
  }

  #found(location: DataLocation, canPersist: boolean): FoundData {
    const { id, label, length, inFrame } = location;
    if (length < 1) return refused(`${label} cannot be watched: there are no bytes.`);
    if (length > mostBytes)
      return refused(`${label} cannot be watched: ${length} bytes are more than ${mostBytes}.`);
    this.#keep(location);
    return { kind: "found", id, label, length, canPersist, inFrame };
  }

  #keep(location: DataLocation): DataLocation {
    this.#known.set(location.id, location);
    return location;
  }

  /** Looks up what is at a fixed address, in a function's scope if there is such a function still. */
  async #fixed(
    id: string,
    text: string,
    functionName: string | undefined,
    paused: PausedGuest,
  ): Promise<DataLocation | string> {
    try {
      const context = this.#contextIn(functionName, paused);
      const { stored } = await this.#parts.symbols.evaluate(context, text);
      if (stored?.storage.kind !== "memory") return `${text} is no longer in memory.`;
      const { storage } = stored;
      const mask = maskOf(storage);
      const { address, length } = storage;
      const location = {
        id,
        label: text,
        memory: 0,
        address,
        length,
        inFrame: false,
        storage,
        place: context,
      };
      return this.#keep({ ...location, ...(mask ? { mask } : {}) });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return `${text} cannot be found: ${ended(error.message)}`;
    }
  }

  /** A place at which nothing runs, to look up what is known everywhere in a function's source. */
  #contextIn(functionName: string | undefined, { stop }: PausedGuest): FrameContext {
    const found = this.#functionNamed(functionName) ?? this.#anyFunction();
    if (!found) throw new ExpressionError("the program has no debug info to look it up in", 0);
    return { stop, frame: 0, function: found.index, offset: found.from, stackPointer: undefined };
  }

  #functionNamed(name: string | undefined): FunctionInfo | undefined {
    const resolved = name ? resolveFunction(this.#parts.debugInfo, name) : undefined;
    const [first] = resolved?.kind === "resolved" ? resolved.points : [];
    return first === undefined ? undefined : this.#parts.debugInfo.functionAt(first);
  }

  #anyFunction(): FunctionInfo | undefined {
    const { debugInfo } = this.#parts;
    const [first] = debugInfo.statements().offset;
    return first === undefined ? undefined : debugInfo.functionAt(toModuleOffset(first));
  }

  #functionName({ offset }: CodePlace): string {
    return this.#parts.debugInfo.functionAt(offset)?.name ?? "";
  }

  /** How the address of an expression is computed; `undefined` where only a stop can tell. */
  #addressCode(place: CodePlace, text: string): GuestCode | undefined {
    try {
      const value = this.#parts.symbols.lower?.(place, `&(${text})`)?.logged()?.value;
      return value?.kind === "number" ? value.code : value?.address;
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }

  /** Whether bytes lie in a frame: on the C stack above its pointer, or below it in a function that has no need to move it. */
  async #isInFrame(
    paused: PausedGuest,
    frame: FrameContext,
    { address }: MemoryStorage,
    code: GuestCode | undefined,
  ): Promise<boolean> {
    const { stackTop } = this.#parts;
    const innermost = await paused.stackPointerOf(0);
    if (stackTop === undefined || innermost === undefined || address >= stackTop) return false;
    if (address >= innermost) return true;
    return frame.frame === 0 && code !== undefined && !reads(code, "load") && readsFrame(code);
  }
}

/** With a full stop, unless it asks something: `did you mean x?` */
const ended = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

const refused = (reason: string): FoundData => ({ kind: "refused", reason });

/** Memory n begins at n · 2⁴⁰, as it does to clients. */
const memoryBits = 40n;

function bytesId(memory: number, address: bigint, length: number, label?: string): string {
  const place = (BigInt(memory) << memoryBits) + address;
  return `0x${place.toString(16)}+${length}${label === undefined ? "" : ` (${label})`}`;
}

const toMemoryPlace = (place: bigint) => ({
  memory: Number(place >> memoryBits),
  address: toMemoryAddress(BigInt.asUintN(Number(memoryBits), place)),
});

/** Whether code comes to the same wherever it runs. */
const isConstant = (code: GuestCode): boolean =>
  code.op === "const" || (code.op === "apply" && code.operands.every(isConstant));

/** Whether code depends on the frame it runs in: on its locals, or on the stack pointer. */
export const readsFrame = (code: GuestCode): boolean => reads(code, "local") || reads(code, "global");

function reads(code: GuestCode, what: "local" | "global" | "load"): boolean {
  if (code.op === what) return true;
  return Object.values(code).some((part) =>
    Array.isArray(part)
      ? part.some((one) => isCode(one) && reads(one, what))
      : isCode(part) && reads(part, what),
  );
}

const isCode = (part: unknown): part is GuestCode =>
  typeof part === "object" && part !== null && "op" in part;

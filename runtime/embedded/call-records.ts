import { TargetError } from "../../src/base/errors.ts";
import {
  type CallTable,
  findCall,
  OPERAND,
  RECORD_BYTES,
  WRITTEN_HEADER,
} from "../../src/instrument/call-table.ts";
import { SLOT_TYPES } from "../../src/instrument/spill-slots.ts";
import type { RawValue, TargetFrame, WasmValue } from "../../src/target/target.ts";

/** What the records of one stop are read and written with. */
export interface RecordsGuest {
  /** Frames `start` to `end` (exclusive) of the stack, innermost first. */
  frames(start: number, end: number): Promise<readonly TargetFrame[]>;
  /** Where the next record would go. */
  pointer(): Promise<number>;
  read(address: number, length: number): Promise<Uint8Array>;
  /** Writes into a record, of which the functions are to be told. */
  write(address: number, bytes: Uint8Array): Promise<void>;
}

/** A value in a frame's record. */
export interface RecordedValue {
  readonly kind: "local" | "operand";
  readonly index: number;
  readonly value: WasmValue;
}

interface FoundRecord {
  readonly row: number;
  readonly address: number;
}

/** Bytes that are read at once, so that a stack of many small records takes few questions. */
const blockBytes = 4096;

/**
 * What the frames of one stop that stand in calls have kept: see `CallTable`.
 *
 * Frames are looked at from the innermost on, as far as somebody asks, since a record's place follows from the sizes of those
 * that lie inside of it. A record whose header is not its call's has been lost, and with it all further out.
 */
export class CallRecords {
  readonly #calls: CallTable;
  readonly #guest: RecordsGuest;
  /** By frame. */
  readonly #found = new Map<number, FoundRecord>();
  readonly #blocks = new Map<number, Promise<Uint8Array>>();
  /** The innermost frame at which one has been lost. */
  #lostFrom = Number.POSITIVE_INFINITY;
  #walked = 0;
  #end: number | undefined;
  /** One walk after the other. */
  #walk: Promise<void> = Promise.resolve();
  readonly #innermost: "at a site" | "anywhere";

  /** `innermost`: where the innermost frame stands; at a site it has no record. */
  constructor(calls: CallTable, guest: RecordsGuest, innermost: "at a site" | "anywhere") {
    this.#calls = calls;
    this.#guest = guest;
    this.#innermost = innermost;
  }

  /** What a frame keeps; `undefined` where it keeps nothing; `"lost"` where it has been lost. */
  async valuesOf(frame: number): Promise<readonly RecordedValue[] | "lost" | undefined> {
    const record = await this.#recordOf(frame);
    if (record === undefined || record === "lost") return record;
    const { row, address } = record;
    const { valueStart, valueSlot, valueType, valueAt, sizeBytes } = this.#calls;
    const bytes = await this.#read(address, sizeBytes[row] as number);
    const values: RecordedValue[] = [];
    for (let at = valueStart[row] as number; at < (valueStart[row + 1] as number); at++) {
      const slot = valueSlot[at] as number;
      const value = valueIn(bytes, valueAt[at] as number, SLOT_TYPES[valueType[at] as number] ?? "");
      if (!value) continue;
      const isOperand = slot >= OPERAND;
      values.push({ kind: isOperand ? "operand" : "local", index: isOperand ? slot - OPERAND : slot, value });
    }
    return values;
  }

  /** @throws {TargetError} `unsupported` where the frame does not keep the local, or would not take it over. */
  async writeLocal(frame: number, local: number, value: WasmValue): Promise<void> {
    const record = await this.#recordOf(frame);
    const at = record && record !== "lost" ? this.#placeOf(record.row, local) : undefined;
    if (record === undefined || record === "lost" || at === undefined)
      throw new TargetError("unsupported", `Local ${local} cannot be written: the frame does not keep it.`);
    if (this.#calls.isWritable[record.row] !== 1)
      throw new TargetError(
        "unsupported",
        `Local ${local} cannot be written here: optimised code keeps many locals alive while it makes this call, and to read them all back behind it would slow it down.`,
      );
    const bytes = bytesOf(value);
    if (bytes.length === 0) throw new TargetError("unsupported", "References cannot be written.");
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, (record.row + 1) | WRITTEN_HEADER, true);
    await this.#guest.write(record.address + at, bytes);
    await this.#guest.write(record.address, header);
    this.#blocks.clear();
  }

  #placeOf(row: number, local: number): number | undefined {
    const { valueStart, valueSlot, valueAt } = this.#calls;
    for (let at = valueStart[row] as number; at < (valueStart[row + 1] as number); at++)
      if (valueSlot[at] === local) return valueAt[at];
    return undefined;
  }

  async #recordOf(frame: number): Promise<FoundRecord | "lost" | undefined> {
    this.#walk = this.#walk.then(() => this.#walkTo(frame));
    const walk = this.#walk;
    // A question that failed must not fail the next one.
    this.#walk = walk.catch(() => {});
    await walk;
    return frame >= this.#lostFrom ? "lost" : this.#found.get(frame);
  }

  async #walkTo(frame: number): Promise<void> {
    if (frame < this.#walked || frame >= this.#lostFrom) return;
    let end = this.#end ?? (await this.#guest.pointer());
    const first = this.#walked;
    const frames = await this.#guest.frames(first, frame + 1);
    for (const [offset, each] of frames.entries()) {
      const at = first + offset;
      const row = each.kind === "wasm" ? findCall(this.#calls, each.offset) : undefined;
      if (row !== undefined && !(at === 0 && this.#innermost === "at a site")) {
        const address = (end - (this.#calls.sizeBytes[row] as number)) & (RECORD_BYTES - 1);
        const header = await this.#read(address, 4);
        if ((readU32(header) & ~WRITTEN_HEADER) >>> 0 === row + 1) {
          this.#found.set(at, { row, address });
          end = address;
        } else if (at > 0) {
          this.#lostFrom = at;
          break;
        }
      }
    }
    this.#end = end;
    this.#walked = frame + 1;
  }

  async #read(address: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const block = Math.floor((address + done) / blockBytes);
      const from = address + done - block * blockBytes;
      const read = await this.#block(block);
      const part = read.subarray(from, Math.min(read.length, from + length - done));
      if (part.length === 0) break;
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  #block(block: number): Promise<Uint8Array> {
    let read = this.#blocks.get(block);
    if (!read) {
      read = this.#guest.read(block * blockBytes, blockBytes);
      this.#blocks.set(block, read);
    }
    return read;
  }
}

/** Locals or operands of a frame as they are shown: those that are not kept say why. */
export function fillIn(
  values: RawValue[],
  recorded: readonly RecordedValue[],
  kind: RecordedValue["kind"],
): RawValue[] {
  for (const each of recorded) if (each.kind === kind) values[each.index] = each.value;
  return values;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const readU32 = (bytes: Uint8Array): number => viewOf(bytes).getUint32(0, true);

function valueIn(bytes: Uint8Array, at: number, type: string): WasmValue | undefined {
  const view = viewOf(bytes);
  switch (type) {
    case "i32":
      return { type, value: view.getInt32(at, true) };
    case "i64":
      return { type, value: view.getBigInt64(at, true) };
    case "f32":
      return { type, value: view.getFloat32(at, true) };
    case "f64":
      return { type, value: view.getFloat64(at, true) };
    case "v128":
      return { type, value: bytes.slice(at, at + 16) };
    default:
      return undefined;
  }
}

/** As memory holds it; empty for a reference. */
function bytesOf(value: WasmValue): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = viewOf(bytes);
  switch (value.type) {
    case "i32":
      view.setInt32(0, value.value, true);
      return bytes.subarray(0, 4);
    case "i64":
      view.setBigInt64(0, value.value, true);
      return bytes;
    case "f32":
      view.setFloat32(0, value.value, true);
      return bytes.subarray(0, 4);
    case "f64":
      view.setFloat64(0, value.value, true);
      return bytes;
    case "v128":
      return value.value;
    case "ref":
      return new Uint8Array(0);
  }
}

import { toMemoryAddress } from "../../base/brand.ts";
import { TargetError } from "../../base/errors.ts";
import { slotValue } from "../raw-value.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { hasSign, isScalar, plainType } from "../types/type.ts";
import { copyBits, placeWithin, readPlace } from "./place.ts";
import type { Value } from "./value.ts";

/** Whether a value is a scalar that `writeValue` can write. */
export function isWritable({ type, place }: Value): boolean {
  const plain = plainType(type);
  if (
    !isScalar(plain) ||
    (plain.kind === "base" && (plain.encoding === "unknown" || plain.encoding === "complex"))
  ) {
    return false;
  }
  if (place.kind === "memory") return true;
  return place.kind === "value" && place.home !== undefined && place.home.kind !== "operand";
}

/**
 * Writes a scalar's bytes, as many as its type has, to where it is; of a bit-field only its bits.
 *
 * Answers the value as it then is: a place outside memory carries its bytes with it.
 * Rejects with `TargetError`: `unsupported` for a place that cannot be written, else as the target does.
 */
export async function writeValue(frame: SymbolFrame, value: Value, bytes: Uint8Array): Promise<Value> {
  const { place, bits } = value;
  if (bits) {
    const first = Math.floor(bits.offset / 8);
    const size = Math.ceil(((bits.offset % 8) + bits.size) / 8);
    const within = placeWithin(place, first, size);
    const storage = await readPlace(within, size, frame.state);
    if (!(storage instanceof Uint8Array))
      throw new TargetError("bad-address", `It cannot be written: ${storage.reason}.`);
    const changed = storage.slice();
    copyBits(bytes, 0, changed, bits.offset % 8, bits.size);
    const written = await writeBytes(frame, { type: value.type, place: within }, changed);
    return place.kind === "memory"
      ? value
      : { ...value, place: written.place, bits: { ...bits, offset: bits.offset % 8 } };
  }
  return writeBytes(frame, value, bytes);
}

async function writeBytes(frame: SymbolFrame, value: Value, bytes: Uint8Array): Promise<Value> {
  const { place } = value;
  const { state, context } = frame;
  if (place.kind === "memory") {
    await state.writeMemory(toMemoryAddress(place.address), bytes);
    return value;
  }
  if (place.kind !== "value" || !place.home || place.home.kind === "operand") {
    throw new TargetError("unsupported", "This value has no place of its own that could be written to.");
  }
  const { kind, index } = place.home;
  const slots = await (kind === "local" ? state.locals(context.frame) : state.globals());
  const plain = plainType(value.type);
  const isSigned = (plain.kind === "base" || plain.kind === "enumeration") && hasSign(plain);
  const current = slots[index];
  const slot = current && slotValue(current, bytes, isSigned ? "signed" : "unsigned");
  if (!slot) throw new TargetError("unsupported", `The Wasm ${kind} that holds this value cannot take it.`);
  if (kind === "local") await state.writeLocal(context.frame, index, slot);
  else await state.writeGlobal(index, slot);
  return { type: value.type, place: { kind: "value", bytes, home: place.home } };
}

import { toMemoryAddress } from "../../base/brand.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { type BaseType, isCharacter, plainType, sizeOf, strideOf } from "../types/type.ts";
import { typeName } from "../types/type-name.ts";
import { ExpressionError } from "../variable.ts";
import type { StringShape, View } from "../views/view.ts";
import { viewOf } from "../views/view-of.ts";
import { integerBytes } from "./number.ts";
import type { Value } from "./value.ts";
import { writeValue } from "./write.ts";

/** Whether `assignString` can put text where a value is: into an array of characters, or over the text of a string. */
export function isTextPlace(value: Value, view: View | undefined): boolean {
  return isStringBuffer(value) || (view?.shape.kind === "string" && view.shape.place.kind === "memory");
}

function isStringBuffer({ type, place }: Value): boolean {
  const plain = plainType(type);
  if (place.kind !== "memory" || plain.kind !== "array" || plain.count === undefined) return false;
  const element = plainType(plain.element);
  return isCharacter(element) && strideOf(plain) === element.sizeBytes;
}

/**
 * Puts text into a buffer of characters, zeros behind it, or in place of a string's own text, which must be as long, or fit into
 * the room that the string has: more of it only its own code can make. `undefined` where neither is the case.
 */
export async function assignString(
  frame: SymbolFrame,
  target: Value,
  given: Value,
): Promise<Value | undefined> {
  const isBuffer = isStringBuffer(target);
  const view = isBuffer ? undefined : await viewOf(frame, target);
  const shape = view?.shape.kind === "string" ? view.shape : undefined;
  if (!isBuffer && !shape) return undefined;
  const name = typeName(target.type);
  const text = await frame.stringOf(given);
  if (!text) throw new ExpressionError(`a ${typeName(given.type)} cannot be assigned to a ${name}`, 0);
  const unit = shape ? shape.unit.sizeBytes : unitOf(target);
  if (unit !== unitOf(given) && unitOf(given) !== 0) {
    throw new ExpressionError(`characters of ${unitOf(given)} bytes do not fit into a ${name}`, 0);
  }
  if (shape) {
    await replaceText(frame, shape, text, name);
    return target;
  }
  const size = sizeOf(target.type) ?? 0;
  if (text.length + unit > size) {
    throw new ExpressionError(
      `this text does not fit: a ${name} takes ${size / unit - 1} characters and the zero behind them`,
      0,
    );
  }
  const bytes = new Uint8Array(size);
  bytes.set(text);
  if (target.place.kind !== "memory") throw new ExpressionError(`this ${name} is not in memory`, 0);
  await frame.state.writeMemory(toMemoryAddress(target.place.address), bytes);
  return target;
}

async function replaceText(
  frame: SymbolFrame,
  { place, unit, count, room }: StringShape,
  text: Uint8Array,
  name: string,
): Promise<void> {
  if (place.kind !== "memory") throw new ExpressionError(`the text of this ${name} is not in memory`, 0);
  const given = text.length / unit.sizeBytes;
  if (given !== count && !room) {
    throw new ExpressionError(
      `the text of a ${name} can only be replaced by one as long: it has ${count} characters, this has ${given}`,
      0,
    );
  }
  if (room && given > room.capacity) {
    throw new ExpressionError(
      `this text does not fit: it has ${given} ${unitsOf(unit)}, and this ${name} has room for ${room.capacity}; only the program can make more`,
      0,
    );
  }
  const bytes = new Uint8Array(text.length + (room?.isTerminated ? unit.sizeBytes : 0));
  bytes.set(text);
  await frame.state.writeMemory(toMemoryAddress(place.address), bytes);
  if (!room || given === count) return;
  await writeValue(frame, room.count, integerBytes(BigInt(given), sizeOf(room.count.type) ?? 0));
}

const unitsOf = ({ sizeBytes }: BaseType): string => (sizeBytes === 1 ? "bytes" : "characters");

/** Bytes of a character of a text; 0 for what is no array of some. */
function unitOf({ type }: Value): number {
  const plain = plainType(type);
  const element =
    plain.kind === "array" ? plain.element : plain.kind === "pointer" ? plain.target : undefined;
  const unit = element && plainType(element);
  return unit && isCharacter(unit) ? unit.sizeBytes : 0;
}

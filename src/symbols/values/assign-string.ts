import { toMemoryAddress } from "../../base/brand.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { isCharacter, plainType, sizeOf, strideOf } from "../types/type.ts";
import { typeName } from "../types/type-name.ts";
import { ExpressionError } from "../variable.ts";
import type { View } from "../views/view.ts";
import { viewOf } from "../views/view-of.ts";
import type { Value } from "./value.ts";

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
 * Puts text into a buffer of characters, zeros behind it, or in place of a string's own text, which must be as long: what a
 * string object has to know of its length only its own code can change. `undefined` where neither is the case.
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
    const count = text.length / unit;
    if (count !== shape.count) {
      throw new ExpressionError(
        `the text of a ${name} can only be replaced by one as long: it has ${shape.count} characters, this has ${count}`,
        0,
      );
    }
    if (shape.place.kind !== "memory")
      throw new ExpressionError(`the text of this ${name} is not in memory`, 0);
    await frame.state.writeMemory(toMemoryAddress(shape.place.address), text);
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

/** Bytes of a character of a text; 0 for what is no array of some. */
function unitOf({ type }: Value): number {
  const plain = plainType(type);
  const element =
    plain.kind === "array" ? plain.element : plain.kind === "pointer" ? plain.target : undefined;
  const unit = element && plainType(element);
  return unit && isCharacter(unit) ? unit.sizeBytes : 0;
}

import type { PausedFrame } from "../paused-frame.ts";
import { plainType } from "../types/type.ts";
import { typeName } from "../types/type-name.ts";
import { ExpressionError } from "../variable.ts";
import { assignString } from "./assign-string.ts";
import { integerLimits, readScalar, type Scalar, scalarBytes } from "./convert.ts";
import { integerBytes } from "./number.ts";
import { readValue, type Value } from "./value.ts";
import { writeValue } from "./write.ts";

/**
 * Writes what `text` evaluates to in the frame into a scalar or a buffer of characters, and answers the value as it then is.
 *
 * A number must fit: unlike C, nothing is cut off silently. Only a literal in hexadecimal or binary may
 * be the bits of a negative number, since that is how one is shown in hexadecimal. An enumerator may be named without what it
 * is in.
 * Rejects with `ExpressionError` for what cannot be evaluated or does not fit, else as the target does.
 */
export async function assignText(frame: PausedFrame, value: Value, text: string): Promise<Value> {
  const named = enumeratorNamed(value, text);
  if (named) return writeValue(frame, value, named);
  const { evaluate } = frame.module.parts;
  const { value: given } = await evaluate(frame, text);
  const string = await assignString(frame, value, given);
  if (string) return string;
  // An array is the address of its first element where one is wanted.
  const isAddress = plainType(value.type).kind === "pointer" && plainType(given.type).kind === "array";
  if (isAddress && given.place.kind === "memory") {
    const address: Scalar = { kind: "integer", value: given.place.address };
    return writeValue(frame, value, fittingBytes(value, address, text));
  }
  const bytes = await readValue(given, frame.state);
  if (!(bytes instanceof Uint8Array))
    throw new ExpressionError(`\`${text}\` has no value: ${bytes.reason}`, 0);
  const scalar = readScalar(given.type, bytes);
  if (!scalar) {
    throw new ExpressionError(`a ${typeName(given.type)} cannot be assigned to a ${typeName(value.type)}`, 0);
  }
  return writeValue(frame, value, fittingBytes(value, scalar, text));
}

/** What an enumerator of the value's own type is, called by its bare name. */
function enumeratorNamed({ type }: Value, text: string): Uint8Array | undefined {
  const plain = plainType(type);
  if (plain.kind !== "enumeration") return undefined;
  const found = plain.enumerators.find(({ name }) => name === text.trim());
  return found && integerBytes(found.value, plain.sizeBytes);
}

function fittingBytes(value: Value, scalar: Scalar, text: string): Uint8Array {
  const plain = plainType(value.type);
  const name = typeName(value.type);
  const limits = integerLimits(value.type, value.bits?.size);
  if (limits && !(plain.kind === "base" && plain.encoding === "boolean" && isTruth(scalar))) {
    if (scalar.kind === "float") {
      if (!Number.isInteger(scalar.value)) throw new ExpressionError(`${name} takes whole numbers only`, 0);
      return fittingBytes(value, { kind: "integer", value: BigInt(scalar.value) }, text);
    }
    const { least, greatest } = limits;
    const isBits =
      /^\s*0[xXbB][\da-fA-F]+\s*$/.test(text) && scalar.value >= 0n && scalar.value <= greatest - least;
    if (!isBits && (scalar.value < least || scalar.value > greatest)) {
      throw new ExpressionError(`${scalar.value} does not fit: ${name} takes ${least} to ${greatest}`, 0);
    }
  }
  const bytes = scalarBytes(value.type, scalar);
  if (!bytes) throw new ExpressionError(`a ${name} cannot be assigned to`, 0);
  return bytes;
}

function isTruth(scalar: Scalar): boolean {
  return scalar.kind === "integer" && (scalar.value === 0n || scalar.value === 1n);
}

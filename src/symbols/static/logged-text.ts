import type { LoggedValue } from "../../target/guest-code.ts";
import { stringText } from "../text/char-text.ts";
import { addressText, baseText, enumerationText, type IntegerFormat } from "../text/scalar-text.ts";
import { isText } from "../text/value-text.ts";
import { plainType, type Type } from "../types/type.ts";
import { floatBytes } from "../values/number.ts";

/** The text of a value the guest thread has told, as a value of `type`, or of `bitSize` bits of it, is shown at a stop. */
export function loggedText(type: Type, told: LoggedValue, format: IntegerFormat, bitSize?: number): string {
  const plain = plainType(type);
  switch (told.kind) {
    case "failed":
      return `<${told.reason}>`;
    case "text": {
      const unit = plain.kind === "array" ? plain.element : plain.kind === "pointer" ? plain.target : plain;
      const unitType = plainType(unit);
      if (unitType.kind !== "base") return "";
      const text = told.bytes ? stringText(told.bytes, unitType.sizeBytes) : "<memory out of bounds>";
      if (plain.kind !== "pointer") return text;
      const address = addressText(told.address, plain.sizeBytes, format);
      const isShown = told.address !== 0n && (!told.bytes || isText(told.bytes, unitType));
      return isShown ? `${address} ${text}` : address;
    }
    case "number": {
      const view = new DataView(told.bytes.buffer, told.bytes.byteOffset, 8);
      if (plain.kind === "pointer") {
        const bits = BigInt.asUintN(plain.sizeBytes * 8, view.getBigUint64(0, true));
        return addressText(bits, plain.sizeBytes, format);
      }
      if (plain.kind === "enumeration")
        return enumerationText(plain, told.bytes.subarray(0, plain.sizeBytes), format, bitSize);
      if (plain.kind !== "base") return "";
      const bytes =
        plain.encoding === "float" && plain.sizeBytes === 4
          ? floatBytes(view.getFloat64(0, true), 4)
          : told.bytes.subarray(0, plain.sizeBytes);
      return baseText(plain, bytes ?? told.bytes, format, bitSize);
    }
  }
}

import { plainType, type Type } from "../symbols/types/type.ts";

const maxDepth = 16;

/** Bytes that addresses of a type are multiples of; `undefined` where that is unknown. Source: WebAssembly tool conventions, "C ABI". */
export function alignmentOf(type: Type, depth = 0): number | undefined {
  const plain = plainType(type);
  if (depth > maxDepth) return undefined;
  switch (plain.kind) {
    case "base":
      return plain.encoding === "complex" ? plain.sizeBytes / 2 : Math.min(plain.sizeBytes, 16);
    case "enumeration":
    case "pointer":
      return plain.sizeBytes;
    case "member-pointer":
      return 4;
    case "array":
      return alignmentOf(plain.element, depth + 1);
    case "record": {
      if (plain.alignment !== undefined) return plain.alignment;
      if (plain.sizeBytes === undefined) return undefined;
      const parts = plain.members.map((member) => alignmentOf(member.type, depth + 1));
      return parts.reduce((most, part) => (most && part ? Math.max(most, part) : undefined), 1);
    }
    default:
      return undefined;
  }
}

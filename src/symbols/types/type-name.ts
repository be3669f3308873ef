import type { Type } from "./type.ts";

/** Deep enough for any real type, and an end for those that contain themselves. */
const maxDepth = 24;

/** A type as its language writes it: `const char *`, `int (*)[3]`, `struct node *`, `&str`. */
export function typeName(type: Type): string {
  return declaration(type, "", 0);
}

/** C's declarators read from the inside out: `inner` is what has been gathered around the name so far. */
function declaration(type: Type, inner: string, depth: number): string {
  if (depth > maxDepth) return "…";
  switch (type.kind) {
    case "base":
    case "alias":
    case "void":
    case "broken":
      return joined(type.name, inner);
    case "record":
      return joined(
        type.name === undefined ? `${type.form} {...}` : keyworded(type.keyword, type.name),
        inner,
      );
    case "enumeration":
      return joined(type.name === undefined ? "enum {...}" : keyworded(type.keyword, type.name), inner);
    case "pointer": {
      if (type.name !== undefined) return joined(type.name, inner);
      const pointer = `${type.sigil}${inner}`;
      return declaration(type.target, bindsTighter(type.target) ? `(${pointer})` : pointer, depth + 1);
    }
    case "array":
      return declaration(type.element, `${inner}[${type.count ?? ""}]`, depth + 1);
    case "function": {
      const parameters = type.parameters.map((parameter) => declaration(parameter, "", depth + 1));
      if (type.isVariadic) parameters.push("...");
      return declaration(type.result, `${inner}(${parameters.join(", ") || "void"})`, depth + 1);
    }
    case "qualified": {
      // A qualifier of a pointer stands to the right of the star, that of anything else in front.
      if (type.target.kind === "pointer" && type.target.name === undefined) {
        return declaration(type.target, joined(type.qualifier, inner).trimEnd(), depth + 1);
      }
      return `${type.qualifier} ${declaration(type.target, inner, depth + 1)}`;
    }
  }
}

function bindsTighter(type: Type): boolean {
  return type.kind === "array" || type.kind === "function";
}

function keyworded(keyword: string, name: string): string {
  return keyword === "" ? name : `${keyword} ${name}`;
}

function joined(name: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? `${name}${inner}` : `${name} ${inner}`;
}

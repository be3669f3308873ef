import type { ArrayType, Type } from "./type.ts";

/** Deep enough for any real type, and an end for those that contain themselves. */
const maxDepth = 24;
/** Types looked at for one name: a function type may name itself in each of its parameters. */
const maxParts = 200;

/** A type as its language writes it: `const char *`, `int (*)[3]`, `struct node *`, `&str`. */
export function typeName(type: Type): string {
  let name = names.get(type);
  if (name === undefined) {
    name = declaration(type, "", 0, { left: maxParts });
    names.set(type, name);
  }
  return name;
}

/** The same few types are shown at stop after stop. */
const names = new WeakMap<Type, string>();

/** A variable of a type as C declares it: `int (*handler)(void)`, `char name[8]`. */
export function declared(type: Type, name: string): string {
  return declaration(type, name, 0, { left: maxParts });
}

/** C's declarators read from the inside out: `inner` is what has been gathered around the name so far. */
function declaration(type: Type, inner: string, depth: number, parts: { left: number }): string {
  if (depth > maxDepth || --parts.left < 0) return "…";
  const around = (target: Type, declarator: string) => declaration(target, declarator, depth + 1, parts);
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
      return around(type.target, bindsTighter(type.target) ? `(${pointer})` : pointer);
    }
    case "array":
      if (isOneWord(type)) return joined(arrayName(type, around(type.element, "")), inner);
      return around(type.element, `${inner}[${type.count ?? ""}]`);
    case "function": {
      const parameters = type.parameters.map((parameter) => around(parameter, ""));
      if (type.isVariadic) parameters.push("...");
      return around(type.result, `${inner}(${parameters.join(", ") || "void"})`);
    }
    case "member-pointer": {
      const pointer = `${declaration(type.class, "", depth + 1, parts)}::*${inner}`;
      return around(type.target, bindsTighter(type.target) ? `(${pointer})` : pointer);
    }
    case "qualified": {
      // A qualifier of a pointer stands to the right of the star, that of anything else in front.
      if (type.target.kind === "pointer" && type.target.name === undefined) {
        return around(type.target, joined(type.qualifier, inner));
      }
      return `${type.qualifier} ${around(type.target, inner)}`;
    }
  }
}

/** `[i32; 4]` in Rust, `[4]i32` in Zig; in D the last brackets of `int[3][2]` are the outermost. */
function arrayName({ language, count }: ArrayType, element: string): string {
  if (language === "rust") return count === undefined ? `[${element}]` : `[${element}; ${count}]`;
  return language === "zig" ? `[${count ?? ""}]${element}` : `${element}[${count ?? ""}]`;
}

/** Whether an array is written as one word, without a place for a name within. */
const isOneWord = ({ language }: ArrayType): boolean =>
  language === "rust" || language === "zig" || language === "d";

function bindsTighter(type: Type): boolean {
  return (type.kind === "array" && !isOneWord(type)) || type.kind === "function";
}

function keyworded(keyword: string, name: string): string {
  return keyword === "" ? name : `${keyword} ${name}`;
}

function joined(name: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? `${name}${inner}` : `${name} ${inner}`;
}

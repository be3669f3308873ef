import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import { once } from "../../base/once.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, type RecordType, strideOf } from "../types/type.ts";
import { shownValue } from "../views/view-of.ts";
import { type Children, noChildren } from "./child.ts";
import { isPrefix, postfixable, prefixable } from "./child-expression.ts";
import { recordFields } from "./fields.ts";
import { readInteger } from "./number.ts";
import { placeWithin } from "./place.ts";
import { readValue, type Value } from "./value.ts";

/**
 * The parts of `value`, which `expression` stands for in its frame, by its type alone.
 *
 * Records have their fields, arrays their elements. A pointer to a record has the record's fields, any other
 * its target as the one child. References have the parts of what they refer to. Reads nothing but pointers.
 */
export function childrenOf(
  frame: SymbolFrame,
  value: Value,
  expression: string | undefined,
  depth = 0,
): Awaitable<Children> {
  const plain = plainType(value.type);
  switch (plain.kind) {
    case "record":
      return fieldsOf(frame, value, plain, expression, memberPrefix);
    case "array": {
      const stride = strideOf(plain);
      if (value.place.kind === "unavailable" || stride === undefined || plain.count === undefined)
        return noChildren;
      return elementsOf(value, plain.element, plain.count, stride, expression);
    }
    case "pointer":
      return whenKnown(readValue(value, frame.state), (bytes) => {
        const address = bytes instanceof Uint8Array ? readInteger(bytes, "unsigned") : 0n;
        if (address === 0n) return noChildren;
        const target: Value = { type: plain.target, place: { kind: "memory", address } };
        if (plain.sigil === "*") return targetOf(frame, target, expression);
        return depth > 0 ? noChildren : childrenOf(frame, target, expression, depth + 1);
      });
    default:
      return noChildren;
  }
}

/** What a pointer to `target` has as its parts. */
function targetOf(frame: SymbolFrame, target: Value, expression: string | undefined): Awaitable<Children> {
  const { kind } = plainType(target.type);
  if (kind === "void" || kind === "function" || kind === "broken") return noChildren;
  if (kind !== "record") return onlyTarget(target, expression);
  return whenKnown(shownValue(frame, target), ({ value, view, wrapper }) => {
    const record = plainType(value.type);
    // What is shown by a view has its parts one step further in, with the rest of what is to say about it.
    return view || wrapper || record.kind !== "record"
      ? onlyTarget(target, expression)
      : fieldsOf(frame, value, record, expression, (pointer) => `${postfixable(pointer)}->`);
  });
}

function onlyTarget(target: Value, expression: string | undefined): Children {
  return {
    named: 1,
    indexed: 0,
    at(filter, index) {
      if (filter !== "named" || index !== 0) return undefined;
      const dereferenced = expression && `*${prefixable(expression)}`;
      return { name: dereferenced ?? "*", value: target, expression: dereferenced, isBase: false };
    },
  };
}

/** `prefixOf` makes of an expression for the record what comes before a member's name. */
function fieldsOf(
  frame: SymbolFrame,
  record: Value,
  type: RecordType,
  expression: string | undefined,
  prefixOf: (expression: string) => string,
): Children {
  if (record.place.kind === "unavailable") return noChildren;
  const fields = recordFields(type);
  return {
    named: fields.length,
    indexed: 0,
    at(filter, index) {
      const field = filter === "named" ? fields[index] : undefined;
      if (!field) return undefined;
      const { name } = field;
      const isBase = field.kind === "base";
      // A part of a base class has no expression of its own, but its members have: `object.base::member`.
      const own = expression && `${prefixOf(expression)}${isBase ? memberPath(name) : name}`;
      return whenKnown(frame.fieldOf(record, field), (value) => ({ name, value, expression: own, isBase }));
    },
  };
}

function elementsOf(
  array: Value,
  type: Value["type"],
  count: number,
  stride: number,
  expression: string | undefined,
): Children {
  const prefix = once(() => expression && postfixable(expression));
  return {
    named: 0,
    indexed: count,
    at(filter, index) {
      if (filter !== "indexed" || index < 0 || index >= count) return undefined;
      const name = `[${index}]`;
      const value: Value = { type, place: placeWithin(array.place, index * stride, stride) };
      return { name, value, expression: expression && `${prefix()}${name}`, isBase: false };
    },
  };
}

/** What the members of a base class are called by: nothing where its name is none that can be written. */
function memberPath(base: string): string {
  return /^[\w:]+$/.test(base) ? `${base}::` : "";
}

/** What comes before a member of what `expression` stands for. One that ends with `::`, `.` or `->` stands for a base class. */
function memberPrefix(expression: string): string {
  return isPrefix(expression) ? expression : `${postfixable(expression)}.`;
}

import { type Awaitable, whenKnown } from "../../base/awaitable.ts";
import { once } from "../../base/once.ts";
import type { SymbolFrame } from "../symbol-frame.ts";
import { plainType, type RecordType, strideOf } from "../types/type.ts";
import { type ShownValue, shownValue } from "../views/view-of.ts";
import { recordFields } from "./fields.ts";
import { readInteger } from "./number.ts";
import { placeWithin } from "./place.ts";
import { readValue, type Value } from "./value.ts";
import { viewChildren } from "./view-children.ts";

/** A part of a value, by the name a user sees. */
export interface Child {
  readonly name: string;
  readonly value: Value;
  /** An expression for it; absent where its parent has none. */
  readonly expression: string | undefined;
  readonly isBase: boolean;
  /** Not a part of the value in its language: what it is made of. */
  readonly isRaw?: boolean;
}

/** The parts of a value: how many there are, and each when asked. */
export interface Children {
  readonly named: number;
  readonly indexed: number;
  /** The child of one kind at `index`, counted from 0. */
  at(filter: "named" | "indexed", index: number): Awaitable<Child | undefined>;
}

/** The parts of what has none. */
export const noChildren: Children = { named: 0, indexed: 0, at: () => undefined };

/**
 * The parts of a value as it is shown, which `expression` stands for in its frame, and among them, as `[raw]`,
 * the fields of what was looked through or is shown by a view.
 */
export function shownChildren(
  frame: SymbolFrame,
  { value, view, wrapper, stars }: ShownValue,
  expression: string | undefined,
): Awaitable<Children> {
  // Where `*` on the whole gives a pointer, it takes another one to give what that points to.
  const isHeldPointer = stars > 0 && plainType(value.type).kind === "pointer";
  const shown = expression && isHeldPointer ? `${"*".repeat(stars)}${prefixable(expression)}` : expression;
  const children = view ? viewChildren(frame, view, expression) : childrenOf(frame, value, shown);
  return wrapper ? whenKnown(children, (own) => withRaw(own, wrapper)) : children;
}

/** Children and, behind those that have names, what the whole is made of. */
function withRaw(children: Children, wrapper: Value): Children {
  const raw: Child = {
    name: "[raw]",
    value: { ...wrapper, isRaw: true },
    expression: undefined,
    isBase: false,
    isRaw: true,
  };
  return {
    named: children.named + 1,
    indexed: children.indexed,
    at: (filter, index) =>
      filter === "named" && index === children.named ? raw : children.at(filter, index),
  };
}

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

/** Whether a child's expression is but the beginning of those of its members. */
export function isPrefix(expression: string): boolean {
  return /(?:::|\.|->)$/.test(expression);
}

/** `expression` so that `.`, `->` or `[` may follow it. */
export function postfixable(expression: string): string {
  return isPostfix(expression) ? expression : `(${expression})`;
}

/** `expression` so that a `*` may stand before it: only operators weaker than a prefix need parentheses. */
export function prefixable(expression: string): string {
  return isPostfix(expression.replace(/^[*&]+/, "")) ? expression : `(${expression})`;
}

/** Names, members, elements and what is in parentheses. */
function isPostfix(expression: string): boolean {
  return /^(?:::)?(?:[\w$]+(?:::[\w$]+)*|\([^()]*(?:\([^()]*\)[^()]*)*\))(?:\.[\w$]+|->[\w$]+|\[[^[\]]*\])*$/.test(
    expression,
  );
}
